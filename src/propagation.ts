import type { FactSet } from './collected-facts.ts';
import { durationWords, epochSeconds } from './sources/token/time-words.ts';

/** Seconds within which a new credential or role may not be known everywhere: "several minutes". */
export const PROPAGATION = 600;

/** What the youngest federated credential of a run still needs; null when none is that young. */
export function propagationWords({ facts, clients }: FactSet): string | null {
  const now = facts.now?.state === 'present' ? epochSeconds(facts.now.value) : Number.NaN;
  const credentials = Object.values(clients).flatMap(({ federatedCredentials: list }) =>
    list?.state === 'present' ? list.value.items : [],
  );
  const [youngest] = credentials
    .map(({ name, created }) => ({ name, age: Math.max(0, now - epochSeconds(created ?? '')) }))
    .filter(({ age }) => age < PROPAGATION)
    .toSorted((a, b) => a.age - b.age);
  if (!youngest) return null;
  const { name, age } = youngest;
  return `credential ${name} was created ${durationWords(age)} ago; Entra may need ${durationWords(PROPAGATION)} to know it everywhere`;
}
