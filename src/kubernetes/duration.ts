import { WiDoctorError } from '../errors.ts';

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};

/**
 * Milliseconds of a Go duration (`1m30s`, `500ms`, `1.5h`) or of plain seconds (`30`), as kubectl reads
 * `--request-timeout`. Undefined when the text is neither.
 */
export function parseDuration(text: string): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  if (
    !/^(?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|m|s|us|µs|μs|ns)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|m|s|us|µs|μs|ns))*$/.test(
      text,
    )
  ) {
    return undefined;
  }
  let total = 0;
  for (const [, number, unit] of text.matchAll(/([\d.]+)(h|ms|m|s|us|µs|μs|ns)/g)) {
    total += Number(number) * (UNITS[unit ?? ''] ?? 0);
  }
  return total;
}

/** The longest wait that a timer of Node can hold. */
const LONGEST = 2 ** 31 - 1;

/**
 * The time limit of one request in milliseconds.
 *
 * `0` means "no limit" to kubectl; here it means `standard`, since nothing may wait for ever.
 *
 * @throws WiDoctorError USAGE for a text that is no duration.
 */
export function requestTimeout(text: string | undefined, standard: number): number {
  if (text === undefined || text === '') return standard;
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) {
    throw new WiDoctorError('USAGE', `--request-timeout: '${text}' is no duration.`, {
      hint: 'Write it as 30s, 2m or 1m30s.',
    });
  }
  if (milliseconds === 0) return standard;
  return Math.min(Math.max(1, Math.ceil(milliseconds)), LONGEST);
}
