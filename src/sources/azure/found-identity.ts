import type { Identity } from '../../collected-facts.ts';
import { objectOf, textOf, type Json } from './answers.ts';

/** `GUID` as Azure writes ids, in any letter case. */
export const GUID: RegExp = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
// No character may lead the request anywhere else: the id can come from an annotation.
const USER_ASSIGNED =
  /^\/subscriptions\/([\w-]+)\/resourcegroups\/([^/?#%\\\s.][^/?#%\\\s]*)\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/([\w-]+)\/?$/i;
const ANY_RESOURCE = /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/.+\/([^/]+)\/?$/i;

/** The parts of a resource id; null when it is none of a user-assigned identity. */
export function identityParts(
  id: string,
): { readonly subscription: string; readonly resourceGroup: string; readonly name: string } | null {
  const [, subscription, resourceGroup, name] = USER_ASSIGNED.exec(id) ?? [];
  if (subscription === undefined || resourceGroup === undefined || name === undefined) return null;
  return { subscription, resourceGroup, name };
}

/** An identity as Azure knows it, and where its credentials are to be read. */
export interface FoundIdentity {
  readonly identity: Identity;
  /** Resource id of a user-assigned identity; null for everything else. */
  readonly resourceId: string | null;
  /** App id of an application whose registration is in the tenant that was asked; null otherwise. */
  readonly registration: string | null;
  readonly origin: string;
}

/** A user-assigned identity as ARM and Resource Graph show it; null when the answer is none. */
export function fromResource(resource: Json, origin: string): FoundIdentity | null {
  const id = textOf(resource, 'id') ?? '';
  const parts = identityParts(id);
  const properties = objectOf(resource, 'properties');
  const clientId = textOf(properties, 'clientId');
  if (parts === null || clientId === undefined) return null;
  const location = textOf(resource, 'location');
  return {
    resourceId: id,
    registration: null,
    origin,
    identity: {
      kind: 'user-assigned',
      ...parts,
      clientId: clientId.toLowerCase(),
      principalId: textOf(properties, 'principalId') ?? null,
      tenantId: textOf(properties, 'tenantId')?.toLowerCase() ?? null,
      // ARM does not tell; only the service principal does.
      enabled: null,
      ...(location === undefined ? {} : { location }),
    },
  };
}

/**
 * An identity that was found before, as the place where its credentials are to be read.
 *
 * @param tenantId The tenant that is asked.
 * @returns Null for an identity whose place is not known.
 */
export function placeOfKnown(
  identity: Identity,
  tenantId: string | null,
  origin: string,
): FoundIdentity | null {
  const { kind, subscription, resourceGroup, name, clientId, tenantId: home } = identity;
  const found = { identity, origin };
  if (kind === 'user-assigned') {
    if (subscription === null || resourceGroup === null || name === null) return null;
    const id = `/subscriptions/${subscription}/resourcegroups/${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
    return identityParts(id) === null ? null : { ...found, resourceId: id, registration: null };
  }
  if (kind !== 'application' || clientId === undefined) return null;
  return { ...found, resourceId: null, registration: home === tenantId ? clientId : null };
}

function enabledOf(principal: Json): boolean | null {
  const { accountEnabled } = principal;
  return typeof accountEnabled === 'boolean' ? accountEnabled : null;
}

function managedIdentity(principal: Json, tenantId: string | null, origin: string): FoundIdentity {
  const { alternativeNames } = principal;
  const names = Array.isArray(alternativeNames)
    ? alternativeNames.filter((name): name is string => typeof name === 'string')
    : [];
  const explicit = names
    .find((name) => /^isExplicit=/i.test(name))
    ?.slice('isExplicit='.length)
    .toLowerCase();
  const resource = names.find((name) => name.startsWith('/subscriptions/'));
  const parts = resource === undefined ? null : identityParts(resource);
  // A system-assigned identity is named after the machine, site or cluster that it belongs to.
  const [, subscription, resourceGroup, name] = ANY_RESOURCE.exec(resource ?? '') ?? [];
  const kind =
    explicit === 'false' ? 'system-assigned' : explicit === 'true' || parts ? 'user-assigned' : 'unknown';
  return {
    resourceId: kind === 'user-assigned' && parts ? (resource ?? null) : null,
    registration: null,
    origin,
    identity: {
      kind,
      name: parts?.name ?? name ?? textOf(principal, 'displayName') ?? null,
      resourceGroup: parts?.resourceGroup ?? resourceGroup ?? null,
      subscription: parts?.subscription ?? subscription ?? null,
      clientId: (textOf(principal, 'appId') ?? '').toLowerCase(),
      principalId: textOf(principal, 'id') ?? null,
      // A managed identity has its service principal in its own tenant only.
      tenantId,
      enabled: enabledOf(principal),
    },
  };
}

/**
 * A service principal as Graph shows it.
 *
 * @param tenantId The tenant that was asked.
 */
export function fromServicePrincipal(
  principal: Json,
  tenantId: string | null,
  origin: string,
): FoundIdentity {
  const type = textOf(principal, 'servicePrincipalType');
  if (type === 'ManagedIdentity') return managedIdentity(principal, tenantId, origin);
  const appId = (textOf(principal, 'appId') ?? '').toLowerCase();
  const home = textOf(principal, 'appOwnerOrganizationId')?.toLowerCase() ?? null;
  const application = type === 'Application';
  return {
    resourceId: null,
    registration: application && home !== null && home === tenantId ? appId : null,
    origin,
    identity: {
      kind: application ? 'application' : 'unknown',
      name: textOf(principal, 'displayName') ?? null,
      resourceGroup: null,
      subscription: null,
      clientId: appId,
      principalId: textOf(principal, 'id') ?? null,
      tenantId: home,
      enabled: enabledOf(principal),
      hasServicePrincipal: true,
    },
  };
}

/** An application registration without a service principal in its own tenant. */
export function fromApplication(application: Json, tenantId: string | null, origin: string): FoundIdentity {
  const appId = (textOf(application, 'appId') ?? '').toLowerCase();
  return {
    resourceId: null,
    registration: appId,
    origin,
    identity: {
      kind: 'application',
      name: textOf(application, 'displayName') ?? null,
      resourceGroup: null,
      subscription: null,
      clientId: appId,
      principalId: null,
      tenantId,
      enabled: null,
      hasServicePrincipal: false,
    },
  };
}
