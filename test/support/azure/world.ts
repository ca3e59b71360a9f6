/** What Entra, ARM and Graph of the tests know. Members that a scenario does not care for have defaults. */
export interface AzureWorld {
  tenants: Tenant[];
  subscriptions?: Subscription[];
  clusters?: ManagedCluster[];
  roleAssignments?: RoleAssignment[];
  roleDefinitions?: RoleDefinition[];
  /** Any other resource, as ARM shows it; found by its whole id. */
  resources?: { id: string; properties: Record<string, unknown> }[];
}

export type Cloud = 'public' | 'usgov' | 'china';

export interface Tenant {
  id: string;
  displayName?: string;
  domains?: string[];
  cloud?: Cloud;
  applications?: Application[];
  identities?: UserAssignedIdentity[];
  /** Besides those that follow from applications and identities; one with the same appId replaces it. */
  servicePrincipals?: ServicePrincipal[];
  /** Resource URIs that tokens can be had for, besides Microsoft's own. */
  resources?: string[];
}

interface Subscription {
  id: string;
  tenantId: string;
  displayName?: string;
}

export interface FederatedCredential {
  name: string;
  issuer: string;
  /** Null for a flexible credential. */
  subject: string | null;
  audiences?: string[];
  claimsMatchingExpression?: { value: string; languageVersion: number };
  /** ISO 8601; ARM tells it, Graph does not. */
  createdAt?: string;
  /** Not yet seen by the token service: so many exchanges fail first. */
  unseenExchanges?: number;
}

export interface Application {
  appId: string;
  /** Object id. */
  id: string;
  displayName?: string;
  federatedCredentials?: FederatedCredential[];
  secrets?: string[];
  expiredSecrets?: string[];
  identifierUris?: string[];
  /** No service principal was made for it in its own tenant. */
  withoutServicePrincipal?: boolean;
  disabled?: boolean;
}

export interface UserAssignedIdentity {
  name: string;
  subscriptionId: string;
  resourceGroup: string;
  clientId: string;
  principalId: string;
  location?: string;
  federatedCredentials?: FederatedCredential[];
  tags?: Record<string, string>;
  createdAt?: string;
}

export interface ServicePrincipal {
  appId: string;
  /** Object id: what role assignments name. */
  id: string;
  displayName?: string;
  servicePrincipalType?: 'Application' | 'ManagedIdentity';
  accountEnabled?: boolean;
  alternativeNames?: string[];
  appOwnerOrganizationId?: string;
}

export interface ManagedCluster {
  name: string;
  subscriptionId: string;
  resourceGroup: string;
  location?: string;
  fqdn?: string;
  oidcIssuer?: { enabled: boolean; issuerUrl?: string };
  workloadIdentity?: boolean;
  kubernetesVersion?: string;
  /** ISO 8601. */
  createdAt?: string;
  identityBindings?: IdentityBinding[];
  /** Laid over `properties`. */
  properties?: Record<string, unknown>;
}

interface IdentityBinding {
  name: string;
  managedIdentityId: string;
  clientId: string;
  tenantId: string;
  objectId: string;
  issuer?: string;
  provisioningState?: string;
}

export interface RoleAssignment {
  id?: string;
  scope: string;
  principalId: string;
  principalType?: string;
  roleDefinitionId: string;
  condition?: string;
  /** ISO 8601. */
  createdOn?: string;
}

export interface RoleDefinition {
  /** GUID. */
  id: string;
  roleName: string;
  description?: string;
  actions?: string[];
  notActions?: string[];
  dataActions?: string[];
  notDataActions?: string[];
}

/** ARM resource id of an identity. */
export function identityId({ subscriptionId, resourceGroup, name }: UserAssignedIdentity): string {
  return `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
}

/** ARM resource id of a cluster. */
export function clusterId({ subscriptionId, resourceGroup, name }: ManagedCluster): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${name}`;
}

/** All service principals of a tenant: the written ones and those that go with applications and identities. */
export function servicePrincipals(tenant: Tenant): Required<ServicePrincipal>[] {
  const written = new Map((tenant.servicePrincipals ?? []).map((principal) => [principal.appId, principal]));
  const implied: ServicePrincipal[] = [
    ...(tenant.applications ?? [])
      .filter(({ withoutServicePrincipal }) => !withoutServicePrincipal)
      .map((application) => ({
        appId: application.appId,
        // An application and its service principal are two objects with two ids.
        id: application.id.replace(/^./, (digit) => (digit === 'f' ? 'e' : 'f')),
        displayName: application.displayName ?? application.appId,
        accountEnabled: !application.disabled,
      })),
    ...(tenant.identities ?? []).map((identity) => ({
      appId: identity.clientId,
      id: identity.principalId,
      displayName: identity.name,
      servicePrincipalType: 'ManagedIdentity' as const,
      alternativeNames: ['isExplicit=True', identityId(identity)],
    })),
  ].filter(({ appId }) => !written.has(appId));
  return [...implied, ...written.values()].map((principal) => ({
    displayName: principal.appId,
    servicePrincipalType: 'Application',
    accountEnabled: true,
    alternativeNames: [],
    appOwnerOrganizationId: tenant.id,
    ...principal,
  }));
}
