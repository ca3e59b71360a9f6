import type { Word } from './word.ts';
import type { Answer, Check, CheckStatus, OutcomeSpec, SayOptions } from './define-check.ts';
import { credentialMatchFact } from './derive/credential-match.ts';
import { exchangeFact, provesCredential } from './derive/exchange.ts';
import { clientFacts, deriveFacts, type DerivedFactSet } from './derive/facts.ts';
import type { SignIn } from './derive/sign-ins.ts';
import { tenantFact } from './derive/tenant.ts';
import { toldExchange } from './derive/told-exchange.ts';
import type { Exchange } from './sources/exchange/types.ts';
import type { ContainerView } from './derive/workload.ts';
import { absenceOf } from './fact-words.ts';
import { present, unknown, type Fact } from './fact.ts';
import type { FactSet } from './collected-facts.ts';
import type { FactName } from './facts.ts';

/** The object that one answer of a check is about. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly container: string | null;
}

/** One answer of one check. */
export interface Result {
  readonly check: Check;
  readonly subject: Subject;
  readonly status: CheckStatus;
  /** Why it was skipped, could not look, or crashed; null otherwise. */
  readonly reason: string | null;
  /** The one command that would settle an unknown. */
  readonly settle: string | null;
  /** True for an unknown that nobody could settle by looking from outside. */
  readonly unseeable: boolean;
  readonly outcome: {
    readonly id: string;
    readonly spec: OutcomeSpec;
    readonly words: Readonly<Record<string, Word>>;
    readonly options: SayOptions;
  } | null;
  /** Origins of the facts the check read, by name, for its evidence. */
  readonly origins: ReadonlyMap<FactName, string>;
}

/** What a check may look up: every fact of the run, resolved for one subject. */
type Lookup = (name: FactName) => Fact<unknown>;

interface Case {
  readonly subject: Subject;
  readonly lookup: Lookup;
}

const NOT_COLLECTED = unknown('it was not collected');

function lookupIn(
  set: FactSet,
  derived: DerivedFactSet,
  extra: Partial<Record<FactName, Fact<unknown>>>,
): Lookup {
  const all: Partial<Record<FactName, Fact<unknown>>> = { ...set.facts, ...derived, ...extra };
  return (name) => all[name] ?? NOT_COLLECTED;
}

function signInFacts(
  set: FactSet,
  derived: DerivedFactSet,
  signIn: SignIn,
): Partial<Record<FactName, Fact<unknown>>> {
  const { clientId } = signIn;
  const lookedUp = clientId.state === 'known' ? clientFacts(set, clientId.value) : undefined;
  const identity =
    lookedUp?.identity ?? unknown(clientId.state === 'unknown' ? clientId.reason : 'no client id');
  const federatedCredentials = lookedUp?.federatedCredentials ?? identity;
  const asked = exchangeFact(signIn, set);
  // Where nobody asked Entra now, the error that the program got is Entra's answer.
  const exchange = (asked.state === 'absent' && toldExchange(signIn, derived.complaints)) || asked;
  return {
    signIn: present(signIn, derived.signIns.state === 'present' ? derived.signIns.origin : ''),
    identity,
    federatedCredentials,
    exchange,
    tenant: tenantFact(signIn, set),
    credentialMatch:
      federatedCredentials.state === 'present'
        ? credentialMatchFact(signIn, federatedCredentials as never, derived.tokenIssuer)
        : federatedCredentials,
  };
}

function containerCase(
  set: FactSet,
  derived: DerivedFactSet,
  container: ContainerView,
  object: Subject,
): Case {
  const { clientId } = container.effective;
  const lookedUp = clientId.state === 'known' ? clientFacts(set, clientId.value) : undefined;
  const missing = unknown(clientId.state === 'unknown' ? clientId.reason : 'the container has no client id');
  return {
    subject: { ...object, container: container.name },
    lookup: lookupIn(set, derived, {
      container: present(container, derived.workload.state === 'present' ? derived.workload.origin : ''),
      identity: lookedUp?.identity ?? missing,
      federatedCredentials: lookedUp?.federatedCredentials ?? missing,
    }),
  };
}

function casesOf(check: Check, set: FactSet, derived: DerivedFactSet): Case[] {
  const target = set.facts.target?.state === 'present' ? set.facts.target.value : null;
  const { workload, signIns } = derived;
  const whole: Subject =
    workload.state === 'present'
      ? { kind: workload.value.object.kind, name: workload.value.object.name, container: null }
      : { kind: target?.kind ?? '', name: target?.name ?? '', container: null };
  if (check.per === 'container' && workload.state === 'present') {
    return workload.value.judged.map((container) => containerCase(set, derived, container, whole));
  }
  if (check.per === 'signIn' && signIns.state === 'present') {
    return signIns.value.map((signIn) => ({
      subject: { ...whole, container: signIn.containers[0] ?? null },
      lookup: lookupIn(set, derived, signInFacts(set, derived, signIn)),
    }));
  }
  // Without the workload none of its parts is known, and for the same reason.
  const container = workload.state === 'present' ? NOT_COLLECTED : workload;
  const parts = { container, signIn: signIns, identity: signIns, federatedCredentials: signIns };
  const extra = signIns.state === 'present' ? {} : { ...parts, credentialMatch: signIns };
  return [{ subject: whole, lookup: lookupIn(set, derived, extra) }];
}

function readable(
  check: Check,
  lookup: Lookup,
  origins: Map<FactName, string>,
): Answer | Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  for (const name of [...check.needs, ...check.orAbsent, ...check.orUnknown]) {
    const fact = lookup(name);
    if (fact.state !== 'unknown') origins.set(name, fact.origin);
    const mayBeUnknown = check.orUnknown.includes(name);
    if (fact.state === 'unknown' && !mayBeUnknown) {
      const { reason, settle } = fact;
      return settle === undefined ? { kind: 'unknown', reason } : { kind: 'unknown', reason, settle };
    }
    const mayBeAbsent = mayBeUnknown || check.orAbsent.includes(name);
    if (fact.state === 'absent' && !mayBeAbsent)
      return { kind: 'skip', reason: absenceOf(name, fact.origin) };
    inputs[name] = check.needs.includes(name) && fact.state === 'present' ? fact.value : fact;
  }
  return inputs;
}

function isAnswer(value: Answer | Record<string, unknown>): value is Answer {
  return 'kind' in value && (value['kind'] === 'unknown' || value['kind'] === 'skip') && 'reason' in value;
}

const AZURE_SIDE: ReadonlySet<FactName> = new Set(['identity', 'federatedCredentials', 'credentialMatch']);

/**
 * Whether Entra itself has answered what a check could not look up: an exchange that succeeded proves the
 * identity and a credential that accepts the token, whoever may read them.
 */
function settledByExchange({ per, restsOn, needs, orAbsent }: Check, lookup: Lookup): boolean {
  if (per !== 'signIn' || restsOn !== 'always') return false;
  if (![...needs, ...orAbsent].some((name) => AZURE_SIDE.has(name))) return false;
  const signIn = lookup('signIn') as Fact<SignIn>;
  const exchange = lookup('exchange') as Fact<Exchange>;
  return (
    signIn.state === 'present' &&
    exchange.state === 'present' &&
    provesCredential(signIn.value, exchange.value)
  );
}

const SETTLED = 'Entra took the token, which settles it';

function answer(check: Check, { subject, lookup }: Case): Result {
  const origins = new Map<FactName, string>();
  const base = { check, subject, origins, reason: null, settle: null, unseeable: false, outcome: null };
  try {
    const inputs = readable(check, lookup, origins);
    const given = isAnswer(inputs) ? inputs : check.run(inputs as never);
    if (given.kind === 'skip') return { ...base, status: 'skip', reason: given.reason };
    if (given.kind === 'unknown' && settledByExchange(check, lookup))
      return { ...base, status: 'skip', reason: SETTLED };
    if (given.kind === 'unknown') {
      const { reason, settle = null, unseeable = false } = given;
      return { ...base, status: 'unknown', reason, settle, unseeable };
    }
    const spec = check.outcomes[given.outcome];
    if (!spec)
      return {
        ...base,
        status: 'error',
        reason: `it gave an outcome "${given.outcome}" that it does not list`,
      };
    return {
      ...base,
      status: spec.status,
      outcome: { id: given.outcome, spec, words: given.words, options: given.options },
    };
  } catch (error) {
    // One broken check must not hide what the others saw.
    return {
      ...base,
      status: 'error',
      reason: `it crashed: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function notAsked(check: Check): Result {
  const reason =
    check.per === 'signIn' ? 'no container has both a client id and a token' : 'no container is judged';
  const subject = { kind: '', name: '', container: null };
  const origins = new Map<FactName, string>();
  return { check, subject, status: 'skip', reason, settle: null, unseeable: false, outcome: null, origins };
}

/**
 * Runs checks over facts.
 *
 * @returns One result per check and subject, in the order of the checks.
 */
export function runChecks(checks: readonly Check[], set: FactSet): Result[] {
  const derived = deriveFacts(set);
  return checks.flatMap((check) => {
    const cases = casesOf(check, set, derived);
    // A question nobody raised is still shown, so that nothing looks checked that was not.
    return cases.length > 0 ? cases.map((one) => answer(check, one)) : [notAsked(check)];
  });
}
