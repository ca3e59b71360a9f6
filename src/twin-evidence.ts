import { wiredTwins, type TwinFacts, type WiredTwin } from './derive/wired-twins.ts';
import type { Workload } from './derive/workload.ts';
import { durationWords, epochSeconds } from './sources/token/time-words.ts';
import type { Evidence } from './define-check.ts';

/** `3 hours younger`; empty where the ages are not known or the same. */
function ageWords(own: string | null, other: string | null): string {
  const apart = epochSeconds(other ?? '') - epochSeconds(own ?? '');
  if (Number.isNaN(apart) || apart === 0) return '';
  return `, ${durationWords(Math.abs(apart))} ${apart > 0 ? 'younger' : 'older'}`;
}

/**
 * What another pod of the same controller, or else of the same service account, has that this one lacks, as
 * evidence: proof that nothing else is missing.
 *
 * @param container The container that differs; null for the pod as a whole.
 * @param here What this pod has, in words; a twin with the same proves nothing.
 * @param there What the twin has, in the same words; null where it is no better.
 */
export function twinEvidence(
  workload: Workload,
  facts: TwinFacts,
  container: string | null,
  here: string,
  there: (twin: WiredTwin) => string | null,
): readonly Evidence[] {
  for (const twin of wiredTwins(workload, facts)) {
    // Other workloads name their containers as they like.
    const isAlike = container === null || !twin.isReplica || twin.container === container;
    const has = isAlike ? there(twin) : null;
    if (has === null || has === here) continue;
    const kinship = twin.isReplica ? '' : ', same service account';
    const age = ageWords(workload.created, twin.created);
    return [
      {
        fact: twin.fact,
        path: `${twin.pod}.spec.containers[${twin.container}]`,
        observed: `${has} (${twin.pod}${kinship}${age})`,
        labels: { observed: twin.isReplica ? 'replica' : 'peer', expected: 'expected' },
      },
    ];
  }
  return [];
}
