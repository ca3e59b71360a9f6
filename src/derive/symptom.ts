import { candidateCauses } from '../aadsts/candidate-causes.ts';
import type { Fact } from '../fact.ts';
import type { CollectedFacts } from '../collected-facts.ts';
import type { Symptom } from '../rank.ts';

/**
 * What the user saw go wrong, for the order of the findings: what they brought, else what the containers logged.
 * The webhook's log is about the pods of everybody, so it is evidence, but no symptom of this one.
 *
 * @returns Null without an error that is about workload identity.
 */
export function symptomOf(errors: Fact<CollectedFacts['errors']> | undefined): Symptom | null {
  if (errors?.state !== 'present') return null;
  for (const from of ['user', 'container'] as const) {
    const own = errors.value.filter((brought) => brought.from === from).map(({ error }) => error);
    const { codes, aadsts } = candidateCauses(own);
    if (codes.size > 0 || aadsts.size > 0) return { codes, aadsts };
  }
  return null;
}
