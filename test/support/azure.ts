import { armForbidden, armReply } from './azure/arm.ts';
import { armTrouble, invalidToken, missingToken, wrongTenant } from './azure/arm-errors.ts';
import { subscriptionOf, tenantOfSubscription } from './azure/arm-resources.ts';
import { CLOUDS } from './azure/clouds.ts';
import { graphError, graphReply } from './azure/graph.ts';
import type { AzureWorld, Cloud } from './azure/world.ts';
import type { Entra, Principal } from './entra.ts';
import type { FaultRule, Reply } from './faults.ts';
import { type LoopbackServer, type Received, startHttpsServer } from './https-server.ts';

export type { AzureWorld } from './azure/world.ts';

export interface AzureOptions {
  /** Whose tokens are accepted. */
  entra: Entra;
  faults?: FaultRule[];
  now?: () => Date;
  /** Entries per page of every list. */
  pageSize?: number;
}

interface AzureRequest {
  service: 'arm' | 'graph';
  method: string;
  host: string;
  path: string;
  query: Record<string, string>;
  body: string;
}

export interface Azure extends LoopbackServer {
  /** Host table for `runCli`: ARM and Graph of all clouds. */
  readonly hosts: Record<string, string>;
  readonly requests: readonly AzureRequest[];
}

/** ARM and Graph on one port; host name or path tell which of them is asked. */
export async function startAzure(world: AzureWorld, options: AzureOptions): Promise<Azure> {
  const requests: AzureRequest[] = [];
  const pageSize = options.pageSize ?? 100;
  const server = await startHttpsServer({
    ...(options.now && { now: options.now }),
    ...(options.faults && { faults: options.faults }),
    received: (request) => {
      const { method, host, path, query, body } = request;
      requests.push({
        service: serviceOf(request),
        method,
        host,
        path,
        query: Object.fromEntries(query),
        body,
      });
    },
    handle: (request) => {
      const principal = principalOf(request, options.entra);
      return serviceOf(request) === 'graph'
        ? graph(request, world, principal, pageSize)
        : arm(request, world, principal, pageSize);
    },
    describe: (status, { code, message }, request) => {
      const principal = principalOf(request, options.entra);
      if (serviceOf(request) === 'arm') {
        if (status === 401) return invalidToken();
        return status === 403 ? armForbidden(request.path, principal) : armTrouble(status);
      }
      const [known, text] = GRAPH_TROUBLE[status] ?? ['UnknownError', ''];
      return graphError(status, code ?? known, message ?? text);
    },
  });
  const names = (Object.keys(CLOUDS) as Cloud[]).flatMap((cloud) => [CLOUDS[cloud].arm, CLOUDS[cloud].graph]);
  return { ...server, hosts: Object.fromEntries(names.map((name) => [name, server.address])), requests };
}

const GRAPH_TROUBLE: Record<number, [string, string]> = {
  401: ['InvalidAuthenticationToken', 'Access token has expired or is not yet valid.'],
  403: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  404: [
    'Request_ResourceNotFound',
    'Resource does not exist or one of its queried reference-property objects are not present.',
  ],
  429: ['TooManyRequests', 'Too many requests.'],
  500: ['InternalServerError', 'An internal server error occurred.'],
  503: ['ServiceUnavailable', 'Service is temporarily unavailable.'],
};

function arm(
  request: Received,
  world: AzureWorld,
  principal: Principal | undefined,
  pageSize: number,
): Reply {
  if (request.headers.authorization === undefined) return missingToken();
  if (!principal || !isFor(principal, 'arm')) return invalidToken();
  const owner = tenantOfSubscription(world, subscriptionOf(decodeURIComponent(request.path)));
  if (owner && owner.id !== principal.tenantId) return wrongTenant(principal.tenantId, owner.id);
  return armReply(request, world, principal, pageSize);
}

function graph(
  request: Received,
  world: AzureWorld,
  principal: Principal | undefined,
  pageSize: number,
): Reply {
  if (request.headers.authorization === undefined) {
    return graphError(401, 'InvalidAuthenticationToken', 'Access token is empty.');
  }
  if (!principal) return graphError(401, 'InvalidAuthenticationToken', 'Invalid token.');
  if (!isFor(principal, 'graph')) {
    return graphError(
      401,
      'InvalidAuthenticationToken',
      'Access token validation failure. Invalid audience.',
    );
  }
  return graphReply(request, world, principal, pageSize);
}

function isFor({ resource }: Principal, service: 'arm' | 'graph'): boolean {
  return Object.values(CLOUDS).some((cloud) => resource === `https://${cloud[service]}`);
}

function principalOf({ headers }: Received, entra: Entra): Principal | undefined {
  return entra.principalOf((headers.authorization ?? '').replace(/^Bearer\s+/i, ''));
}

function serviceOf({ host, path }: Received): 'arm' | 'graph' {
  const named = Object.values(CLOUDS).some((cloud) => cloud.graph === host);
  return named || /^\/(v1\.0|beta)\//.test(path) ? 'graph' : 'arm';
}
