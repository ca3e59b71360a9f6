import {
  type AzureWorld,
  clusterId,
  type FederatedCredential,
  identityId,
  type ManagedCluster,
  type RoleAssignment,
  type RoleDefinition,
  type Tenant,
  type UserAssignedIdentity,
} from './world.ts';

/** A resource as ARM and Resource Graph show it. */
export interface Resource {
  id: string;
  name: string;
  type: string;
  location?: string;
  tags?: Record<string, string>;
  properties: Record<string, unknown>;
  [member: string]: unknown;
}

const AUTHORIZATION = 'Microsoft.Authorization';

export function identityResource(tenant: Tenant, identity: UserAssignedIdentity): Resource {
  const { name, location = 'eastus', tags = {}, clientId, principalId, createdAt } = identity;
  return {
    id: identityId(identity),
    name,
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    location,
    tags,
    properties: { tenantId: tenant.id, principalId, clientId },
    ...(createdAt !== undefined && { systemData: { createdAt, createdByType: 'User' } }),
  };
}

export function federatedCredentialResource(
  identity: UserAssignedIdentity,
  credential: FederatedCredential,
): Resource {
  const { name, issuer, subject, audiences = ['api://AzureADTokenExchange'], createdAt } = credential;
  return {
    ...(createdAt !== undefined && { systemData: { createdAt, createdByType: 'User' } }),
    id: `${identityId(identity)}/federatedIdentityCredentials/${name}`,
    name,
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
    properties: { issuer, subject, audiences },
  };
}

export function clusterResource(cluster: ManagedCluster): Resource {
  const {
    name,
    location = 'eastus',
    kubernetesVersion = '1.33.13',
    oidcIssuer,
    workloadIdentity,
    fqdn,
  } = cluster;
  return {
    id: clusterId(cluster),
    ...(cluster.createdAt !== undefined && { systemData: { createdAt: cluster.createdAt } }),
    name,
    type: 'Microsoft.ContainerService/ManagedClusters',
    location,
    properties: {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      kubernetesVersion,
      currentKubernetesVersion: kubernetesVersion,
      fqdn: fqdn ?? `${name}-dns-00000000.hcp.${location}.azmk8s.io`,
      nodeResourceGroup: `MC_${cluster.resourceGroup}_${name}_${location}`,
      oidcIssuerProfile: oidcIssuer ?? { enabled: false },
      securityProfile:
        workloadIdentity === undefined ? {} : { workloadIdentity: { enabled: workloadIdentity } },
      ...cluster.properties,
    },
  };
}

export function identityBindingResources(cluster: ManagedCluster): Resource[] {
  return (cluster.identityBindings ?? []).map((binding) => ({
    id: `${clusterId(cluster)}/identityBindings/${binding.name}`,
    name: binding.name,
    type: 'Microsoft.ContainerService/managedClusters/identityBindings',
    properties: {
      managedIdentity: {
        resourceId: binding.managedIdentityId,
        clientId: binding.clientId,
        objectId: binding.objectId,
        tenantId: binding.tenantId,
      },
      oidcIssuer: {
        oidcIssuerUrl:
          binding.issuer ?? `https://ib.oic.prod-aks.azure.com/${binding.tenantId}/${binding.clientId}`,
      },
      provisioningState: binding.provisioningState ?? 'Succeeded',
    },
  }));
}

export function roleAssignmentResource(assignment: RoleAssignment, index: number): Resource {
  const { scope, principalId, principalType = 'ServicePrincipal', roleDefinitionId, condition } = assignment;
  const name = assignment.id ?? `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  return {
    id: `${scope === '/' ? '' : scope}/providers/${AUTHORIZATION}/roleAssignments/${name}`,
    name,
    type: `${AUTHORIZATION}/roleAssignments`,
    properties: {
      roleDefinitionId: `${subscription}/providers/${AUTHORIZATION}/roleDefinitions/${roleDefinitionId}`,
      principalId,
      principalType,
      scope,
      condition: condition ?? null,
      conditionVersion: condition === undefined ? null : '2.0',
      createdOn: assignment.createdOn ?? '2026-01-01T00:00:00.0000000Z',
      updatedOn: '2026-01-01T00:00:00.0000000Z',
    },
  };
}

export function roleDefinitionResource(definition: RoleDefinition): Resource {
  const {
    id,
    roleName,
    description = '',
    actions = [],
    notActions = [],
    dataActions = [],
    notDataActions = [],
  } = definition;
  return {
    id: `/providers/${AUTHORIZATION}/roleDefinitions/${id}`,
    name: id,
    type: `${AUTHORIZATION}/roleDefinitions`,
    properties: {
      roleName,
      type: 'BuiltInRole',
      description,
      assignableScopes: ['/'],
      permissions: [{ actions, notActions, dataActions, notDataActions }],
    },
  };
}

/** Every top-level resource, as Resource Graph's table `resources` has it: types in lower case. */
export function allResources(world: AzureWorld): (Resource & { tenantId: string })[] {
  const graphRow = (tenantId: string, resource: Resource): Resource & { tenantId: string } => ({
    ...resource,
    type: resource.type.toLowerCase(),
    tenantId,
    kind: '',
    resourceGroup: /\/resourcegroups\/([^/]+)/i.exec(resource.id)?.[1] ?? '',
    subscriptionId: subscriptionOf(resource.id),
  });
  return [
    ...world.tenants.flatMap((tenant) =>
      (tenant.identities ?? []).map((identity) => graphRow(tenant.id, identityResource(tenant, identity))),
    ),
    ...(world.clusters ?? []).map((cluster) =>
      graphRow(tenantOfSubscription(world, cluster.subscriptionId)?.id ?? '', clusterResource(cluster)),
    ),
  ];
}

export function subscriptionOf(id: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '';
}

/** A subscription belongs to the tenant that says so, or whose identities lie in it. */
export function tenantOfSubscription(world: AzureWorld, subscription: string): Tenant | undefined {
  const written = world.subscriptions?.find(({ id }) => id.toLowerCase() === subscription.toLowerCase());
  if (written) return world.tenants.find(({ id }) => id === written.tenantId);
  const holds = ({ identities = [] }: Tenant): boolean =>
    identities.some(({ subscriptionId }) => subscriptionId.toLowerCase() === subscription.toLowerCase());
  return (
    world.tenants.find(holds) ??
    (world.clusters?.some(({ subscriptionId }) => subscriptionId === subscription)
      ? world.tenants[0]
      : undefined)
  );
}

/** Every subscription that is written down or that something lies in. */
export function subscriptionsOf(world: AzureWorld): string[] {
  return [
    ...new Set([
      ...(world.subscriptions ?? []).map(({ id }) => id),
      ...world.tenants.flatMap(({ identities = [] }) =>
        identities.map(({ subscriptionId }) => subscriptionId),
      ),
      ...(world.clusters ?? []).map(({ subscriptionId }) => subscriptionId),
    ]),
  ];
}
