import type { Explanation } from './aadsts/explanation.ts';
import { present, unknown, type Fact } from './fact.ts';
import type { ClientFactSet, CollectedFacts, FactSet } from './collected-facts.ts';
import type { BroughtError } from './sources/errors/brought-error.ts';

/** JSON that is merged into other JSON: objects member by member, `null` removes, the rest replaces. */
export type Patch = null | boolean | number | string | readonly Patch[] | { readonly [key: string]: Patch };

/** Why a fact is unknown, alone or with the one command that would settle it. */
export type Reason = string | { readonly unknown: string; readonly settle: string };

/** A text with an error in it, and where it stands: in a container's log, in the webhook's, or with `--error`. */
export interface BroughtText {
  readonly text: string;
  readonly container?: string;
  readonly webhook?: boolean;
}

/** One scenario as it lies in `fixtures/<name>/world.json`: only what differs from its base. */
export interface Scenario {
  /** What the user sees or did, one clause for `demo --list`. */
  readonly title: string;
  /** Scenario this one differs from; the healthy one when left out. The healthy one itself has `base: null`. */
  readonly base?: string | null;
  /** Merged into the value of a fact; a fact that was absent or unknown becomes present with it. */
  readonly patch?: { readonly [Name in keyof CollectedFacts]?: Patch };
  readonly absent?: readonly (keyof CollectedFacts)[];
  /** Why facts could not be looked at, and what would settle it. */
  readonly unknown?: { readonly [Name in keyof CollectedFacts]?: Reason };
  /** Merged client facts by client id; a reason instead of a fact makes it unknown, null absent. */
  readonly clients?: Readonly<
    Record<string, null | { readonly [Name in keyof ClientFactSet]?: Patch | Reason }>
  >;
  /** Text that the user brings with `--error`, or that `--logs` finds; explained as it is. */
  readonly brought?: readonly BroughtText[];
  readonly failOn?: 'fail' | 'warn';
  /** The near miss that stays silent, named where it is not the scenario most like this one. */
  readonly twin?: string;
  /** Left out of `demo --list`: twins and variants that only tests need. */
  readonly hidden?: boolean;
}

function isObject(value: unknown): value is Record<string, Patch> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name of an item of a list: its own (container, variable, volume) or its object's (owner, pod). */
function nameIn(item: Patch): string | null {
  if (!isObject(item)) return null;
  const { name, metadata } = item;
  if (typeof name === 'string') return name;
  return isObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : null;
}

/** Arrays of named objects (containers, env, volumes, credentials, owners) are patched by name. */
function mergeNamed(base: readonly Patch[], patch: Readonly<Record<string, Patch>>): Patch[] {
  const names = base.map((item) => nameIn(item) ?? '');
  const kept = base.flatMap((item, index) => {
    const name = names[index] ?? '';
    if (!Object.hasOwn(patch, name)) return [item];
    const change = patch[name] ?? null;
    return change === null ? [] : [merge(item, change)];
  });
  const added = Object.entries(patch)
    .filter(([name, change]) => !names.includes(name) && change !== null)
    .map(([name, change]) =>
      nameIn(change) === name ? change : { name, ...(isObject(change) ? change : {}) },
    );
  return [...kept, ...added];
}

/** Merges a patch into a value. */
export function merge(base: Patch | undefined, patch: Patch): Patch {
  if (!isObject(patch)) return patch;
  if (Array.isArray(base) && base.every((item) => nameIn(item) !== null)) return mergeNamed(base, patch);
  const merged: Record<string, Patch> = isObject(base) ? { ...base } : {};
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) delete merged[key];
    else merged[key] = merge(merged[key], change);
  }
  return merged;
}

const ORIGINS: Readonly<Record<string, string>> = {
  pod: 'kubernetes: pod',
  namespace: 'kubernetes: namespace',
  serviceAccount: 'kubernetes: service account',
  discovery: 'issuer: discovery document',
  jwks: 'issuer: key set',
  federatedCredentials: 'azure: federated credentials',
  identity: 'azure: identity',
};

function mergeFact(base: Fact<unknown> | undefined, patch: Patch, name: string): Fact<unknown> {
  const origin = base?.state === 'present' ? base.origin : (ORIGINS[name] ?? `kubernetes: ${name}`);
  const value = base?.state === 'present' ? (base.value as Patch) : undefined;
  return { state: 'present', value: merge(value, patch), origin };
}

function isReason(value: Patch | Reason): value is Reason {
  return (
    typeof value === 'string' ||
    (isObject(value) && typeof value['unknown'] === 'string' && typeof value['settle'] === 'string')
  );
}

function unknownFor(reason: Reason): Fact<never> {
  return typeof reason === 'string' ? unknown(reason) : unknown(reason.unknown, reason.settle);
}

function mergeClient(
  base: Partial<ClientFactSet> | undefined,
  patch: { readonly [name: string]: Patch | Reason },
): Partial<ClientFactSet> {
  const facts: Record<string, Fact<unknown>> = { ...base };
  for (const [name, change] of Object.entries(patch)) {
    if (isReason(change)) facts[name] = unknownFor(change);
    else if (change === null) facts[name] = { state: 'absent', origin: ORIGINS[name] ?? name };
    else facts[name] = mergeFact(facts[name], change, name);
  }
  return facts;
}

function originOf({ container, webhook }: BroughtText): Pick<BroughtError, 'origin' | 'from' | 'container'> {
  if (webhook === true) return { origin: 'webhook log', from: 'webhook', container: null };
  if (container === undefined) return { origin: '--error', from: 'user', container: null };
  return { origin: `log of container ${container}`, from: 'container', container };
}

function errorsOf(
  { brought = [] }: Scenario,
  explain: (text: string) => Explanation,
): readonly BroughtError[] {
  return brought.flatMap((one) => explain(one.text).errors.map((error) => ({ ...originOf(one), error })));
}

/**
 * Expands a scenario to the full facts of a run.
 *
 * @param base The expanded base scenario.
 * @param explain Explains what a scenario brings; handed in, because most bring nothing.
 */
export function expandScenario(
  scenario: Scenario,
  base: FactSet,
  explain: ((text: string) => Explanation) | undefined,
): FactSet {
  const facts: Record<string, Fact<unknown>> = { ...base.facts };
  for (const [name, patch] of Object.entries(scenario.patch ?? {}))
    facts[name] = mergeFact(facts[name], patch, name);
  for (const name of scenario.absent ?? [])
    facts[name] = { state: 'absent', origin: ORIGINS[name] ?? `kubernetes: ${name}` };
  for (const [name, reason] of Object.entries(scenario.unknown ?? {})) facts[name] = unknownFor(reason);
  if (scenario.brought && explain) facts['errors'] = present(errorsOf(scenario, explain), 'errors');
  const clients: Record<string, Partial<ClientFactSet>> = { ...base.clients };
  for (const [clientId, patch] of Object.entries(scenario.clients ?? {})) {
    if (patch === null) delete clients[clientId];
    else clients[clientId] = mergeClient(clients[clientId], patch);
  }
  return { facts, clients };
}
