import type { Principal } from '../entra.ts';
import type { Reply } from '../faults.ts';
import type { Received } from '../https-server.ts';
import { armError, armJson, missingRight, resourceNotFound, subscriptionNotFound } from './arm-errors.ts';
import {
  clusterResource,
  federatedCredentialResource,
  identityBindingResources,
  identityResource,
  type Resource,
  roleAssignmentResource,
  roleDefinitionResource,
  subscriptionsOf,
  tenantOfSubscription,
} from './arm-resources.ts';
import { resourceGraphReply } from './resource-graph.ts';
import type { AzureWorld } from './world.ts';

/** A path's provider part: type segments and names, `Microsoft.X/a/NAME/b/NAME`. */
const PROVIDER = /^(?<scope>.*?)\/providers\/(?<provider>microsoft\.[^/]+)\/(?<rest>.+)$/i;

export function armReply(
  request: Received,
  world: AzureWorld,
  principal: Principal,
  pageSize: number,
): Reply {
  const path = decodeURIComponent(request.path);
  if (!request.query.has('api-version')) {
    return armError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (/^\/providers\/microsoft\.resourcegraph\/resources$/i.test(path)) {
    return resourceGraphReply(request.body, world, principal);
  }
  if (request.method !== 'GET')
    return armError(405, 'MethodNotAllowed', 'The requested resource does not support this method.');
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1];
  if (subscription !== undefined && !subscriptionsOf(world).some((id) => same(id, subscription))) {
    return subscriptionNotFound(subscription);
  }
  if (/^\/subscriptions\/?$/i.test(path)) {
    const own = subscriptionsOf(world).filter(
      (id) => tenantOfSubscription(world, id)?.id === principal.tenantId,
    );
    return armJson(200, {
      value: own.map((id) => subscriptionDocument(world, id)),
      count: { type: 'Total', value: own.length },
    });
  }
  if (/^\/subscriptions\/[^/]+\/?$/i.test(path))
    return armJson(200, subscriptionDocument(world, subscription ?? ''));
  const written = world.resources?.find(({ id }) => same(id, path));
  if (written) return armJson(200, { name: path.split('/').at(-1), ...written });
  return providerReply(path, request, world, pageSize);
}

function providerReply(path: string, request: Received, world: AzureWorld, pageSize: number): Reply {
  const { scope = '', provider = '', rest = '' } = lastProvider(path) ?? {};
  const segments = rest.split('/');
  const types = segments.filter((_, index) => index % 2 === 0);
  const names = segments.filter((_, index) => index % 2 === 1);
  const type = [provider, ...types].join('/').toLowerCase();
  const found = collection(type, scope, names, request, world);
  if (!found)
    return armError(
      404,
      'InvalidResourceType',
      `The resource type '${types.join('/')}' could not be found in the namespace '${provider}'.`,
    );
  if ('status' in found) return found;
  if (names.length < types.length) return page(found, request, pageSize);
  const name = names.at(-1) ?? '';
  const one = found.find((resource) => same(resource.name, name));
  const group = /\/resourcegroups\/([^/]+)/i.exec(scope)?.[1] ?? '';
  return one ? armJson(200, one) : resourceNotFound([provider, ...types].join('/'), names.join('/'), group);
}

/** Extension resources hang below another resource, so the last provider of the path decides. */
function lastProvider(path: string): Record<string, string> | undefined {
  const at = path.toLowerCase().lastIndexOf('/providers/');
  if (at < 0) return undefined;
  return { ...PROVIDER.exec(path.slice(at))?.groups, scope: path.slice(0, at) };
}

/** All resources of that type in the scope; a parent that does not exist is a refusal. */
function collection(
  type: string,
  scope: string,
  names: string[],
  request: Received,
  world: AzureWorld,
): Resource[] | Reply | undefined {
  const inScope = (resource: Resource): boolean =>
    resource.id.toLowerCase().startsWith(`${scope.toLowerCase()}/`);
  const identities = world.tenants.flatMap((tenant) =>
    (tenant.identities ?? []).map((identity) => ({ identity, resource: identityResource(tenant, identity) })),
  );
  const clusters = (world.clusters ?? []).map((cluster) => ({ cluster, resource: clusterResource(cluster) }));
  const group = /\/resourcegroups\/([^/]+)/i.exec(scope)?.[1] ?? '';
  const parent = names[0] ?? '';
  switch (type) {
    case 'microsoft.managedidentity/userassignedidentities':
      return identities.map(({ resource }) => resource).filter(inScope);
    case 'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials': {
      const owner = identities.find(({ resource }) => inScope(resource) && same(resource.name, parent));
      if (!owner) return resourceNotFound('Microsoft.ManagedIdentity/userAssignedIdentities', parent, group);
      const { identity } = owner;
      return (identity.federatedCredentials ?? []).map((credential) =>
        federatedCredentialResource(identity, credential),
      );
    }
    case 'microsoft.containerservice/managedclusters':
      return clusters.map(({ resource }) => resource).filter(inScope);
    case 'microsoft.containerservice/managedclusters/identitybindings': {
      const owner = clusters.find(({ resource }) => inScope(resource) && same(resource.name, parent));
      if (!owner) return resourceNotFound('Microsoft.ContainerService/managedClusters', parent, group);
      return identityBindingResources(owner.cluster);
    }
    case 'microsoft.authorization/roleassignments':
      return roleAssignments(world, scope, request.query.get('$filter') ?? '');
    case 'microsoft.authorization/roledefinitions': {
      const wanted = /roleName eq '([^']*)'/i.exec(request.query.get('$filter') ?? '')?.[1];
      return (world.roleDefinitions ?? [])
        .filter(({ roleName }) => wanted === undefined || same(roleName, wanted))
        .map(roleDefinitionResource);
    }
    default:
      return undefined;
  }
}

/** At, above and below the scope, as without a filter; `atScope()` leaves out what lies below. */
function roleAssignments(world: AzureWorld, scope: string, filter: string): Resource[] {
  const principal = /(?:principalId eq |assignedTo\()'([^']*)'/i.exec(filter)?.[1];
  const at = `${scope.toLowerCase()}/`;
  return (world.roleAssignments ?? []).map(roleAssignmentResource).filter(({ properties }) => {
    const own = `${String(properties['scope']).toLowerCase().replace(/\/$/, '')}/`;
    const related = at.startsWith(own) || (!/atScope\(\)/i.test(filter) && own.startsWith(at));
    return related && (principal === undefined || same(String(properties['principalId']), principal));
  });
}

function page(all: Resource[], request: Received, pageSize: number): Reply {
  const size = Math.min(Number(request.query.get('$top') ?? pageSize) || pageSize, pageSize);
  const start = Number(request.query.get('$skipToken') ?? request.query.get('$skiptoken') ?? 0);
  const value = all.slice(start, start + size);
  const next = new URLSearchParams(request.query);
  next.set('$skipToken', String(start + size));
  const link = `https://${request.headers.host ?? request.host}${request.path}?${next.toString()}`;
  return armJson(200, { value, ...(start + size < all.length && { nextLink: link }) });
}

function subscriptionDocument(world: AzureWorld, id: string): object {
  const written = world.subscriptions?.find((subscription) => same(subscription.id, id));
  return {
    id: `/subscriptions/${id}`,
    subscriptionId: id,
    displayName: written?.displayName ?? `subscription ${id.slice(0, 8)}`,
    state: 'Enabled',
    tenantId: tenantOfSubscription(world, id)?.id,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}

/** The refusal that names the right a reader lacks. */
export function armForbidden(path: string, principal: Principal | undefined): Reply {
  const { provider, rest = '' } = lastProvider(decodeURIComponent(path)) ?? {};
  if (provider?.toLowerCase() === 'microsoft.resourcegraph') {
    return armError(
      403,
      'AccessDenied',
      'Please provide below info when asking for support: timestamp = 2026-01-01T00:00:00.0000000Z.',
      [
        {
          code: 'AccessDenied',
          message: 'Access is denied to the requested resource. The user might not have enough permission.',
        },
      ],
    );
  }
  const types = rest.split('/').filter((_, index) => index % 2 === 0);
  const action =
    provider === undefined
      ? 'Microsoft.Resources/subscriptions/read'
      : `${[provider, ...types].join('/')}/read`;
  return missingRight(principal, action, decodeURIComponent(path));
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
