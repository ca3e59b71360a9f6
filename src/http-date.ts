/** Seconds of difference that a header in whole seconds and the way it travelled account for. */
const NOISE = 5;

/** What an HTTP answer says about the time: its `Date`, and how long a cache has kept it since. */
export interface AnswerTime {
  readonly date: string | null | undefined;
  readonly age?: string | null | undefined;
}

/**
 * How many seconds the clock of whoever answered is ahead of this machine's; negative when it is behind, 0 when
 * they agree.
 *
 * @param now This machine's time when the answer came, in milliseconds.
 * @returns Nothing when the answer does not tell.
 */
export function secondsAhead({ date, age }: AnswerTime, now: number): number | undefined {
  const dated = Date.parse(date ?? '') / 1000;
  if (Number.isNaN(dated)) return undefined;
  const kept = /^\d{1,9}$/.test(age ?? '') ? Number(age) : 0;
  const ahead = Math.round(dated + kept + 0.5 - now / 1000);
  return Math.abs(ahead) <= NOISE ? 0 : ahead;
}
