import { splitCredentialsArgument } from '../credentials-argument.ts';
import { WiDoctorError } from '../errors.ts';
import { unknown, type Fact } from '../fact.ts';
import type { ClientFactSet, CredentialList, Identity } from '../collected-facts.ts';
import { shellQuote } from '../fill.ts';
import type { FederatedCredentialList } from './federated-credentials/types.ts';

/** Credentials the user supplied: for one client id, or for every one without a file of its own. */
export interface SuppliedCredentials {
  readonly clientId: string | null;
  readonly file: string;
  readonly list: FederatedCredentialList;
}

function mixedIdentities(file: string): WiDoctorError {
  return new WiDoctorError(
    'INPUT',
    `${file} mixes the federated credentials of several identities, so it does not tell whose they are.`,
    {
      hint: 'Give one file for each: --federated-credentials CLIENT_ID=FILE, repeated.',
    },
  );
}

/** `--federated-credentials [CLIENT_ID=]FILE`, read. */
export async function readSupplied(values: readonly string[]): Promise<SuppliedCredentials[]> {
  if (values.length === 0) return [];
  const { readFederatedCredentials } = await import('./federated-credentials/read.ts');
  return Promise.all(
    values.map(async (value) => {
      const { clientId, file } = splitCredentialsArgument(value);
      const list = await readFederatedCredentials(file);
      if (list.owners.length > 1) throw mixedIdentities(file);
      return { clientId: clientId?.toLowerCase() ?? null, file, list };
    }),
  );
}

function identityOf({ list }: SuppliedCredentials): Identity {
  const [owner] = list.owners;
  const managed = owner?.kind === 'user-assigned' ? owner : null;
  return {
    kind: owner?.kind ?? 'unknown',
    name: managed?.name ?? null,
    resourceGroup: managed?.resourceGroup ?? null,
    subscription: managed?.subscription ?? null,
    principalId: null,
    tenantId: null,
    enabled: null,
  };
}

/**
 * The one command that shows the credentials of a client id, for somebody who may read them.
 *
 * @param alone False where other client ids are looked at as well: a file without an id would stand for them all.
 */
export function settleCommand(clientId: string, rerun: string, alone = true): string {
  // Only an id that is a GUID can stand before a file.
  const named = !alone && splitCredentialsArgument(`${clientId}=`).clientId !== null;
  const file = named ? `credentials-${clientId}.json` : 'credentials.json';
  const argument = named ? `${clientId}=${file}` : file;
  const lookUp = `az identity list --query ${shellQuote(`[?clientId=='${clientId}'].id | [0]`)} -o tsv`;
  return `az rest --method get --url "https://management.azure.com$(${lookUp})/federatedIdentityCredentials?api-version=2023-01-31" > ${file} && ${rerun} --federated-credentials ${argument}`;
}

/** The file that settles a client id: its own, else the one for all. */
export function suppliedFor(
  clientId: string,
  supplied: readonly SuppliedCredentials[],
): SuppliedCredentials | undefined {
  const own = supplied.find((entry) => entry.clientId === clientId.toLowerCase());
  return own ?? supplied.find((entry) => entry.clientId === null);
}

function factsOf(
  clientId: string,
  supplied: readonly SuppliedCredentials[],
  rerun: string,
  alone: boolean,
): ClientFactSet {
  const chosen = suppliedFor(clientId, supplied);
  if (!chosen) {
    const missing = unknown(
      `nothing was seen of client id ${clientId} in Azure`,
      settleCommand(clientId, rerun, alone),
    );
    return { identity: missing, federatedCredentials: missing };
  }
  const origin = `file: ${chosen.file}`;
  const identity: Fact<Identity> = { state: 'present', value: identityOf(chosen), origin };
  const value: CredentialList = {
    items: chosen.list.credentials,
    complete: chosen.list.complete,
    anyClientId: chosen.clientId === null,
  };
  return { identity, federatedCredentials: { state: 'present', value, origin } };
}

/**
 * The client facts of every client id that a pod uses or its service account names.
 *
 * @param rerun The command that runs this diagnosis again, for the hint that settles it.
 */
export function clientFactsOf(
  clientIds: readonly string[],
  supplied: readonly SuppliedCredentials[],
  rerun: string,
): Record<string, ClientFactSet> {
  const alone = clientIds.length === 1;
  return Object.fromEntries(
    clientIds.map((clientId) => [clientId, factsOf(clientId, supplied, rerun, alone)]),
  );
}
