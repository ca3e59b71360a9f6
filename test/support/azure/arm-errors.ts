import { randomUUID } from 'node:crypto';

import type { Principal } from '../entra.ts';
import type { Reply } from '../faults.ts';

export function armJson(status: number, body: unknown): Reply {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-ms-request-id': randomUUID(),
      'x-ms-correlation-request-id': randomUUID(),
      'x-ms-routing-request-id': `TEST:20260101T000000Z:${randomUUID()}`,
    },
    body: JSON.stringify(body),
  };
}

export function armError(status: number, code: string, message: string, details?: object[]): Reply {
  return armJson(status, { error: { code, message, ...(details && { details }) } });
}

export function missingToken(): Reply {
  const reply = armError(
    401,
    'AuthenticationFailed',
    "Authentication failed. The 'Authorization' header is missing.",
  );
  return { ...reply, headers: { ...reply.headers, 'www-authenticate': 'Bearer error="invalid_token"' } };
}

export function invalidToken(): Reply {
  return armError(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
}

export function wrongTenant(tokenTenant: string, tenant: string): Reply {
  const issuer = (id: string): string => `https://sts.windows.net/${id}/`;
  return armError(
    401,
    'InvalidAuthenticationTokenTenant',
    `The access token is from the wrong issuer '${issuer(tokenTenant)}'. It must match the tenant '${issuer(tenant)}' ` +
      "associated with this subscription. Please use the authority (URL) 'https://login.windows.net/" +
      `${tenant}' to get the token.`,
  );
}

export function missingRight(principal: Principal | undefined, action: string, scope: string): Reply {
  return armError(
    403,
    'AuthorizationFailed',
    `The client '${principal?.appId ?? ''}' with object id '${principal?.objectId ?? ''}' does not have authorization to ` +
      `perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please ` +
      'refresh your credentials.',
  );
}

export function resourceNotFound(type: string, name: string, resourceGroup: string): Reply {
  return armError(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${resourceGroup}' was not found. For more details please go ` +
      'to https://aka.ms/ARMResourceNotFoundFix',
  );
}

export function subscriptionNotFound(subscription: string): Reply {
  return armError(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
}

export function armTrouble(status: number): Reply {
  switch (status) {
    case 404:
      return armError(404, 'ResourceNotFound', 'The Resource was not found.');
    case 405:
      return armError(405, 'MethodNotAllowed', 'Support for federated identity credentials not enabled');
    case 429:
      return armError(
        429,
        'TooManyRequests',
        'The request is being throttled as the limit has been reached. Please retry later.',
      );
    default:
      return armError(
        status,
        'InternalServerError',
        'The server encountered an internal error. Please retry the request.',
      );
  }
}
