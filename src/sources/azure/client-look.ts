import { absent, present, unknown, type Fact } from '../../fact.ts';
import type { ClientFactSet, Identity } from '../../collected-facts.ts';
import { shellQuote } from '../../fill.ts';
import { settleCommand } from '../client-facts.ts';
import { findIdentity } from './find-identity.ts';
import { placeOfKnown, type FoundIdentity } from './found-identity.ts';
import { findOtherHolders, type Wanted } from './other-identities.ts';
import { readCredentials } from './read-credentials.ts';
import type { Pace } from './request.ts';
import type { SignInFailure } from './sign-in-failure.ts';
import type { TenantClient } from './tenant-client.ts';

/** One client id whose identity matters. */
export interface Sought extends Omit<Wanted, 'issuer'> {
  readonly clientId: string;
  /** The tenant that the pod signs in to; null when it is not known. */
  readonly tenant: string | null;
  /** The issuer of the pod's tokens; null when it is not known. */
  readonly issuer: string | null;
}

/** What the look-up of one client id works with. */
export interface ClientLook {
  readonly inTenant: (tenant: string | null) => Promise<TenantClient | SignInFailure>;
  readonly paceOf: (identity: string) => Pace;
  /** The command that runs this diagnosis again. */
  readonly rerun: string;
  /** Whether `az login` is what renews the sign-in in use. */
  readonly usesCli: boolean;
}

function both(reason: string, settle: string): ClientFactSet {
  return { identity: unknown(reason, settle), federatedCredentials: unknown(reason, settle) };
}

function loginCommand(tenant: string | null, rerun: string): string {
  return `az login${tenant === null ? '' : ` --tenant ${shellQuote(tenant)}`} && ${rerun}`;
}

/** The command that shows the credentials of an identity that was found, to somebody who may see them. */
function listCommand({ identity }: FoundIdentity, tenantId: string | null, rerun: string): string {
  const { kind, name, resourceGroup, subscription, clientId = '', tenantId: home } = identity;
  const use = `-o json > credentials.json && ${rerun} --federated-credentials credentials.json`;
  if (kind === 'user-assigned' && name !== null && resourceGroup !== null && subscription !== null)
    return `az identity federated-credential list --identity-name ${shellQuote(name)} -g ${shellQuote(resourceGroup)} --subscription ${shellQuote(subscription)} ${use}`;
  if (kind !== 'application') return settleCommand(clientId, rerun);
  const elsewhere = home !== null && home !== tenantId ? `az login --tenant ${shellQuote(home)} && ` : '';
  return `${elsewhere}az ad app federated-credential list --id ${shellQuote(clientId)} ${use}`;
}

/** An application is registered in one tenant, and only there shows its credentials. */
async function atHome(
  found: FoundIdentity,
  place: TenantClient,
  look: ClientLook,
): Promise<{ found: FoundIdentity; place: TenantClient }> {
  const { identity, registration } = found;
  const { kind, tenantId: home, clientId } = identity;
  if (kind !== 'application' || registration !== null || home === null || clientId === undefined)
    return { found, place };
  const there = await look.inTenant(home);
  if (there.kind === 'failed' || !there.right || there.tenantId !== home) return { found, place };
  return { found: { ...found, registration: clientId }, place: there };
}

function identityFact(
  found: FoundIdentity,
  sought: Sought,
  place: TenantClient,
  look: ClientLook,
): Fact<Identity> {
  const { identity, origin } = found;
  // A managed identity lives in one tenant; an application may or may not have been taken up in another.
  if (place.right || sought.tenant === null || identity.kind !== 'application')
    return present(identity, origin);
  const name = identity.name ?? sought.clientId;
  return unknown(
    `whether tenant ${sought.tenant} has a service principal of application ${name} cannot be seen from tenant ${place.tenantId ?? 'of the sign-in'}`,
    loginCommand(sought.tenant, look.rerun),
  );
}

function notSeen(sought: Sought, place: TenantClient, look: ClientLook): ClientFactSet {
  const { clientId, tenant } = sought;
  const reason =
    tenant === null
      ? `no identity with client id ${clientId} was found, and which tenant the pod signs in to is not known`
      : `the sign-in with Azure is for tenant ${place.tenantId ?? 'unknown'}, so nothing can be seen of client id ${clientId} in tenant ${tenant}`;
  return both(
    reason,
    tenant === null ? settleCommand(clientId, look.rerun) : loginCommand(tenant, look.rerun),
  );
}

/**
 * What Azure knows of one client id: its identity, its federated credentials, and where none of them accepts
 * the pod's token, other identities that hold such a credential.
 *
 * @returns Client facts by client id; the one sought is always among them.
 */
export async function lookUpClient(sought: Sought, look: ClientLook): Promise<Record<string, ClientFactSet>> {
  const { clientId, tenant, issuer, subject, audience } = sought;
  const { rerun, paceOf } = look;
  const place = await look.inTenant(tenant);
  if (place.kind === 'failed') {
    const settle = place.login && look.usesCli ? loginCommand(tenant, rerun) : settleCommand(clientId, rerun);
    return { [clientId]: both(`client id ${clientId} was not looked up: ${place.reason}`, settle) };
  }
  const search = await findIdentity(place.client, clientId);
  if (search.kind === 'unknown') {
    const settle =
      search.login && look.usesCli ? loginCommand(tenant, rerun) : settleCommand(clientId, rerun);
    return { [clientId]: both(search.reason, settle) };
  }
  if (search.kind === 'absent') {
    if (!place.right) return { [clientId]: notSeen(sought, place, look) };
    const origin = `azure: service principals and managed identities of tenant ${place.tenantId ?? ''}`;
    return { [clientId]: { identity: absent(origin), federatedCredentials: absent(origin) } };
  }
  const home = await atHome(search.found, place, look);
  const { found } = home;
  const id = found.resourceId ?? clientId;
  const settle = listCommand(found, place.tenantId, rerun);
  const credentials = await readCredentials(home.place.client, found, paceOf(id), settle);
  const own: ClientFactSet = {
    identity: identityFact(found, sought, place, look),
    federatedCredentials: credentials,
  };
  const accepted =
    credentials.state !== 'present' ||
    issuer === null ||
    credentials.value.items.some((one) => one.issuer === issuer && one.subject === subject);
  const others = accepted
    ? {}
    : await findOtherHolders(place.client, found, { issuer, subject, audience }, paceOf);
  return { ...others, [clientId]: own };
}

/**
 * The federated credentials of an identity that was found before: one request, where all that was learnt of the
 * identity itself holds still.
 */
export async function readAgain(
  sought: Sought,
  identity: Fact<Identity> | undefined,
  look: ClientLook,
): Promise<Record<string, ClientFactSet>> {
  const place = identity?.state === 'present' ? await look.inTenant(sought.tenant) : null;
  if (identity?.state !== 'present' || place === null || place.kind === 'failed')
    return lookUpClient(sought, look);
  const known = placeOfKnown(identity.value, place.tenantId, identity.origin);
  if (known === null) return lookUpClient(sought, look);
  const home = await atHome(known, place, look);
  const settle = listCommand(home.found, place.tenantId, look.rerun);
  const pace = look.paceOf(known.resourceId ?? sought.clientId);
  const federatedCredentials = await readCredentials(home.place.client, home.found, pace, settle);
  return { [sought.clientId]: { identity, federatedCredentials } };
}
