import type { ClockName, Clocks } from '../collected-facts.ts';
import { durationWords } from '../sources/token/time-words.ts';

/** Whose clock counts first. */
export const CLOCK_ORDER: readonly ClockName[] = ['entra', 'issuer', 'apiServer', 'machine'];

/** Seconds by which two clocks that are right may differ. */
const SLACK = 120;

const NAMES: Readonly<Record<ClockName, string>> = {
  entra: 'Entra',
  issuer: 'the issuer',
  apiServer: 'the API server',
  machine: 'this machine',
};

function seenIn(clocks: Clocks): readonly (readonly [ClockName, number])[] {
  return CLOCK_ORDER.flatMap((whose) => {
    const ahead = clocks[whose];
    return ahead === undefined ? [] : [[whose, ahead] as const];
  });
}

/** Whether a second clock shows the time that `now` is. */
export function isShared(clocks: Clocks): boolean {
  return seenIn(clocks).filter(([, ahead]) => Math.abs(ahead) <= SLACK).length > 1;
}

/**
 * Whether `now` can be judged by: Entra's clock says so, or two clocks and none from outside against them. The API
 * server may run on this very machine, so the two of them alone do not overrule the issuer.
 */
export function isConfirmed(clocks: Clocks): boolean {
  return clocks.entra === 0 || (isShared(clocks) && Math.abs(clocks.issuer ?? 0) <= SLACK);
}

/** Whose clock `now` is of: `the issuer`. */
export function clockWords(clocks: Clocks): string {
  const [whose] = seenIn(clocks).find(([, ahead]) => ahead === 0) ?? ['machine'];
  return NAMES[whose];
}

/** How far a clock is off: in minutes where it is many, since the time of an answer is told in whole seconds. */
export function gapWords(ahead: number): string {
  const gap = Math.abs(ahead);
  return durationWords(gap < 600 ? gap : Math.round(gap / 60) * 60);
}

/** How the clocks differ from `now`: `the clock of this machine is 1 hour behind that of the API server`. */
export function differenceWords(clocks: Clocks): string {
  const clock = clockWords(clocks);
  const apart = seenIn(clocks).filter(([, ahead]) => Math.abs(ahead) > SLACK);
  if (apart.length === 0) return `no clock but that of ${clock} was seen`;
  return apart
    .map(([whose, ahead]) => {
      const gap = `${gapWords(ahead)} ${ahead > 0 ? 'ahead of' : 'behind'}`;
      return `the clock of ${NAMES[whose]} is ${gap} that of ${clock}`;
    })
    .join(' and ');
}
