import type { Event } from '../kubernetes/types.ts';

/** When an event was last seen, RFC 3339; empty when it carries no time. */
export function lastSeen({ lastTimestamp, series, eventTime, firstTimestamp }: Event): string {
  return series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? firstTimestamp ?? '';
}
