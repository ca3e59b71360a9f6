/** How the time between two looks passes; tests pass a clock of their own. */
export interface Pace {
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** The first pause; each one is twice as long, up to the longest. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** No pause is shorter: Azure rations some reads to one in two seconds. */
  readonly shortestMs: number;
}

/** A change in Azure or the cluster shows after seconds to minutes: often at first, then patiently. */
export const PACE: Pace = {
  now: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  firstMs: 5_000,
  longestMs: 30_000,
  shortestMs: 2_000,
};

/** What is told before each pause. */
export interface Pause {
  /** How often it was looked. */
  readonly looks: number;
  readonly nextMs: number;
  readonly leftMs: number;
}

/**
 * Looks again and again until it is good or time is up; the last look is made when it is, unless it would follow
 * too soon.
 *
 * @returns What was seen last.
 */
export async function lookUntil<Seen>(
  look: () => Promise<Seen>,
  isGood: (seen: Seen) => boolean,
  waitMs: number,
  { onPause, pace = PACE }: { readonly onPause: (pause: Pause, seen: Seen) => void; readonly pace?: Pace },
): Promise<Seen> {
  const deadline = pace.now() + waitMs;
  for (let looks = 1; ; looks++) {
    const seen = await look();
    const leftMs = deadline - pace.now();
    if (isGood(seen) || leftMs < pace.shortestMs) return seen;
    const nextMs = Math.min(pace.firstMs * 2 ** (looks - 1), pace.longestMs, leftMs);
    onPause({ looks, nextMs, leftMs }, seen);
    await pace.sleep(nextMs);
  }
}
