import type { KubernetesObject } from './types.ts';

/** Members that tell when something happened; others, such as the end of a certificate, lie ahead. */
const PAST: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'firstTimestamp',
  'lastTimestamp',
  'eventTime',
  'lastObservedTime',
  'lastTransitionTime',
  'lastUpdateTime',
  'lastProbeTime',
  'lastHeartbeatTime',
  'startTime',
  'startedAt',
  'finishedAt',
  'completionTime',
  'lastScheduleTime',
  'renewTime',
  'time',
]);
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/**
 * The newest moment at which something happened to any of the objects: they were looked at no earlier.
 *
 * @param limit Moments after this one are not believed. RFC 3339 in UTC.
 */
export function newestMoment(objects: readonly KubernetesObject[], limit: string): string | null {
  let newest: string | null = null;
  const pending: unknown[] = [...objects];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, member] of Object.entries(value)) {
      if (typeof member === 'object' && member !== null) pending.push(member);
      if (typeof member !== 'string' || !PAST.has(key) || !MOMENT.test(member)) continue;
      if (member <= limit && (newest === null || member > newest)) newest = member;
    }
  }
  return newest;
}
