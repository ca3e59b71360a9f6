import { absent, unknown, type Fact } from '../../fact.ts';
import type { AksCluster, ClientFactSet, IdentityBinding, ResourceAccess } from '../../collected-facts.ts';
import type { RefusedAccess } from '../../derive/refused-access.ts';
import type { AnswerTime } from '../../http-date.ts';
import { findCluster, readBindings } from './aks-cluster.ts';
import { lookUpClient, readAgain, type ClientLook, type Sought } from './client-look.ts';
import { chooseCloud, type Cloud } from './clouds.ts';
import { findIdentity } from './find-identity.ts';
import { GUID } from './found-identity.ts';
import { credentialPaces } from './pace.ts';
import { readAccess, type Assignee } from './resource-access.ts';
import { liesIn } from './resource-id.ts';
import { seenSignIns, type SignInKind } from './seen-sign-ins.ts';
import { openSend } from './send.ts';
import type { SignInFailure } from './sign-in-failure.ts';
import { openSignIn, type AzureSignIn } from './sign-in.ts';
import { clientIn, type TenantClient } from './tenant-client.ts';

/** What the user says about looking things up in Azure. */
export interface AzureOptions {
  /** `--azure`. */
  readonly mode: 'auto' | 'off' | 'managed-identity';
  /** `--cloud`. */
  readonly cloud: Cloud | null;
  /** `--cluster-id`. */
  readonly clusterId: string | null;
  /** `--resource`. */
  readonly resource: string | null;
  /** Environment of the process, for signs of a sign-in. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Azure, as far as the caller's sign-in reaches. */
export interface AzureLook {
  /** Settles which cloud is asked. @param podAuthority The authority host that the pod was given, if any. */
  choose(podAuthority: string | null): void;
  /** The AKS cluster of a token issuer. */
  cluster(issuer: Fact<string>): Promise<Fact<AksCluster>>;
  bindings(cluster: Fact<AksCluster>): Promise<Fact<readonly IdentityBinding[]>>;
  /** Identities and federated credentials, by client id. */
  clients(sought: readonly Sought[], rerun: string): Promise<Record<string, ClientFactSet>>;
  /** The federated credentials alone, of identities that were found before. */
  credentials(
    sought: readonly Sought[],
    known: Readonly<Record<string, Partial<ClientFactSet>>>,
    rerun: string,
  ): Promise<Record<string, ClientFactSet>>;
  /** Role assignments on the resource of `--resource`, else on the one that refused the pod. */
  access(
    sought: readonly Sought[],
    clients: Readonly<Record<string, Partial<ClientFactSet>>>,
    refused: RefusedAccess | null,
  ): Promise<Fact<ResourceAccess>>;
  /** Ends whatever is still under way. */
  close(): void;
}

/** All of Azure together; a single token or answer has less. */
const LOOK_MS = 25_000;

const NOT_ASKED = absent('not asked for: no --resource was given');
const OF_ANOTHER = absent('not asked for: the error is about another principal than that of the pod');

/** Guids of AKS issuers: the first is the tenant of the cluster. */
function issuerTenant(issuer: Fact<string>): string | null {
  if (issuer.state !== 'present' || !/\.oic\.prod-aks\.azure\./.test(issuer.value)) return null;
  const [, first = ''] = URL.canParse(issuer.value) ? new URL(issuer.value).pathname.split('/') : [];
  return GUID.test(first) ? first : null;
}

function isPrincipal(objectId: string): (assignee: Assignee) => boolean {
  return ({ principalId }) => principalId.toLowerCase() === objectId;
}

/** Why nothing was looked up, for the facts that were asked for by name. */
function refused(mode: AzureOptions['mode']): Fact<never> {
  return mode === 'off'
    ? unknown('nothing is looked up in Azure (--azure off)')
    : unknown('no sign-in with Azure was seen here', 'az login');
}

/** What stands in for Azure where it is not asked: what nobody asked for is absent, so that no check waits for it. */
export function withoutAzure({ mode, clusterId, resource }: AzureOptions): {
  readonly aksCluster: Fact<AksCluster>;
  readonly identityBindings: Fact<readonly IdentityBinding[]>;
  readonly roleAssignments: Fact<ResourceAccess>;
} {
  const cluster = clusterId === null ? absent('not asked for: no sign-in with Azure') : refused(mode);
  return {
    aksCluster: cluster,
    identityBindings: cluster,
    roleAssignments: resource === null ? NOT_ASKED : refused(mode),
  };
}

/**
 * Gets ready to look things up in Azure. The sign-in begins at once, while the cluster is still being read.
 *
 * @param onAnswer Called for each answer of ARM and Graph, for what it tells of the time.
 * @returns Null when Azure is not to be asked or no sign-in can be seen: then nothing of it is even loaded.
 */
export async function openAzure(
  options: AzureOptions,
  onAnswer: (time: AnswerTime) => void,
): Promise<AzureLook | null> {
  const { mode, cloud, clusterId, resource, env } = options;
  if (mode === 'off') return null;
  const kinds: readonly SignInKind[] =
    mode === 'managed-identity' ? ['managed-identity'] : await seenSignIns(env);
  if (kinds.length === 0) return null;
  const stop = new AbortController();
  const signIns = new Map<Cloud, AzureSignIn>();
  const signInTo = (wanted: Cloud): AzureSignIn => {
    const known = signIns.get(wanted) ?? openSignIn(kinds, wanted, env, stop.signal);
    signIns.set(wanted, known);
    return known;
  };
  const guess = chooseCloud(null, cloud, env);
  // Both tokens are wanted soon; what comes of them is heard where they are used.
  if (guess !== null)
    void Promise.all([signInTo(guess).token('arm', null), signInTo(guess).token('graph', null)]);
  let send: ReturnType<typeof openSend> | undefined;
  const begin = (): ReturnType<typeof openSend> => {
    if (send) return send;
    setTimeout(() => stop.abort(), LOOK_MS).unref();
    send = openSend(env, stop.signal, onAnswer);
    return send;
  };
  const paceOf = credentialPaces(stop.signal);
  let chosen = guess;
  async function inTenant(tenant: string | null): Promise<TenantClient | SignInFailure> {
    if (chosen === null)
      return {
        kind: 'failed',
        reason: 'AZURE_AUTHORITY_HOST is of a cloud whose other hosts are not known',
        login: false,
        answered: false,
      };
    return clientIn(signInTo(chosen), tenant, begin());
  }
  const clientLook = (rerun: string): ClientLook => ({
    inTenant,
    paceOf,
    rerun,
    usesCli: kinds.includes('azure-cli'),
  });
  async function assigneeOf(
    { clientId, tenant }: Sought,
    known: Partial<ClientFactSet> | undefined,
  ): Promise<Assignee[]> {
    const identity = known?.identity;
    if (identity?.state === 'present' && identity.value.principalId !== null)
      return [{ clientId, principalId: identity.value.principalId }];
    const place = await inTenant(tenant);
    if (place.kind === 'failed') return [];
    const search = await findIdentity(place.client, clientId);
    const principalId = search.kind === 'found' ? search.found.identity.principalId : null;
    return principalId === null ? [] : [{ clientId, principalId }];
  }
  return {
    choose(podAuthority) {
      chosen = chooseCloud(podAuthority, cloud, env);
    },
    async cluster(issuer) {
      const place = await inTenant(issuerTenant(issuer));
      if (place.kind === 'failed') return unknown(place.reason);
      return findCluster(place.client, clusterId, issuer);
    },
    async bindings(cluster) {
      const place = await inTenant(null);
      return place.kind === 'failed' ? unknown(place.reason) : readBindings(place.client, cluster);
    },
    async credentials(sought, known, rerun) {
      const look = clientLook(rerun);
      const read = sought.map((one) => readAgain(one, known[one.clientId]?.identity, look));
      return Object.assign({}, ...(await Promise.all(read))) as Record<string, ClientFactSet>;
    },
    async clients(sought, rerun) {
      const look = clientLook(rerun);
      const found = await Promise.all(sought.map((one) => lookUpClient(one, look)));
      // What was sought for itself was looked at more closely than what was met in another's search.
      return Object.assign(
        {},
        ...found,
        ...found.map((facts, index) => {
          const id = sought[index]?.clientId ?? '';
          return { [id]: facts[id] };
        }),
      ) as Record<string, ClientFactSet>;
    },
    async access(sought, clients, refused) {
      const at = resource ?? refused?.resource ?? null;
      if (at === null) return NOT_ASKED;
      const all = await Promise.all(sought.map((one) => assigneeOf(one, clients[one.clientId])));
      const assignees = all.flat();
      const caller = refused?.objectId ?? null;
      // Whoever was refused is not the pod: its own roles there answer nothing that was asked.
      if (resource === null && caller !== null && !assignees.some(isPrincipal(caller))) return OF_ANOTHER;
      const place = await inTenant(null);
      if (place.kind === 'failed') return unknown(place.reason);
      const action = refused !== null && liesIn(refused.resource, at) ? refused.action : null;
      return readAccess(place.client, {
        resource: at,
        refused: refused === null || action === null ? null : { action, plane: refused.plane },
        assignees,
      });
    },
    close: () => stop.abort(),
  };
}
