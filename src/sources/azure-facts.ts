import { deriveFacts } from '../derive/facts.ts';
import { refusedAccess } from '../derive/refused-access.ts';
import { absent, type ClientFactSet, type CollectedFacts, type Fact, type FactSet } from '../facts.ts';
import type { AzureLook, AzureOptions } from './azure/azure-look.ts';
import type { ClockWatch } from './clocks.ts';
import { suppliedFor, type SuppliedCredentials } from './client-facts.ts';

type AzureFacts = {
  readonly [Name in 'aksCluster' | 'identityBindings' | 'roleAssignments']: Fact<CollectedFacts[Name]>;
};

/** What the look at Azure adds to the facts of a run. */
export interface FromAzure {
  readonly facts: AzureFacts;
  readonly clients: Readonly<Record<string, ClientFactSet>>;
}

/** A look at Azure under way: its part in the facts where Azure is not asked, and the look itself where it is. */
export interface AzureStart {
  readonly otherwise: AzureFacts;
  readonly look: AzureLook | null;
}

export interface AzureQuestions {
  readonly clientIds: readonly string[];
  /** Credentials of the user's own: they replace the look-up of their client id. */
  readonly supplied: readonly SuppliedCredentials[];
  /** The command that runs this diagnosis again. */
  readonly rerun: string;
}

const NOT_ASKED = absent('not asked for: the pod uses no identity binding');

/**
 * Starts signing in, if anything shows that the caller can: at once, so that it costs no time beside the cluster.
 *
 * @param network False with `--bundle`: nothing is asked of anybody.
 * @param clocks Hears what the clock of Azure shows.
 */
export async function startAzure(
  options: AzureOptions,
  network: boolean,
  clocks: ClockWatch,
): Promise<AzureStart> {
  const { openAzure, withoutAzure } = await import('./azure/azure-look.ts');
  const look = network ? await openAzure(options, (time) => clocks.see('entra', time)) : null;
  return { otherwise: withoutAzure(options), look };
}

/** Looks up what the cluster made questions of. */
export async function lookInAzure(
  start: Promise<AzureStart>,
  set: FactSet,
  { clientIds, supplied, rerun }: AzureQuestions,
): Promise<FromAzure> {
  const { otherwise, look } = await start;
  if (look === null) return { facts: otherwise, clients: {} };
  const { soughtClients, givenAuthority } = await import('./azure/sought-clients.ts');
  const { signIns, workload, tokenIssuer } = deriveFacts(set);
  const { serviceAccount, webhookConfig } = set.facts;
  const subject = workload.state === 'present' ? workload.value.subject : '';
  const evidence = { signIns, serviceAccount, webhookConfig, issuer: tokenIssuer, subject };
  const sought = soughtClients(clientIds, evidence);
  const unsettled = sought.filter(({ clientId }) => !suppliedFor(clientId, supplied));
  const usesBinding = workload.state === 'present' && workload.value.identityBinding;
  look.choose(givenAuthority(signIns));
  const cluster = look.cluster(tokenIssuer);
  const [clients, aksCluster, identityBindings] = await Promise.all([
    look.clients(unsettled, rerun),
    cluster,
    usesBinding ? cluster.then((found) => look.bindings(found)) : NOT_ASKED,
  ]);
  const refused = refusedAccess(set.facts.errors);
  const roleAssignments = await look.access(sought, { ...set.clients, ...clients }, refused);
  return { facts: { aksCluster, identityBindings, roleAssignments }, clients };
}
