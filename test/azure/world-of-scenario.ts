import { isGuid } from '../../src/derive/annotations.ts';
import { deriveFacts } from '../../src/derive/facts.ts';
import type { AksCluster, ClientFactSet, FactSet, Identity, IdentityBinding } from '../../src/facts.ts';
import { cloudOfUrl, type Cloud } from '../../src/sources/azure/clouds.ts';
import type { AzureWorld } from '../support/azure.ts';
import { rolesOf } from './roles-of-scenario.ts';
import { READER_APPLICATION, SUBSCRIPTION, TENANT } from './azure-scenario.ts';

type Tenant = AzureWorld['tenants'][number];

/** The tenant in which whoever runs wi-doctor is signed in: that of the first identity. */
export function readerTenant({ clients }: FactSet): string {
  const homes = Object.values(clients).flatMap(({ identity }) =>
    identity?.state === 'present' ? (identity.value.tenantId ?? TENANT) : [],
  );
  return homes[0] ?? TENANT;
}

/** The cloud that the pod signs in to. */
function cloudOfScenario(set: FactSet): Cloud {
  const { signIns } = deriveFacts(set);
  const [host] = (signIns.state === 'present' ? signIns.value : []).flatMap(({ authorityHost }) =>
    authorityHost.state === 'known' ? authorityHost.value : [],
  );
  return (host === undefined ? null : cloudOfUrl(host)) ?? 'public';
}

/** The tenants that are signed in to and exist, whoever lives in them. */
function tenantsOf({ facts, ...set }: FactSet): string[] {
  const { signIns } = deriveFacts({ facts, ...set });
  const records = facts.tenants?.state === 'present' ? facts.tenants.value : [];
  const missing = records.filter(({ answer }) => answer.kind === 'not-found').map(({ tenant }) => tenant);
  return (signIns.state === 'present' ? signIns.value : []).flatMap(({ tenantId }) =>
    tenantId.state === 'known' && isGuid(tenantId.value) && !missing.includes(tenantId.value)
      ? [tenantId.value]
      : [],
  );
}

/** An Azure in which a look-up comes to the client facts of a scenario. */
export function azureWorldOf(set: FactSet): AzureWorld {
  const { clients, facts } = set;
  const home = readerTenant(set);
  const tenants = new Map<string, Tenant>([[home, { id: home, applications: [READER_APPLICATION] }]]);
  for (const [clientId, known] of Object.entries(clients)) {
    if (known.identity?.state !== 'present') continue;
    const id = known.identity.value.tenantId ?? TENANT;
    const tenant = tenants.get(id) ?? { id };
    tenants.set(id, withIdentity(tenant, clientId, known.identity.value, known));
  }
  for (const id of tenantsOf(set)) if (!tenants.has(id)) tenants.set(id, { id });
  const cluster = facts.aksCluster?.state === 'present' ? facts.aksCluster.value : null;
  const bindings = facts.identityBindings?.state === 'present' ? facts.identityBindings.value : [];
  return {
    tenants: [...tenants.values()].map((tenant) => ({ ...tenant, cloud: cloudOfScenario(set) })),
    subscriptions: [{ id: SUBSCRIPTION, tenantId: home }],
    clusters: cluster ? [clusterOf(cluster, bindings)] : [],
    ...(facts.roleAssignments?.state === 'present' ? rolesOf(facts.roleAssignments.value) : {}),
  };
}

/** What a user types to bring the resource of a scenario along; an error may name it already. */
export function resourceFlags({ facts }: FactSet): string[] {
  const { roleAssignments: access } = facts;
  if (access?.state !== 'present' || access.value.action !== undefined) return [];
  return ['--resource', access.value.resource];
}

function withIdentity(
  tenant: Tenant,
  sent: string,
  identity: Identity,
  known: Partial<ClientFactSet>,
): Tenant {
  const { kind, principalId, enabled, namedBy } = identity;
  const list = known.federatedCredentials?.state === 'present' ? known.federatedCredentials.value.items : [];
  const federatedCredentials = list.map(({ name, issuer, subject, audiences, created, expression }) => ({
    name,
    issuer: issuer ?? '',
    subject,
    audiences: [...audiences],
    ...(created === undefined ? {} : { createdAt: created }),
    ...(expression ? { claimsMatchingExpression: { value: expression, languageVersion: 1 } } : {}),
  }));
  const clientId = identity.clientId ?? sent;
  const objectId = principalId ?? clientId.replace(/^./, 'e');
  const name = identity.name ?? clientId;
  if (kind === 'application') {
    const application = {
      appId: clientId,
      id: namedBy === 'object-id' ? sent : clientId.replace(/^./, 'd'),
      displayName: name,
      federatedCredentials,
      disabled: enabled === false,
      withoutServicePrincipal: identity.hasServicePrincipal === false,
    };
    return { ...tenant, applications: [...(tenant.applications ?? []), application] };
  }
  const subscriptionId = identity.subscription ?? SUBSCRIPTION;
  const resourceGroup = identity.resourceGroup ?? 'rg';
  const scope = `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/providers`;
  const own = kind === 'user-assigned';
  const resource = own
    ? `${scope}/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`
    : `${scope}/Microsoft.Compute/virtualMachines/${name}`;
  const principal = {
    appId: clientId,
    id: objectId,
    displayName: name,
    servicePrincipalType: 'ManagedIdentity' as const,
    accountEnabled: enabled !== false,
    alternativeNames: [`isExplicit=${own ? 'True' : 'False'}`, resource],
  };
  const location = identity.location === undefined ? {} : { location: identity.location };
  const managed = {
    name,
    subscriptionId,
    resourceGroup,
    clientId,
    principalId: objectId,
    federatedCredentials,
  };
  return {
    ...tenant,
    servicePrincipals: [...(tenant.servicePrincipals ?? []), principal],
    ...(own ? { identities: [...(tenant.identities ?? []), { ...managed, ...location }] } : {}),
  };
}

function clusterOf(
  { name, subscription, resourceGroup, created, oidcIssuer, workloadIdentity, vnetIntegration }: AksCluster,
  bindings: readonly IdentityBinding[],
): NonNullable<AzureWorld['clusters']>[number] {
  const { enabled, url } = oidcIssuer;
  return {
    name,
    subscriptionId: subscription,
    resourceGroup,
    workloadIdentity,
    ...(created === null ? {} : { createdAt: created }),
    oidcIssuer: { enabled, ...(url === null ? {} : { issuerUrl: url }) },
    properties: { apiServerAccessProfile: { enableVnetIntegration: vnetIntegration } },
    identityBindings: bindings.map((binding) => ({
      name: binding.name,
      managedIdentityId: binding.identityId ?? '',
      clientId: binding.clientId ?? '',
      tenantId: TENANT,
      objectId: '',
    })),
  };
}
