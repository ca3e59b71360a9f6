import type { Fact } from '../../fact.ts';
import type { CredentialList } from '../../collected-facts.ts';
import { readCredentialList } from '../federated-credentials/parse.ts';
import type { Right } from './answers.ts';
import type { FoundIdentity } from './found-identity.ts';
import type { AzureClient, Pace } from './request.ts';

const ARM_VERSION = 'api-version=2023-01-31';
const CREDENTIAL_READ = 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read';
/** More than an identity can hold, so that one page is enough. */
const PAGE = '%24top=100';

/** What is known of the credentials of one identity; `absent` when it cannot have any. */
export type CredentialsAnswer = Fact<CredentialList>;

/** Where and by what right the credentials of an identity are read; null when they cannot be. */
function placeOf({ resourceId, registration }: FoundIdentity): {
  readonly service: 'arm' | 'graph';
  readonly path: string;
  readonly right: Right;
} | null {
  if (resourceId !== null) {
    return {
      service: 'arm',
      path: `${encodeURI(resourceId)}/federatedIdentityCredentials?${ARM_VERSION}&${PAGE}`,
      right: { name: CREDENTIAL_READ, scope: resourceId },
    };
  }
  if (registration === null) return null;
  return {
    service: 'graph',
    path: `/v1.0/applications(appId='${registration}')/federatedIdentityCredentials?${PAGE}`,
    right: { name: 'Application.Read.All', scope: null },
  };
}

/**
 * All federated credentials of an identity.
 *
 * Rights: `Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read` on a user-assigned
 * identity, `Application.Read.All` of Microsoft Graph for an application.
 *
 * @param pace Waits for the identity's turn: Azure rations these reads.
 * @param settle The command that shows them to somebody who may see them.
 */
export async function readCredentials(
  client: AzureClient,
  found: FoundIdentity,
  pace: Pace,
  settle: string | undefined,
): Promise<CredentialsAnswer> {
  const unknown = (reason: string): CredentialsAnswer => ({
    state: 'unknown',
    reason,
    ...(settle === undefined ? {} : { settle }),
  });
  const { identity } = found;
  const name = identity.name ?? identity.clientId ?? 'the identity';
  // It cannot have any, so there is nothing to ask.
  if (identity.kind === 'system-assigned')
    return {
      state: 'present',
      origin: `azure: ${name}`,
      value: { items: [], complete: true, anyClientId: false },
    };
  const place = placeOf(found);
  if (place === null) {
    const home = identity.tenantId === null ? 'another tenant' : `tenant ${identity.tenantId}`;
    return unknown(`${name} is registered in ${home}, where alone its federated credentials can be read`);
  }
  const list = await client.list(place.service, place.path, place.right, pace);
  const origin = `azure: federated credentials of ${name}`;
  if (list.kind === 'unknown') {
    if (list.status !== 405) return unknown(list.reason);
    // The region of the identity does not offer them at all.
    return {
      state: 'present',
      origin,
      value: { items: [], complete: true, anyClientId: false, unsupported: true },
    };
  }
  if (list.kind === 'absent') return unknown(`${name} was deleted while it was looked at`);
  const { items, context } = list.body;
  const document = { value: items, ...(context === null ? {} : { '@odata.context': context }) };
  try {
    const { credentials } = readCredentialList(document, 'the answer');
    return { state: 'present', origin, value: { items: credentials, complete: true, anyClientId: false } };
  } catch {
    return unknown(`Azure answered with something else than the federated credentials of ${name}`);
  }
}
