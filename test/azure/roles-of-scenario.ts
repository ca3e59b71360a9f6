import { createHash } from 'node:crypto';
import type { ResourceAccess } from '../../src/facts.ts';
import type { AzureWorld } from '../support/azure.ts';

/** The same GUID for the same name. */
function guidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The roles, their assignments and the vault in which a look-up comes to the access of a scenario. */
export function rolesOf({
  resource,
  action,
  assignments,
  vault,
}: ResourceAccess): Pick<AzureWorld, 'roleAssignments' | 'roleDefinitions' | 'resources'> {
  const roles = new Map(assignments.map((assignment) => [assignment.role, assignment]));
  return {
    roleDefinitions: [...roles].map(([roleName, { dataActions, allows }]) => ({
      id: guidOf(roleName),
      roleName,
      actions: allows === true && action !== undefined ? [action] : ['*/read'],
      dataActions: dataActions === true ? ['Microsoft.KeyVault/vaults/secrets/*'] : [],
    })),
    roleAssignments: assignments.map(({ role, scope, principalId, principalType, created }) => ({
      scope,
      principalId,
      roleDefinitionId: guidOf(role),
      ...(principalType === null ? {} : { principalType }),
      ...(created === null ? {} : { createdOn: created }),
    })),
    resources: vault
      ? [
          {
            id: resource,
            properties: {
              enableRbacAuthorization: vault.rbac,
              accessPolicies: vault.policyPrincipals.map((objectId) => ({ objectId })),
              publicNetworkAccess: vault.openToAll ? 'Enabled' : 'Disabled',
            },
          },
        ]
      : [],
  };
}
