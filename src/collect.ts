import { clientIdsOf } from './derive/client-ids.ts';
import { deriveFacts } from './derive/facts.ts';
import { isAsked, keptFacts, type Earlier, type Source } from './earlier.ts';
import type { SignIn } from './derive/sign-ins.ts';
import type { Workload } from './derive/workload.ts';
import { absent, present, unknown, type Fact } from './fact.ts';
import type { FactSet, RequestOptions, Target } from './collected-facts.ts';
import type { AnswerTime } from './http-date.ts';
import type { KubernetesClient } from './kubernetes/answers.ts';
import type { AzureOptions } from './sources/azure/azure-look.ts';
import { asksAzure, lookInAzure, startAzure, type AzureStart } from './sources/azure-facts.ts';
import { clientFactsOf, type SuppliedCredentials } from './sources/client-facts.ts';
import { ClockWatch } from './sources/clocks.ts';
import type { Facts } from './sources/cluster/answer-fact.ts';
import { clusterFacts } from './sources/cluster/cluster-facts.ts';
import type { BroughtError } from './sources/errors/brought-error.ts';
import type { Environment } from './sources/outbound-proxy.ts';
import { issuerFacts } from './sources/issuer-facts.ts';
import type { SavedIssuer } from './sources/issuer/saved.ts';
import type { ExchangeOptions } from './sources/exchange/exchange-facts.ts';
import { podTokens, type TokenOf } from './sources/pod-token.ts';
import { isUnchanged } from './sources/cluster/pulse.ts';
import { publishedKeys, tokenFacts, type RawToken } from './sources/token-facts.ts';

export interface CollectOptions {
  readonly client: KubernetesClient;
  readonly target: Target;
  readonly options: RequestOptions;
  /** The newest moment that dumps hold, in place of a clock; null when clocks can be asked. */
  readonly dumpedAt: string | null;
  /** False with `--bundle`: nothing is fetched from anywhere. */
  readonly network: boolean;
  /** Without network: what somebody saved of the documents that the issuer publishes; null when nothing may be. */
  readonly saved: SavedIssuer | null;
  readonly supplied: readonly SuppliedCredentials[];
  /** Text of `--token-file`; null when not given. */
  readonly tokenText: { readonly text: string; readonly file: string } | null;
  /** What the user brought with `--error`; null without that flag. */
  readonly brought: readonly BroughtError[] | null;
  readonly logs: boolean;
  /** Called for each log that could not be read. */
  readonly onUnreadLog: (origin: string, reason: string) => void;
  readonly mint: boolean;
  /** `--exec`: the token is read where the program reads it. */
  readonly exec: boolean;
  /** `--exchange`; null when not asked for. */
  readonly exchange: ExchangeOptions | null;
  readonly azure: AzureOptions;
  /** Of the process, for `HTTPS_PROXY` and `NO_PROXY`. */
  readonly env: Environment;
  /** The command that runs this diagnosis again. */
  readonly rerun: string;
  /** An earlier look of the same run, of which only a part is to be had again; null for a first look. */
  readonly earlier: Earlier | null;
  /** Clocks of the run: they are seen in one look and hold for the next. */
  readonly clocks: ClockWatch;
  readonly signal?: AbortSignal;
}

/** How one kind of target is looked at, given the cluster facts that are already under way. */
export type Look = (client: KubernetesClient, target: Target, shared: Promise<Facts>) => Promise<Facts>;

const OFFLINE = unknown('nothing is fetched when the evidence comes from a bundle');

/** The look at the public issuer, started as soon as anything names it. */
async function lookAtIssuer(
  issuer: Fact<string>,
  { options, network, saved, env, clocks, signal }: CollectOptions,
): Promise<Pick<Facts, 'discovery' | 'jwks'>> {
  if (!network) {
    const { savedIssuerFacts } = await import('./sources/issuer/saved.ts');
    return savedIssuerFacts(issuer, saved ?? {}, options.allowPrivateIssuer);
  }
  return issuerFacts(issuer, {
    allowPrivateIssuer: options.allowPrivateIssuer,
    env,
    clocks,
    ...(signal ? { signal } : {}),
  });
}

/** The exchange itself, if it was asked for; nothing is sent when the evidence comes from a bundle. */
async function lookAtEntra(
  { exchange, network, clocks }: CollectOptions,
  signIns: Fact<readonly SignIn[]>,
  tokenOf: TokenOf,
): Promise<Pick<Facts, 'exchanges'>> {
  if (exchange === null || !network) return {};
  const { exchangeFacts } = await import('./sources/exchange/exchange-facts.ts');
  const watched = { ...exchange, onAnswer: (time: AnswerTime) => clocks.see('entra', time) };
  return exchangeFacts(signIns, watched, ({ containers }) => tokenOf(containers[0] ?? null));
}

/**
 * What Entra publicly says of the tenants: not with `--azure off`, and not where an exchange is going to tell. Its
 * limit is short, so that a machine without a network does not wait for it.
 */
async function lookAtTenants(
  { azure, exchange, network, env, clocks }: CollectOptions,
  signIns: Fact<readonly SignIn[]>,
): Promise<Pick<Facts, 'tenants'>> {
  if (azure.mode === 'off' || exchange !== null || !network) return {};
  const { tenantFacts } = await import('./sources/tenants/tenant-facts.ts');
  return tenantFacts(signIns, env, clocks);
}

function issuerNamedBy(facts: Facts): Fact<string> {
  return deriveFacts({ facts, clients: {} }).tokenIssuer;
}

function sameIssuer(a: Fact<string>, b: Fact<string>): boolean {
  return a.state === 'present' && b.state === 'present' ? a.value === b.value : a.state === b.state;
}

/** The errors that were brought or logged, and what they make worth asking for. */
async function lookAtErrors(
  { client, brought, logs, onUnreadLog }: CollectOptions,
  workload: Fact<Workload>,
  base: Facts,
  earlier: Earlier | null,
): Promise<{ readonly facts: Facts; readonly clientIds: readonly string[] }> {
  if (brought === null && !logs) return { facts: {}, clientIds: [] };
  const [{ errorsFact }, { accountsNamedIn, clientIdsIn }] = await Promise.all([
    import('./sources/errors/error-facts.ts'),
    import('./sources/errors/follow-errors.ts'),
  ]);
  const known = earlier?.set.facts.errors;
  const errors =
    known && !isAsked(earlier, 'errors')
      ? known
      : await errorsFact({ client, brought, logs, onUnread: onUnreadLog }, workload, base);
  const accounts = await accountsNamedIn(client, errors, workload, base);
  return { facts: { errors, ...accounts }, clientIds: clientIdsIn(errors) };
}

/** What of an earlier look holds still: a pod that is not the same any more is looked at anew. */
async function pulse({ client, target, earlier }: CollectOptions): Promise<Earlier | null> {
  if (earlier === null || earlier.again.has('object')) return earlier;
  const same = target.kind === 'Pod' && (await isUnchanged(client, target.namespace, earlier.set.facts));
  return same ? earlier : { ...earlier, again: new Set<Source>([...earlier.again, 'object']) };
}

/** Whether the same is sent to the same places as before, so that the answers hold still. */
function asksTheSame({ set }: Earlier, facts: Facts): boolean {
  const questions = ({ signIns, tokenIssuer, workload }: ReturnType<typeof deriveFacts>): string =>
    JSON.stringify([
      signIns.state === 'present' ? signIns.value : signIns,
      tokenIssuer,
      workload.state === 'present' ? workload.value.serviceAccountName : null,
    ]);
  return questions(deriveFacts(set)) === questions(deriveFacts({ facts, clients: {} }));
}

async function unlessKept(
  earlier: Earlier | null,
  sources: readonly Source[],
  ask: () => Promise<Facts>,
): Promise<Facts> {
  const keeps = earlier !== null && !sources.some((source) => earlier.again.has(source));
  return keeps ? keptFacts(earlier, ...sources) : ask();
}

/**
 * Looks at everything a diagnosis needs: cluster and public issuer side by side, then what follows
 * from them. After an earlier look only what is to be looked at again.
 */
export async function collectFacts(options: CollectOptions, look: Look): Promise<FactSet> {
  const { clocks, client, network, earlier } = options;
  let azure: Promise<AzureStart> | undefined;
  const start = (): Promise<AzureStart> => (azure ??= startAzure(options.azure, network, clocks));
  if (asksAzure(earlier)) void start();
  try {
    const set = await collectWith(start, options, look);
    clocks.note('apiServer', client.clockAhead);
    return { ...set, facts: { ...set.facts, ...timeFacts(options) } };
  } finally {
    (await azure)?.look?.close();
  }
}

/** What time it is; out of dumps only that it was not earlier than the newest moment they hold. */
function timeFacts({ clocks, dumpedAt, network }: CollectOptions): Pick<Facts, 'now' | 'clocks'> {
  if (network) return clocks.facts(Date.now());
  const none = absent('dumps show no clock');
  return dumpedAt === null
    ? { now: unknown('the dumps do not tell when they were made'), clocks: none }
    : { now: present(dumpedAt, 'newest moment in the dumps'), clocks: none };
}

async function collectWith(
  azure: () => Promise<AzureStart>,
  options: CollectOptions,
  look: Look,
): Promise<FactSet> {
  const { client, target, supplied, rerun } = options;
  const begun = await pulse(options);
  const shared = unlessKept(begun, ['cluster'], () => clusterFacts(client));
  const askIssuer = async (): Promise<Facts> => lookAtIssuer(issuerNamedBy(await shared), options);
  const first = isAsked(begun, 'issuer') ? askIssuer() : undefined;
  // Azure is asked while the issuer may still take its time; a cluster that fails is heard of below.
  first?.catch(() => undefined);
  const cluster = await unlessKept(begun, ['object'], () => look(client, target, shared));
  const base: Facts = {
    ...(await shared),
    ...cluster,
    ...timeFacts(options),
    target: present(target, 'command line'),
    options: present(options.options, 'command line'),
  };
  const { workload, signIns } = deriveFacts({ facts: base, clients: {} });
  const tokenOf = podTokens(options, workload, base.node);
  const earlier =
    begun !== null && asksTheSame(begun, { ...base, ...keptFacts(begun, 'token') }) ? begun : null;
  const ofTenants = unlessKept(earlier, ['tenants'], () => lookAtTenants(options, signIns));
  ofTenants.catch(() => undefined);
  const usesToken = isAsked(earlier, 'token') || isAsked(earlier, 'exchange');
  const raw: RawToken = usesToken ? await tokenOf(null) : { kind: 'none' };
  const exchanged = unlessKept(earlier, ['exchange'], () => lookAtEntra(options, signIns, tokenOf));
  exchanged.catch(() => undefined);
  const decoded =
    earlier !== null && !usesToken
      ? keptFacts(earlier, 'token')
      : await tokenFacts(raw, { published: OFFLINE, apiServer: OFFLINE });
  // A token names its own issuer, and that is the one Entra will ask.
  const issuer = issuerNamedBy({ ...base, ...decoded });
  const complained = await lookAtErrors(options, workload, base, earlier);
  const clientIds = [...new Set([...clientIdsOf(workload, signIns, base), ...complained.clientIds])];
  const clients = clientFactsOf(clientIds, supplied, rerun);
  const inAzure = lookInAzure(
    azure,
    { facts: { ...base, ...decoded, ...complained.facts }, clients },
    { clientIds, supplied, rerun, earlier },
  );
  inAzure.catch(() => undefined);
  const same = sameIssuer(issuer, issuerNamedBy(base));
  const published = await unlessKept(earlier, ['issuer'], () =>
    same ? (first ?? askIssuer()) : lookAtIssuer(issuer, options),
  );
  const keys = {
    published: publishedKeys(published.jwks ?? OFFLINE),
    apiServer: base.apiServerKeys ?? OFFLINE,
  };
  const token = raw.kind === 'raw' ? await tokenFacts(raw, keys) : decoded;
  const [found, exchange, tenants] = await Promise.all([inAzure, exchanged, ofTenants]);
  return {
    facts: { ...base, ...published, ...token, ...exchange, ...tenants, ...complained.facts, ...found.facts },
    clients: { ...clients, ...found.clients },
  };
}
