import type { ReportRequest } from '../report.ts';

/**
 * Requests as a reader wants them, one for each place: `GET …/pods/web/exec (5 times)`. What was run in a container
 * one way after the other is one request to them; the report itself holds each.
 */
export function requestWords(requests: readonly ReportRequest[]): string[] {
  const counts = new Map<string, number>();
  for (const { method, target } of requests) {
    const place = `${method} ${target.replace(/\?.*$/s, '')}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].map(([place, count]) => (count === 1 ? place : `${place} (${count} times)`));
}
