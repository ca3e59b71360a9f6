import { isAsked, keptFacts, type Earlier, type Source } from '../earlier.ts';
import { deriveFacts } from '../derive/facts.ts';
import { refusedAccess } from '../derive/refused-access.ts';
import { absent, type Fact } from '../fact.ts';
import type { ClientFactSet, CollectedFacts, FactSet } from '../collected-facts.ts';
import type { AzureLook, AzureOptions } from './azure/azure-look.ts';
import type { Sought } from './azure/client-look.ts';
import type { ClockWatch } from './clocks.ts';
import { suppliedFor, type SuppliedCredentials } from './client-facts.ts';

type AzureFacts = {
  readonly [Name in 'aksCluster' | 'identityBindings' | 'roleAssignments']: Fact<CollectedFacts[Name]>;
};

type Clients = Readonly<Record<string, Partial<ClientFactSet>>>;

/** What the look at Azure adds to the facts of a run. */
export interface FromAzure {
  readonly facts: FactSet['facts'];
  readonly clients: Clients;
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
  /** A look of which only a part is to be had again; null for a first look. */
  readonly earlier: Earlier | null;
}

const SOURCES: readonly Source[] = ['identities', 'credentials', 'aks', 'roles'];

/** Whether there is anything to ask Azure. */
export function asksAzure(earlier: Earlier | null): boolean {
  return SOURCES.some((source) => isAsked(earlier, source));
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

/** What an earlier look found in Azure: what came from files of the user's is read from them again. */
function knownClients(earlier: Earlier | null, supplied: readonly SuppliedCredentials[]): Clients {
  const all = Object.entries(earlier?.set.clients ?? {});
  return Object.fromEntries(all.filter(([clientId]) => !suppliedFor(clientId, supplied)));
}

/** Identities with their credentials, or where those alone are to be seen again, the credentials. */
async function lookAtClients(
  look: AzureLook,
  sought: readonly Sought[],
  { rerun, earlier, supplied }: AzureQuestions,
): Promise<Clients> {
  if (isAsked(earlier, 'identities')) return look.clients(sought, rerun);
  const known = knownClients(earlier, supplied);
  if (!isAsked(earlier, 'credentials')) return known;
  return { ...known, ...(await look.credentials(sought, known, rerun)) };
}

/** Looks up what the cluster made questions of. */
export async function lookInAzure(
  start: () => Promise<AzureStart>,
  set: FactSet,
  questions: AzureQuestions,
): Promise<FromAzure> {
  const { clientIds, supplied, earlier } = questions;
  const kept = earlier === null ? {} : keptFacts(earlier, 'aks', 'roles');
  if (!asksAzure(earlier)) return { facts: kept, clients: knownClients(earlier, supplied) };
  const { otherwise, look } = await start();
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
  const lookAtCluster = async (): Promise<Partial<AzureFacts>> => {
    const aksCluster = await look.cluster(tokenIssuer);
    return { aksCluster, identityBindings: usesBinding ? await look.bindings(aksCluster) : NOT_ASKED };
  };
  const [clients, cluster] = await Promise.all([
    lookAtClients(look, unsettled, questions),
    isAsked(earlier, 'aks') ? lookAtCluster() : {},
  ]);
  if (!isAsked(earlier, 'roles')) return { facts: { ...kept, ...cluster }, clients };
  const refused = refusedAccess(set.facts.errors);
  const roleAssignments = await look.access(sought, { ...set.clients, ...clients }, refused);
  return { facts: { ...kept, ...cluster, roleAssignments }, clients };
}
