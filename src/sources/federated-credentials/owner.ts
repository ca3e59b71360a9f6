import type { CredentialOwner } from './types.ts';

const USER_ASSIGNED =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/([^/]+)\/federatedIdentityCredentials\/[^/]+$/i;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Tells who holds a federated credential, from its id: a resource id under a user-assigned identity, or the
 * bare guid that Graph gives the credentials of applications. Null when it does not tell.
 *
 * @param context `@odata.context` of a Graph answer, which names the application.
 */
export function ownerOf(id: string | undefined, context: string | null): CredentialOwner | null {
  const [, subscription, resourceGroup, name] = USER_ASSIGNED.exec(id ?? '') ?? [];
  if (subscription !== undefined && resourceGroup !== undefined && name !== undefined) {
    return { kind: 'user-assigned', name, resourceGroup, subscription };
  }
  const application = /#applications\((?:appId=)?'([^']+)'\)\/federatedIdentityCredentials/.exec(
    context ?? '',
  )?.[1];
  if (application !== undefined) return { kind: 'application', id: application };
  return GUID.test(id ?? '') ? { kind: 'application' } : null;
}
