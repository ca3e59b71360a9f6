import { isJson, type AzureAnswer, type AzureUnknown, type Json, type Right } from './answers.ts';
import type { AzureClient, AzureList } from './request.ts';
import {
  fromApplication,
  fromResource,
  fromServicePrincipal,
  GUID,
  identityParts,
  type FoundIdentity,
} from './found-identity.ts';

/** What came of looking for the identity behind a client id. */
export type IdentitySearch =
  | { readonly kind: 'found'; readonly found: FoundIdentity }
  /** Graph and ARM both answered, and neither knows it. */
  | { readonly kind: 'absent' }
  | AzureUnknown;

const GRAPH_READ: Right = { name: 'Application.Read.All', scope: null };
const PRINCIPAL =
  'id,appId,displayName,servicePrincipalType,alternativeNames,accountEnabled,appOwnerOrganizationId';
const APPLICATION = 'id,appId,displayName';
const ARM_VERSION = 'api-version=2023-01-31';
/** Subscriptions whose identities are listed where Resource Graph may not be asked. */
const MOST_SUBSCRIPTIONS = 10;
const UAMI_READ = 'Microsoft.ManagedIdentity/userAssignedIdentities/read';

function unknown(reason: string): AzureUnknown {
  return { kind: 'unknown', reason, status: null, login: false };
}

/** Which ids of an identity a value may be mistaken for. */
type NamedBy = NonNullable<FoundIdentity['identity']['namedBy']>;

function named(found: FoundIdentity, namedBy: NamedBy): FoundIdentity {
  return { ...found, identity: { ...found.identity, namedBy } };
}

function first<T>(list: AzureAnswer<AzureList>, read: (item: Json) => T | null): AzureAnswer<T> {
  if (list.kind !== 'ok') return list;
  const found = list.body.items.map(read).find((one) => one !== null);
  return found === undefined || found === null ? { kind: 'absent' } : { kind: 'ok', body: found };
}

function filterBy(set: string, appId: string, select: string): string {
  const query = new URLSearchParams({ $filter: `appId eq '${appId}'`, $select: select });
  return `/v1.0/${set}?${query.toString()}`;
}

/** Graph's answer about a value that may be a client id, or the object id of a service principal or application. */
async function searchGraph(client: AzureClient, value: string): Promise<AzureAnswer<FoundIdentity>> {
  const [list, tenantId] = await Promise.all([
    client.list('graph', filterBy('servicePrincipals', value, PRINCIPAL), GRAPH_READ),
    client.tenantId('graph'),
  ]);
  const origin = `azure: service principal of ${value}`;
  const principal = first(list, (item) => fromServicePrincipal(item, tenantId, origin));
  if (principal.kind !== 'absent') return principal;
  const [byObjectId, application, applicationById] = await Promise.all([
    client.get('graph', `/v1.0/servicePrincipals/${value}?$select=${PRINCIPAL}`, GRAPH_READ),
    client.list('graph', filterBy('applications', value, APPLICATION), GRAPH_READ),
    client.get('graph', `/v1.0/applications/${value}?$select=${APPLICATION}`, GRAPH_READ),
  ]);
  const registered = `azure: application ${value}`;
  const bare = first(application, (item) => fromApplication(item, tenantId, registered));
  if (bare.kind !== 'absent') return bare;
  if (byObjectId.kind === 'ok')
    return {
      kind: 'ok',
      body: named(fromServicePrincipal(byObjectId.body, tenantId, origin), 'principal-id'),
    };
  if (applicationById.kind === 'ok')
    return {
      kind: 'ok',
      // Its service principal was not looked for, as the value is no client id anyway.
      body: withoutVerdict(named(fromApplication(applicationById.body, tenantId, registered), 'object-id')),
    };
  return byObjectId.kind === 'unknown'
    ? byObjectId
    : applicationById.kind === 'unknown'
      ? applicationById
      : { kind: 'absent' };
}

function withoutVerdict({ identity, ...rest }: FoundIdentity): FoundIdentity {
  const { hasServicePrincipal: _, ...known } = identity;
  return { ...rest, identity: known };
}

function matching(item: Json, value: string, origin: string): FoundIdentity | null {
  const found = fromResource(item, origin);
  if (found === null) return null;
  const { clientId, principalId } = found.identity;
  if (clientId === value) return found;
  return principalId?.toLowerCase() === value ? named(found, 'principal-id') : null;
}

/** All user-assigned identities that ARM shows, subscription by subscription. */
async function identitiesByArm(client: AzureClient): Promise<AzureAnswer<AzureList>> {
  const right: Right = { name: 'Microsoft.Resources/subscriptions/read', scope: '/' };
  const subscriptions = await client.list('arm', '/subscriptions?api-version=2022-12-01', right);
  if (subscriptions.kind !== 'ok') return subscriptions;
  const ids = subscriptions.body.items.map(({ subscriptionId }) => String(subscriptionId));
  if (ids.length > MOST_SUBSCRIPTIONS)
    return unknown(`the sign-in sees ${ids.length} subscriptions, too many to search one by one`);
  const lists = await Promise.all(
    ids.map((id) =>
      client.list(
        'arm',
        `/subscriptions/${id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities?${ARM_VERSION}`,
        { name: UAMI_READ, scope: `/subscriptions/${id}` },
      ),
    ),
  );
  const items = lists.flatMap((list) => (list.kind === 'ok' ? list.body.items : []));
  return lists.find(({ kind }) => kind === 'unknown') ?? { kind: 'ok', body: { items, context: null } };
}

/** ARM's answer about a value that may be the client id or the principal id of a user-assigned identity. */
async function searchArm(client: AzureClient, value: string): Promise<AzureAnswer<FoundIdentity>> {
  const kql = `resources | where type =~ 'microsoft.managedidentity/userassignedidentities' | where tostring(properties.clientId) =~ '${value}' or tostring(properties.principalId) =~ '${value}' | project id, name, location, properties`;
  const graph = await client.query(kql);
  // Refused, Resource Graph may still leave the slow way; a sign-in that is not accepted does not.
  const list = graph.kind === 'unknown' && graph.status === 403 ? await identitiesByArm(client) : graph;
  const origin = `azure: user-assigned identities with id ${value}`;
  return first(list, (item) => matching(item, value, origin));
}

async function byResourceId(client: AzureClient, id: string): Promise<IdentitySearch> {
  const answer = await client.get('arm', `${encodeURI(id)}?${ARM_VERSION}`, { name: UAMI_READ, scope: id });
  if (answer.kind === 'unknown') return answer;
  const found = answer.kind === 'ok' ? fromResource(answer.body, `azure: ${id}`) : null;
  return found === null
    ? unknown('no user-assigned identity with that resource id was found')
    : { kind: 'found', found: named(found, 'resource-id') };
}

/** What ARM knows besides Graph: the region, and whether the identity is really still there. */
async function completed(client: AzureClient, found: FoundIdentity): Promise<IdentitySearch> {
  const { resourceId, identity } = found;
  if (resourceId === null || identity.location !== undefined) return { kind: 'found', found };
  const answer = await client.get('arm', `${encodeURI(resourceId)}?${ARM_VERSION}`, {
    name: UAMI_READ,
    scope: resourceId,
  });
  // What Graph just named and ARM does not know was deleted a moment ago.
  if (answer.kind === 'absent') return { kind: 'absent' };
  const resource =
    answer.kind === 'ok' && isJson(answer.body) ? fromResource(answer.body, found.origin) : null;
  if (resource === null) return { kind: 'found', found };
  const { location, tenantId } = resource.identity;
  return {
    kind: 'found',
    found: {
      ...found,
      identity: {
        ...identity,
        tenantId: identity.tenantId ?? tenantId,
        ...(location === undefined ? {} : { location }),
      },
    },
  };
}

/**
 * The identity behind a value that a pod sends as its client id. The value may also be another id of an identity:
 * then the identity says by which it was named.
 *
 * Rights: `Application.Read.All` of Microsoft Graph (members of a tenant usually read service principals without
 * it), `Microsoft.ManagedIdentity/userAssignedIdentities/read`. Either of the two is enough to find a
 * user-assigned identity; that there is none takes both.
 *
 * @param value As the pod sends it; white space and quotes around it are another check's business.
 */
export async function findIdentity(client: AzureClient, value: string): Promise<IdentitySearch> {
  const clean = value.replaceAll(/^[\s"'`]+|[\s"'`]+$/g, '');
  if (identityParts(clean) !== null) return byResourceId(client, clean);
  if (!GUID.test(clean)) return unknown(`client id ${value} is no GUID, so Azure was not asked for it`);
  const id = clean.toLowerCase();
  const [graph, arm] = await Promise.all([searchGraph(client, id), searchArm(client, id)]);
  if (graph.kind === 'ok') {
    const seen = arm.kind === 'ok' ? arm.body : null;
    const location = seen?.identity.location;
    const merged =
      location === undefined
        ? graph.body
        : {
            ...graph.body,
            resourceId: seen?.resourceId ?? null,
            identity: { ...graph.body.identity, location },
          };
    return completed(client, merged);
  }
  if (arm.kind === 'ok') return { kind: 'found', found: arm.body };
  if (graph.kind === 'unknown') return graph;
  return arm.kind === 'unknown' ? arm : { kind: 'absent' };
}
