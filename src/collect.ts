import { deriveFacts } from './derive/facts.ts';
import type { Workload } from './derive/workload.ts';
import {
  present,
  unknown,
  type CollectedFacts,
  type Fact,
  type FactSet,
  type RequestOptions,
  type Target,
} from './facts.ts';
import type { KubernetesClient } from './kubernetes/answers.ts';
import { clientFactsOf, type SuppliedCredentials } from './sources/client-facts.ts';
import type { Facts } from './sources/cluster/answer-fact.ts';
import { clusterFacts } from './sources/cluster/cluster-facts.ts';
import { issuerFacts } from './sources/issuer-facts.ts';
import { mintToken, tokenFacts, type RawToken } from './sources/token-facts.ts';

export interface CollectOptions {
  readonly client: KubernetesClient;
  readonly target: Target;
  readonly options: RequestOptions;
  /** RFC 3339, UTC. */
  readonly now: string;
  /** False with `--bundle`: nothing is fetched from anywhere. */
  readonly network: boolean;
  readonly supplied: readonly SuppliedCredentials[];
  /** Text of `--token-file`; null when not given. */
  readonly tokenText: { readonly text: string; readonly file: string } | null;
  readonly mint: boolean;
  /** The command that runs this diagnosis again. */
  readonly rerun: string;
  readonly signal?: AbortSignal;
}

/** How one kind of target is looked at, given the cluster facts that are already under way. */
export type Look = (client: KubernetesClient, target: Target, shared: Promise<Facts>) => Promise<Facts>;

const CLIENT_ID = 'azure.workload.identity/client-id';

/** Client ids whose identity matters: those that containers use, and the one the service account names. */
function clientIdsOf(workload: Fact<Workload>, { serviceAccount }: Facts): string[] {
  const used =
    workload.state === 'present'
      ? workload.value.judged.flatMap(({ effective }) =>
          effective.clientId.state === 'known' ? [effective.clientId.value] : [],
        )
      : [];
  const annotated =
    serviceAccount?.state === 'present' ? serviceAccount.value.metadata?.annotations?.[CLIENT_ID] : undefined;
  return [...new Set([...used, ...(annotated ? [annotated] : [])])].filter((clientId) => clientId !== '');
}

async function rawToken(
  { client, tokenText, mint }: CollectOptions,
  workload: Fact<Workload>,
): Promise<RawToken> {
  if (tokenText) return { kind: 'raw', text: tokenText.text, origin: `file: ${tokenText.file}` };
  if (!mint) return { kind: 'none' };
  if (workload.state !== 'present')
    return { kind: 'unknown', reason: 'the pod is not known, so no token can be asked for' };
  return mintToken(client, workload.value);
}

function publishedKeys(jwks: Fact<CollectedFacts['jwks']>): Fact<unknown> {
  if (jwks.state !== 'present') return jwks;
  return jwks.value.kind === 'document'
    ? { ...jwks, value: jwks.value.json }
    : unknown('the published keys could not be read');
}

const OFFLINE = unknown('nothing is fetched when the evidence comes from a bundle');

/** The look at the public issuer, started as soon as anything names it. */
async function lookAtIssuer(
  issuer: Fact<string>,
  { options, network, signal }: CollectOptions,
): Promise<Pick<Facts, 'discovery' | 'jwks'>> {
  if (!network) return { discovery: OFFLINE, jwks: OFFLINE };
  return issuerFacts(issuer, {
    allowPrivateIssuer: options.allowPrivateIssuer,
    ...(signal ? { signal } : {}),
  });
}

function issuerNamedBy(facts: Facts): Fact<string> {
  return deriveFacts({ facts, clients: {} }).tokenIssuer;
}

function sameIssuer(a: Fact<string>, b: Fact<string>): boolean {
  return a.state === 'present' && b.state === 'present' ? a.value === b.value : a.state === b.state;
}

/**
 * Looks at everything a diagnosis needs: cluster and public issuer side by side, then what follows
 * from them.
 */
export async function collectFacts(options: CollectOptions, look: Look): Promise<FactSet> {
  const { client, target, now, supplied, rerun } = options;
  const shared = clusterFacts(client);
  const [cluster, firstLook] = await Promise.all([
    look(client, target, shared),
    shared.then((facts) => lookAtIssuer(issuerNamedBy(facts), options)),
  ]);
  const base: Facts = {
    ...cluster,
    now: present(now, 'clock'),
    target: present(target, 'command line'),
    options: present(options.options, 'command line'),
  };
  const { workload } = deriveFacts({ facts: base, clients: {} });
  const raw = await rawToken(options, workload);
  const decoded = await tokenFacts(raw, { published: OFFLINE, apiServer: OFFLINE });
  // A token names its own issuer, and that is the one Entra will ask.
  const issuer = issuerNamedBy({ ...base, ...decoded });
  const published = sameIssuer(issuer, issuerNamedBy(base)) ? firstLook : await lookAtIssuer(issuer, options);
  const keys = { published: publishedKeys(published.jwks ?? OFFLINE), apiServer: base.apiServerKeys ?? OFFLINE };
  const token = raw.kind === 'raw' ? await tokenFacts(raw, keys) : decoded;
  const clients = clientFactsOf(clientIdsOf(workload, base), supplied, rerun);
  return { facts: { ...base, ...published, ...token }, clients };
}
