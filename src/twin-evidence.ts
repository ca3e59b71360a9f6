import type { Fact } from './fact.ts';
import { wiredTwins, type WiredTwin } from './derive/wired-twins.ts';
import type { Workload } from './derive/workload.ts';
import type { Pod } from './kubernetes/types.ts';
import { durationWords, epochSeconds } from './sources/token/time-words.ts';
import type { Evidence } from './define-check.ts';

/** `3 hours younger`; empty where the ages are not known or the same. */
function ageWords(own: string | null, other: string | null): string {
  const apart = epochSeconds(other ?? '') - epochSeconds(own ?? '');
  if (Number.isNaN(apart) || apart === 0) return '';
  return `, ${durationWords(Math.abs(apart))} ${apart > 0 ? 'younger' : 'older'}`;
}

/**
 * What another pod of the same controller has that this one lacks, as evidence: proof that nothing else is missing.
 *
 * @param container The container that differs; null for the pod as a whole.
 * @param here What this pod has, in words; a twin with the same proves nothing.
 * @param there What the twin has, in the same words; null where it is no better.
 */
export function twinEvidence(
  workload: Workload,
  siblings: Fact<readonly Pod[]>,
  container: string | null,
  here: string,
  there: (twin: WiredTwin) => string | null,
): readonly Evidence[] {
  for (const twin of wiredTwins(workload, siblings)) {
    const has = container === null || twin.container === container ? there(twin) : null;
    if (has === null || has === here) continue;
    const age = ageWords(workload.created, twin.created);
    return [
      {
        fact: 'siblings',
        path: `${twin.pod}.spec.containers[${twin.container}]`,
        observed: `${has} (${twin.pod}${age})`,
        labels: { observed: 'replica', expected: 'expected' },
      },
    ];
  }
  return [];
}
