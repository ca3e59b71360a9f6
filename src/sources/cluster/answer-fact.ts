import { unknown, type Fact } from '../../fact.ts';
import type { CollectedFacts } from '../../collected-facts.ts';
import type { Answer } from '../../kubernetes/answers.ts';
import { grantCommand } from './grant-command.ts';

/** Turns what came of a question to the API server (or to dumps) into a fact. */
export function answerFact<T>(answer: Answer<T>, what: string): Fact<T> {
  if (answer.kind === 'unknown') return unknown(answer.reason, answer.settle ?? grantCommand(answer.right));
  const { origin } = answer;
  const where = origin
    ? `file: ${origin.file}${origin.line === undefined ? '' : `:${origin.line}`}`
    : `kubernetes: ${what}`;
  if (answer.kind === 'absent') return { state: 'absent', origin: where };
  return { state: 'present', value: answer.body, origin: where };
}

/** The fact of a list: its items. */
export function listFact<T>(
  answer: Answer<{ readonly items: readonly T[] }>,
  what: string,
): Fact<readonly T[]> {
  const fact = answerFact(answer, what);
  return fact.state === 'present' ? { ...fact, value: fact.value.items } : fact;
}

/** The facts of one run, as far as they are known. */
export type Facts = { readonly [Name in keyof CollectedFacts]?: Fact<CollectedFacts[Name]> };

/** A fact whose value is changed on its way in; absent and unknown stay what they are. */
export function map<T, U>(fact: Fact<T>, change: (value: T) => U): Fact<U> {
  return fact.state === 'present' ? { ...fact, value: change(fact.value) } : fact;
}

/** A fact that depends on another one which could not be had. */
export function because(fact: Fact<unknown>, what: string): Fact<never> {
  if (fact.state === 'unknown') return fact;
  return fact.state === 'absent' ? { state: 'absent', origin: fact.origin } : unknown(`${what} is not known`);
}

/** A question that nothing hangs on in this case. */
export const NOT_NEEDED: Fact<never> = { state: 'absent', origin: 'not asked for: nothing hangs on it here' };
