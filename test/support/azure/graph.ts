import { createHash, randomUUID } from 'node:crypto';

import type { Principal } from '../entra.ts';
import type { Reply } from '../faults.ts';
import type { Received } from '../https-server.ts';
import {
  type Application,
  type AzureWorld,
  type FederatedCredential,
  servicePrincipals,
  type Tenant,
} from './world.ts';

type Entity = Record<string, unknown> & { id: string; appId?: string; name?: string };

function graphJson(status: number, body: object): Reply {
  return {
    status,
    headers: {
      'content-type':
        'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
      'request-id': randomUUID(),
      'odata-version': '4.0',
    },
    body: JSON.stringify(body),
  };
}

export function graphError(status: number, code: string, message: string): Reply {
  const id = randomUUID();
  return graphJson(status, {
    error: {
      code,
      message,
      innerError: { date: '2026-01-01T00:00:00', 'request-id': id, 'client-request-id': id },
    },
  });
}

/** Microsoft Graph, as far as applications and service principals go; one's own tenant only. */
export function graphReply(
  request: Received,
  world: AzureWorld,
  principal: Principal,
  pageSize: number,
): Reply {
  if (request.method !== 'GET')
    return graphError(
      405,
      'Request_BadRequest',
      'Specified HTTP method is not allowed for the request target.',
    );
  const tenant = world.tenants.find(({ id }) => id === principal.tenantId);
  if (!tenant) return graphError(404, 'Request_ResourceNotFound', 'Resource does not exist.');
  const path = decodeURIComponent(request.path).replace(/^\/(v1\.0|beta)\//, '');
  const [, set = '', key, rest] = /^(\w+)(?:\(appId='([^']*)'\)|$|(?=\/))(.*)$/i.exec(path) ?? [];
  const segments = (rest ?? '').split('/').filter((segment) => segment !== '');
  const id = key ?? segments.shift();
  const entities = entitiesOf(tenant, set);
  if (!entities) return graphError(400, 'BadRequest', `Resource not found for the segment '${set}'.`);
  if (id === undefined) return filtered(entities, request, set, pageSize);

  const found = entities.find((entity) => same(key === undefined ? entity.id : (entity.appId ?? ''), id));
  if (!found) {
    return graphError(
      404,
      'Request_ResourceNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    );
  }
  const [navigation, name] = segments;
  if (navigation === undefined)
    return graphJson(200, {
      '@odata.context': context(request, `${set}/$entity`),
      ...selected(found, request),
    });
  const application = tenant.applications?.find(({ appId }) => appId === found.appId);
  const children = navigate(navigation, set, application);
  if (!children) return graphError(400, 'BadRequest', `Resource not found for the segment '${navigation}'.`);
  if (name === undefined) return filtered(children, request, `${set}('${found.id}')/${navigation}`, pageSize);
  const child = children.find((entity) => entity.id === name || entity.name === name);
  return child
    ? graphJson(200, { '@odata.context': context(request, `${set}/${navigation}/$entity`), ...child })
    : graphError(
        404,
        'Request_ResourceNotFound',
        `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
      );
}

function entitiesOf(tenant: Tenant, set: string): Entity[] | undefined {
  switch (set.toLowerCase()) {
    case 'serviceprincipals':
      return servicePrincipals(tenant).map((principal) => ({
        ...principal,
        servicePrincipalNames: [principal.appId],
      }));
    case 'applications':
      return (tenant.applications ?? []).map((application) => ({
        id: application.id,
        appId: application.appId,
        displayName: application.displayName ?? application.appId,
        identifierUris: application.identifierUris ?? [],
        signInAudience: 'AzureADMyOrg',
      }));
    default:
      return undefined;
  }
}

function navigate(name: string, set: string, application: Application | undefined): Entity[] | undefined {
  if (name.toLowerCase() === 'federatedidentitycredentials' && set.toLowerCase() === 'applications') {
    return (application?.federatedCredentials ?? []).map(credentialEntity);
  }
  return name.toLowerCase() === 'approleassignments' ? [] : undefined;
}

function credentialEntity(credential: FederatedCredential): Entity {
  const {
    name,
    issuer,
    subject,
    audiences = ['api://AzureADTokenExchange'],
    claimsMatchingExpression,
  } = credential;
  const hex = createHash('sha256').update(`${name} ${issuer}`).digest('hex');
  return {
    id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
    name,
    issuer,
    subject,
    description: null,
    audiences,
    ...(claimsMatchingExpression && { claimsMatchingExpression }),
  };
}

function filtered(all: Entity[], request: Received, set: string, pageSize: number): Reply {
  const filter = request.query.get('$filter');
  const terms = filter?.split(' and ').map((term) => /^\s*(\w+) eq '([^']*)'\s*$/.exec(term)) ?? [];
  if (terms.some((term) => term === null)) {
    return graphError(
      400,
      'Request_UnsupportedQuery',
      'Unsupported or invalid query filter clause specified.',
    );
  }
  const matching = all.filter((entity) =>
    terms.every((term) =>
      same(String((entity[term?.[1] ?? ''] as string | boolean | null | undefined) ?? ''), term?.[2] ?? ''),
    ),
  );
  const size = Math.min(Number(request.query.get('$top') ?? pageSize) || pageSize, pageSize);
  const start = Number(request.query.get('$skiptoken') ?? 0);
  const next = new URLSearchParams(request.query);
  next.set('$skiptoken', String(start + size));
  return graphJson(200, {
    '@odata.context': context(request, set),
    ...(start + size < matching.length && {
      '@odata.nextLink': `https://${request.headers.host ?? request.host}${request.path}?${next.toString()}`,
    }),
    value: matching.slice(start, start + size).map((entity) => selected(entity, request)),
  });
}

function selected(entity: Entity, request: Received): object {
  const names = request.query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  return names ? Object.fromEntries(names.map((name) => [name, entity[name] ?? null])) : entity;
}

function context(request: Received, what: string): string {
  return `https://${request.host}/v1.0/$metadata#${what}`;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
