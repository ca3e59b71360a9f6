import { unknown, type Fact } from '../../facts.ts';
import type { Answer } from '../../kubernetes/answers.ts';

/** Turns what came of a question to the API server (or to dumps) into a fact. */
export function answerFact<T>(answer: Answer<T>, what: string): Fact<T> {
  if (answer.kind === 'unknown') return unknown(answer.reason);
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
