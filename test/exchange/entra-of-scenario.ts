import { deriveFacts } from '../../src/derive/facts.ts';
import type { CredentialList, FactSet, Identity } from '../../src/facts.ts';
import type { AzureWorld, FederatedCredential, Tenant } from '../support/azure/world.ts';
import { startEntra, type Entra, type EntraOptions } from '../support/entra.ts';
import { startScenario, type LiveOptions, type LiveScenario } from '../live/start-scenario.ts';
import { worldOf } from '../scenarios.ts';

/** The tenant that the scenarios sign in to. */
export const TENANT = '22222222-2222-4222-8222-222222222222';

function credentialsOf(list: CredentialList | null): FederatedCredential[] {
  return (list?.items ?? []).map(({ name, issuer, subject, audiences, expression }) => ({
    name,
    issuer: issuer ?? '',
    subject,
    audiences: [...audiences],
    ...(expression ? { claimsMatchingExpression: { value: expression, languageVersion: 1 } } : {}),
  }));
}

function guid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function addClient(
  tenant: Required<Pick<Tenant, 'applications' | 'identities' | 'servicePrincipals'>>,
  clientId: string,
  identity: Identity | null,
  list: CredentialList | null,
): void {
  const number = tenant.applications.length + tenant.identities.length + 1;
  const federatedCredentials = credentialsOf(list);
  const name = identity?.name ?? `client-${number}`;
  const principalId = identity?.principalId ?? guid(number + 500);
  if (identity?.kind === 'application') {
    tenant.applications.push({
      appId: clientId,
      id: guid(number),
      displayName: name,
      federatedCredentials,
      ...(identity.hasServicePrincipal === false ? { withoutServicePrincipal: true } : {}),
      ...(identity.enabled === false ? { disabled: true } : {}),
    });
    return;
  }
  tenant.identities.push({
    name,
    subscriptionId: identity?.subscription ?? guid(900),
    resourceGroup: identity?.resourceGroup ?? 'shop-rg',
    clientId,
    principalId,
    federatedCredentials,
  });
  if (identity?.enabled === false) {
    tenant.servicePrincipals.push({
      appId: clientId,
      id: principalId,
      displayName: name,
      servicePrincipalType: 'ManagedIdentity',
      accountEnabled: false,
    });
  }
}

/** What Entra knows in a scenario: the identities of its client facts, each in its own tenant. */
export function azureWorldOf(set: FactSet): AzureWorld {
  const tenants = new Map<
    string,
    Required<Pick<Tenant, 'id' | 'applications' | 'identities' | 'servicePrincipals'>>
  >();
  const tenantOf = (id: string) => {
    const known = tenants.get(id) ?? { id, applications: [], identities: [], servicePrincipals: [] };
    tenants.set(id, known);
    return known;
  };
  tenantOf(TENANT);
  const records = set.facts.tenants?.state === 'present' ? set.facts.tenants.value : [];
  const missing = records.filter(({ answer }) => answer.kind === 'not-found').map(({ tenant }) => tenant);
  const { signIns } = deriveFacts(set);
  for (const { tenantId } of signIns.state === 'present' ? signIns.value : []) {
    if (tenantId.state !== 'known' || !/^[1-9a-f][0-9a-f-]{35}$/.test(tenantId.value)) continue;
    if (!missing.includes(tenantId.value)) tenantOf(tenantId.value);
  }
  for (const [clientId, { identity, federatedCredentials }] of Object.entries(set.clients)) {
    if (identity?.state === 'absent') continue;
    const seen = identity?.state === 'present' ? identity.value : null;
    const list = federatedCredentials?.state === 'present' ? federatedCredentials.value : null;
    addClient(
      tenantOf(seen?.kind === 'application' ? TENANT : (seen?.tenantId ?? TENANT)),
      seen?.clientId ?? clientId,
      seen,
      list,
    );
  }
  const clouds = new Map(
    records.flatMap(({ tenant, answer }) =>
      answer.kind === 'known' && answer.cloud !== null ? [[tenant, { cloud: answer.cloud }]] : [],
    ),
  );
  return { tenants: [...tenants.values()].map((tenant) => ({ ...tenant, ...clouds.get(tenant.id) })) };
}

/** A scenario as cluster, issuer and an Entra that judges the tokens of that cluster. */
export interface ExchangedScenario extends LiveScenario {
  readonly entra: Entra;
}

/** Starts everything that an exchange needs, all by the clock of the scenario. */
export async function startExchange(
  name: string,
  { world, entra: more = {}, ...options }: LiveOptions & { world?: AzureWorld; entra?: EntraOptions } = {},
): Promise<ExchangedScenario> {
  const set = worldOf(name);
  const { tokenIssuer } = deriveFacts(set);
  const aks = tokenIssuer.state === 'present' && tokenIssuer.value.includes('.prod-aks.');
  const live = await startScenario(name, {
    // Only AKS shortens what a volume asks for.
    ...(aks ? {} : { maximumTokenSeconds: 30 * 86_400 }),
    ...options,
  });
  const entra = await startEntra(world ?? azureWorldOf(set), {
    issuers: live.hosts,
    now: live.now,
    ...more,
  });
  return {
    ...live,
    entra,
    hosts: { ...live.hosts, ...entra.hosts },
    close: async () => {
      await Promise.all([live.close(), entra.close()]);
    },
  };
}
