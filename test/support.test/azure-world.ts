import type { AzureWorld } from '../support/azure.ts';

export const TENANT = '22222222-2222-4222-8222-222222222222';
const OTHER_TENANT = '22222222-2222-4222-8222-00000000000b';
export const SUBSCRIPTION = '44444444-4444-4444-8444-444444444444';
export const OTHER_SUBSCRIPTION = '44444444-4444-4444-8444-00000000000b';
export const CLIENT = '11111111-1111-4111-8111-111111111111';
export const PRINCIPAL = '33333333-3333-4333-8333-333333333333';
export const APP = '11111111-1111-4111-8111-000000000001';
export const ROLE = '4633458b-17de-408a-b874-0445c86b69e6';
export const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/shop-rg`;
export const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/web-mi`;
export const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/prod`;
export const ISSUER = 'https://eastus.oic.prod-aks.azure.com/tenant/guid/';

export const WORLD: AzureWorld = {
  tenants: [
    {
      id: TENANT,
      identities: [
        {
          name: 'web-mi',
          subscriptionId: SUBSCRIPTION,
          resourceGroup: 'shop-rg',
          clientId: CLIENT,
          principalId: PRINCIPAL,
          federatedCredentials: ['a', 'b', 'c'].map((name) => ({
            name,
            issuer: ISSUER,
            subject: `s:${name}`,
          })),
        },
      ],
      applications: [
        {
          appId: APP,
          id: '55555555-5555-4555-8555-555555555555',
          displayName: 'Reader',
          federatedCredentials: ['x', 'y'].map((name) => ({
            name,
            issuer: ISSUER,
            subject: null,
          })),
        },
      ],
    },
    {
      id: OTHER_TENANT,
      identities: [
        {
          name: 'far-mi',
          subscriptionId: OTHER_SUBSCRIPTION,
          resourceGroup: 'far-rg',
          clientId: APP,
          principalId: APP,
        },
      ],
    },
  ],
  clusters: [
    {
      name: 'prod',
      subscriptionId: SUBSCRIPTION,
      resourceGroup: 'shop-rg',
      workloadIdentity: true,
      oidcIssuer: {
        enabled: true,
        issuerUrl: ISSUER,
      },
      identityBindings: [
        {
          name: 'web',
          managedIdentityId: IDENTITY,
          clientId: CLIENT,
          tenantId: TENANT,
          objectId: PRINCIPAL,
        },
      ],
    },
  ],
  roleAssignments: [
    {
      scope: `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`,
      principalId: PRINCIPAL,
      roleDefinitionId: ROLE,
    },
    { scope: `/subscriptions/${SUBSCRIPTION}`, principalId: 'someone-else', roleDefinitionId: ROLE },
    { scope: GROUP, principalId: PRINCIPAL, roleDefinitionId: ROLE },
  ],
  roleDefinitions: [
    {
      id: ROLE,
      roleName: 'Key Vault Secrets User',
      dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'],
    },
  ],
};
