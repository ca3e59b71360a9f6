import { CLOCK_ORDER, isShared } from '../derive/clocks.ts';
import { present, type Present } from '../fact.ts';
import type { ClockName, Clocks } from '../collected-facts.ts';
import { secondsAhead, type AnswerTime } from '../http-date.ts';

const ORIGINS: Readonly<Record<ClockName, string>> = {
  entra: 'Date header of Entra or Azure',
  issuer: 'Date header of the issuer',
  apiServer: 'Date header of the API server',
  machine: "this machine's clock",
};

/** The clocks that answers of a run showed, each by how far it is ahead of this machine's. */
export class ClockWatch {
  readonly #ahead = new Map<ClockName, number>([['machine', 0]]);

  /** Takes note of an answer; the first one of each counts. */
  see(whose: ClockName, answer: AnswerTime): void {
    this.note(whose, secondsAhead(answer, Date.now()));
  }

  note(whose: ClockName, ahead: number | undefined): void {
    if (ahead !== undefined && !this.#ahead.has(whose)) this.#ahead.set(whose, ahead);
  }

  /**
   * What time it is, and what the other clocks show.
   *
   * Entra's clock counts, since Entra judges the token. Without it, in the order issuer, API server, this machine,
   * the first that a second one agrees with counts, else the first at all.
   *
   * @param now This machine's time, in milliseconds.
   */
  facts(now: number): { readonly now: Present<string>; readonly clocks: Present<Clocks> } {
    const seen = CLOCK_ORDER.filter((whose) => this.#ahead.has(whose));
    const relativeTo = (whose: ClockName): Clocks => {
      const base = this.#ahead.get(whose) ?? 0;
      return Object.fromEntries(seen.map((one) => [one, (this.#ahead.get(one) ?? 0) - base]));
    };
    const [first = 'machine'] = seen;
    const shared = seen.find((whose) => isShared(relativeTo(whose))) ?? first;
    const chosen = first === 'entra' ? first : shared;
    const moment = new Date(now + (this.#ahead.get(chosen) ?? 0) * 1000).toISOString();
    return {
      now: present(moment, ORIGINS[chosen]),
      clocks: present(relativeTo(chosen), 'Date headers of answers'),
    };
  }
}
