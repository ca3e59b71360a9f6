import type { FactSet } from '../collected-facts.ts';

/**
 * Why the pod does not just run, as a clause: what is in order with it says less then.
 *
 * @returns Null for a pod that runs, and where no pod was looked at.
 */
export function standingOf({ facts: { pod, namespace } }: FactSet): string | null {
  if (pod?.state !== 'present') return null;
  const { metadata, status } = pod.value;
  const phase = status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') return `the pod has ended (${phase})`;
  if (metadata?.deletionTimestamp !== undefined) return 'the pod is being deleted';
  if (namespace?.state === 'present' && namespace.value.metadata?.deletionTimestamp !== undefined)
    return 'its namespace is being deleted';
  return phase === 'Pending' ? 'the pod has not started yet (Pending)' : null;
}
