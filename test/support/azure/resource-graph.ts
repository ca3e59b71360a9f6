import type { Principal } from '../entra.ts';
import type { Reply } from '../faults.ts';
import { armError, armJson } from './arm-errors.ts';
import {
  allResources,
  roleAssignmentResource,
  type Resource,
  subscriptionOf,
  subscriptionsOf,
  tenantOfSubscription,
} from './arm-resources.ts';
import { KustoSyntaxError, type Row, runQuery } from './kusto.ts';
import type { AzureWorld } from './world.ts';

interface QueryRequest {
  subscriptions?: string[];
  query?: string;
  options?: { $top?: number; $skip?: number; $skipToken?: string; resultFormat?: string };
}

/** Pages are never longer, whatever the caller asks for. */
const LONGEST_PAGE = 1000;

/** POST /providers/Microsoft.ResourceGraph/resources */
export function resourceGraphReply(body: string, world: AzureWorld, principal: Principal): Reply {
  const { subscriptions, query = '', options = {} } = JSON.parse(body) as QueryRequest;
  const visible = (row: { subscriptionId?: unknown; tenantId?: unknown }): boolean =>
    row.tenantId === principal.tenantId &&
    (!subscriptions?.length ||
      subscriptions.some((id) => id.toLowerCase() === String(row.subscriptionId).toLowerCase()));
  let rows: Row[];
  try {
    rows = runQuery(query, {
      resources: allResources(world).filter(visible),
      resourcecontainers: subscriptionRows(world).filter(visible),
      authorizationresources: assignmentRows(world).filter(visible),
    });
  } catch (error) {
    if (!(error instanceof KustoSyntaxError)) throw error;
    return armError(
      400,
      'BadRequest',
      'Please provide below info when asking for support: timestamp = 2026-01-01T00:00:00.0000000Z.',
      [
        {
          code: 'InvalidQuery',
          message:
            'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
        },
        { code: 'ParserFailure', message: `ParserFailure: ${error.message}` },
      ],
    );
  }
  const size = Math.min(options.$top ?? LONGEST_PAGE, LONGEST_PAGE);
  const start = Number(options.$skipToken ?? options.$skip ?? 0);
  const data = rows.slice(start, start + size);
  const more = start + size < rows.length;
  return armJson(200, {
    totalRecords: rows.length,
    count: data.length,
    data,
    facets: [],
    resultTruncated: 'false',
    ...(more && { $skipToken: String(start + size) }),
  });
}

function subscriptionRows(world: AzureWorld): Row[] {
  return subscriptionsOf(world).map((subscriptionId) => ({
    id: `/subscriptions/${subscriptionId}`,
    name: world.subscriptions?.find(({ id }) => id === subscriptionId)?.displayName ?? subscriptionId,
    type: 'microsoft.resources/subscriptions',
    subscriptionId,
    tenantId: tenantOfSubscription(world, subscriptionId)?.id,
    properties: { state: 'Enabled' },
  }));
}

function assignmentRows(world: AzureWorld): Row[] {
  return (world.roleAssignments ?? []).map(roleAssignmentResource).map((resource: Resource) => {
    const subscriptionId = subscriptionOf(resource.id);
    return {
      ...resource,
      type: resource.type.toLowerCase(),
      subscriptionId,
      tenantId: tenantOfSubscription(world, subscriptionId)?.id,
    };
  });
}
