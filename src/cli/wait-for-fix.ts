import { affectedBy, type Affected } from '../affected.ts';
import type { Check } from '../define-check.ts';
import type { Earlier } from '../earlier.ts';
import { WiDoctorError } from '../errors.ts';
import type { FactSet } from '../collected-facts.ts';
import { propagationWords } from '../propagation.ts';
import type { Report } from '../report.ts';
import { ClockWatch } from '../sources/clocks.ts';
import { durationWords } from '../sources/token/time-words.ts';
import { controllerToFollow, isGoing, type Named } from './follow-controller.ts';
import { existenceOf } from './gather.ts';
import type { Progress } from './progress.ts';
import { lookUntil, PACE, type Pace, type Pause } from './wait.ts';

/** One look and what came of it. */
export interface Seen {
  readonly set: FactSet;
  readonly report: Report;
}

export interface Waiting {
  readonly start: Named;
  readonly checks: readonly Check[];
  readonly failOn: 'fail' | 'warn';
  readonly waitMs: number;
  readonly progress: Pick<Progress, 'show' | 'note'>;
  /** Looks at an object; after an earlier look only at what that leaves open. */
  readonly look: (named: Named, earlier: Earlier | null, clocks: ClockWatch) => Promise<Seen>;
  readonly pace?: Pace;
}

function wordsFor({ kind, name }: Named): string {
  return kind.ref === null ? 'the cluster' : `${kind.kind.toLowerCase()} ${name}`;
}

/** Why a verdict that nothing speaks against is no healthy one: the same twice in a row stays so. */
function gapsOf({ checks }: Report, { checks: open }: Affected): string {
  return JSON.stringify(checks.filter(({ id }) => open.includes(id)).map(({ id, reason }) => [id, reason]));
}

function seconds(milliseconds: number): string {
  return durationWords(Math.ceil(milliseconds / 1000));
}

/** Runs the affected checks again and again; what one look after another comes to. */
class Wait {
  readonly #options: Waiting;
  readonly #clocks: ClockWatch = new ClockWatch();
  #named: Named;
  #seen: Seen | null = null;
  #affected: Affected = { checks: [], sources: new Set() };
  /** Ids of checks that failed in any look. */
  readonly #failed: Set<string> = new Set();
  /** Why the last look showed nothing; null when it did. */
  #trouble: string | null = null;
  #seenAt = 0;
  #gaps: string | null = null;
  #settled = false;

  constructor(options: Waiting) {
    this.#options = options;
    this.#named = options.start;
  }

  get isOver(): boolean {
    return this.#trouble === null && (this.#seen?.report.verdict === 'healthy' || this.#settled);
  }

  /** One look; a later one that fails is only taken note of. */
  async look(now: number): Promise<void> {
    const { set: known } = this.#seen ?? {};
    const again = this.#affected.sources;
    try {
      await this.#take(known ? { set: known, again, clocks: this.#clocks } : null, now);
    } catch (error) {
      if (this.#seen === null || !(error instanceof WiDoctorError)) throw error;
      this.#troubled(error.message.replace(/\.$/, ''));
    }
  }

  async #take(earlier: Earlier | null, now: number): Promise<void> {
    const next = await this.#options.look(this.#named, earlier, this.#clocks);
    const existence = existenceOf(this.#named.kind, next.set);
    if (earlier !== null && existence?.state === 'unknown') return this.#troubled(existence.reason);
    if (earlier !== null && isGoing(this.#named, next.set)) {
      const controller = controllerToFollow(this.#named, earlier.set);
      if (controller !== null) return this.#follow(controller, now);
      if (existence?.state === 'absent') return this.#troubled(`${wordsFor(this.#named)} is gone`);
    }
    this.#accept(next, now);
  }

  async #follow(controller: Named, now: number): Promise<void> {
    const { progress } = this.#options;
    progress.note(`${wordsFor(this.#named)} is gone; looking at ${wordsFor(controller)} from now on.`);
    this.#named = controller;
    await this.#take(null, now);
  }

  #troubled(reason: string): void {
    if (this.#trouble !== reason) this.#options.progress.note(`${reason}; trying again.`);
    this.#trouble = reason;
  }

  #accept(next: Seen, now: number): void {
    const { checks, failOn } = this.#options;
    const { report } = next;
    this.#trouble = null;
    this.#seen = next;
    this.#seenAt = now;
    for (const { id, status } of report.checks)
      if (status === 'fail' || (status === 'warn' && failOn === 'warn')) this.#failed.add(id);
    this.#affected = affectedBy(report, checks, this.#failed, failOn);
    const lost = this.#affected.checks.some((id) => this.#failed.has(id));
    const gaps = report.verdict === 'inconclusive' && !lost ? gapsOf(report, this.#affected) : null;
    // Nothing fails, and what cannot be seen does not come into sight either: no use waiting for it.
    this.#settled = gaps !== null && gaps === this.#gaps;
    this.#gaps = gaps;
  }

  /** What is waited for, and how long still. */
  words({ looks, nextMs, leftMs }: Pause): string {
    const codes = this.#seen?.report.rootCauses.join(', ') ?? '';
    const lost = this.#affected.checks.some((id) => this.#failed.has(id));
    const unseen = lost
      ? 'what failed cannot be seen now'
      : 'no failure is left, but not all could be checked';
    const open = codes === '' ? unseen : `${codes} still there`;
    const clock = this.#seen === null ? null : propagationWords(this.#seen.set);
    const count = looks === 1 ? 'once' : `${looks} times`;
    return [
      this.#trouble === null ? open : `${open}; ${this.#trouble}`,
      ...(clock === null ? [] : [clock]),
      `looked ${count}, next look in ${seconds(nextMs)}, ${seconds(leftMs)} left`,
    ].join('\n  ');
  }

  /** What was seen last. @throws {WiDoctorError} `NOT_FOUND` when the object is gone for good. */
  result(now: number): Report {
    const { progress, waitMs } = this.#options;
    if (this.#seen === null) throw new TypeError('nothing was looked at');
    const { report } = this.#seen;
    if (this.#trouble === null) return report;
    if (this.#trouble === `${wordsFor(this.#named)} is gone`) {
      throw new WiDoctorError(
        'NOT_FOUND',
        `There is no ${wordsFor(this.#named)} any more, and none of that name came back within ${seconds(waitMs)}.`,
        { hint: `When it was last seen: ${report.headline}` },
      );
    }
    progress.note(`the last look came to nothing; the report is ${seconds(now - this.#seenAt)} old.`);
    return report;
  }
}

/** A countdown on a terminal must move. */
const TICK_MS = 1_000;

/**
 * Runs the checks that did not pass again until they do or time is up; only their sources are looked at again.
 *
 * Ends early when nothing fails any more and what could not be looked at stays so.
 *
 * @returns The report of the last look that showed anything.
 */
export async function waitForFix(options: Waiting): Promise<Report> {
  const { progress, waitMs, pace = PACE } = options;
  const wait = new Wait(options);
  let ticker: NodeJS.Timeout | undefined;
  try {
    await lookUntil(
      async () => {
        clearInterval(ticker);
        await wait.look(pace.now());
      },
      () => wait.isOver,
      waitMs,
      {
        pace,
        onPause: (pause) => {
          const begun = pace.now();
          const show = (): void => {
            const gone = pace.now() - begun;
            const left = (milliseconds: number): number => Math.max(0, milliseconds - gone);
            progress.show(wait.words({ ...pause, nextMs: left(pause.nextMs), leftMs: left(pause.leftMs) }));
          };
          show();
          ticker = setInterval(show, TICK_MS);
        },
      },
    );
  } finally {
    clearInterval(ticker);
  }
  return wait.result(pace.now());
}
