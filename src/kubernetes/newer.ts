import type { KubernetesObject } from './types.ts';

/**
 * Which of two copies of one object was dumped later.
 *
 * @returns Positive when `b` was, negative when `a` was, 0 when nothing tells.
 */
export function compareAge(a: KubernetesObject, b: KubernetesObject): number {
  const [one, other] = [a.metadata, b.metadata];
  // Another uid under the same name: it was deleted and made again.
  if (one?.uid !== undefined && other?.uid !== undefined && one.uid !== other.uid)
    return Math.sign(timeOf(b) - timeOf(a)) || 0;
  return Math.sign(versionOf(b) - versionOf(a)) || 0;
}

function timeOf({ metadata }: KubernetesObject): number {
  return Date.parse(metadata?.creationTimestamp ?? '');
}

/** Every API server counts them up, and kubectl itself compares them. */
function versionOf({ metadata }: KubernetesObject): number {
  const version = metadata?.resourceVersion ?? '';
  return /^\d+$/.test(version) ? Number(version) : Number.NaN;
}
