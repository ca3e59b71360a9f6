const UNITS: readonly (readonly [seconds: number, one: string])[] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/**
 * A moment and how far it lies from now: `2026-01-01T12:00:00Z (5 minutes ago)`.
 *
 * @param seconds Since 1970.
 * @param now Milliseconds since 1970; when it is no number, only the moment is given.
 */
export function timeWords(seconds: number, now: number): string {
  const moment = new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  if (Number.isNaN(now)) return moment;
  const away = Math.round(seconds - now / 1000);
  if (away === 0) return `${moment} (now)`;
  return `${moment} (${away > 0 ? `in ${durationWords(away)}` : `${durationWords(-away)} ago`})`;
}

/** A span in its two largest units: `1 hour`, `2 days 3 hours`. */
export function durationWords(seconds: number): string {
  if (seconds < 0) return `minus ${durationWords(-seconds)}`;
  let rest = Math.round(seconds);
  if (rest === 0) return '0 seconds';
  const parts: string[] = [];
  for (const [size, name] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
    // A minute is not worth telling beside days.
    if (parts.length > 0 && (parts.length === 2 || count === 0)) break;
  }
  return parts.join(' ');
}

/** A moment in RFC 3339 as seconds since 1970; not a number when it is no moment. */
export function epochSeconds(moment: string): number {
  return Date.parse(moment) / 1000;
}
