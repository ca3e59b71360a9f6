import type { ClientFactSet, CredentialList } from '../../collected-facts.ts';
import { matchCredentials } from '../../derive/credential-match.ts';
import { fromResource, type FoundIdentity } from './found-identity.ts';

import { readCredentials } from './read-credentials.ts';
import type { AzureClient, Pace } from './request.ts';

/** Identities that are searched for a misplaced credential: more would take longer than the rest of the run. */
const MOST_IDENTITIES = 25;

/** What a misplaced credential would say. */
export interface Wanted {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string | null;
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** Identities that are most likely meant first: same resource group, then names alike. */
function likeliestFirst(identities: readonly FoundIdentity[], own: FoundIdentity): FoundIdentity[] {
  const group = own.identity.resourceGroup?.toLowerCase() ?? '';
  const name = own.identity.name?.toLowerCase() ?? '';
  const rank = ({ identity }: FoundIdentity): number =>
    (identity.resourceGroup?.toLowerCase() === group ? 1_000 : 0) +
    commonPrefix(identity.name?.toLowerCase() ?? '', name);
  return identities.toSorted((a, b) => rank(b) - rank(a));
}

function isMeant(list: CredentialList, { issuer, subject, audience }: Wanted): 'exactly' | 'nearly' | 'no' {
  const match = matchCredentials(list, issuer, subject, audience);
  if (match.accepting) return 'exactly';
  const { nearest } = match;
  return nearest && (nearest.subject.kind === 'equal' || nearest.issuer?.kind === 'equal') && isSlip(nearest)
    ? 'nearly'
    : 'no';
}

function isSlip({ issuer, subject }: NonNullable<ReturnType<typeof matchCredentials>['nearest']>): boolean {
  const slips = new Set(['equal', 'slash', 'case', 'whitespace', 'quotes', 'lookalike', 'host-form']);
  return issuer !== null && slips.has(issuer.kind) && slips.has(subject.kind);
}

/**
 * Other user-assigned identities that hold the credential which the pod's own lacks, or nearly so. At most 25
 * are looked at, one after the other, and the search ends with the first exact one.
 *
 * Rights: as for the credentials of the pod's own identity. What may not be read is passed over: this search only
 * explains a failure, it never proves that there is none.
 *
 * @returns Client facts of the holders, by client id.
 */
export async function findOtherHolders(
  client: AzureClient,
  own: FoundIdentity,
  wanted: Wanted,
  paceOf: (identity: string) => Pace,
): Promise<Record<string, ClientFactSet>> {
  const rows = await client.query(
    "resources | where type =~ 'microsoft.managedidentity/userassignedidentities' | project id, name, location, properties",
  );
  if (rows.kind !== 'ok') return {};
  const others = rows.body.items
    .flatMap((row) => fromResource(row, 'azure: Resource Graph') ?? [])
    .filter(({ resourceId }) => resourceId?.toLowerCase() !== own.resourceId?.toLowerCase());
  const holders: Record<string, ClientFactSet> = {};
  for (const other of likeliestFirst(others, own).slice(0, MOST_IDENTITIES)) {
    const id = other.resourceId ?? '';
    // One after the other is the point: Azure rations these reads.
    const list = await readCredentials(client, other, paceOf(id), undefined);
    if (list.state !== 'present') continue;
    const meant = isMeant(list.value, wanted);
    if (meant === 'no') continue;
    holders[other.identity.clientId ?? id] = {
      identity: { state: 'present', value: other.identity, origin: other.origin },
      federatedCredentials: list,
    };
    if (meant === 'exactly') break;
  }
  return holders;
}
