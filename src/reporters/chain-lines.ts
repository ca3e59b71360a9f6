import type { ChainState, Report } from '../report.ts';
import { CHAIN } from '../chain.ts';
import type { Ink } from './ink.ts';
import { textWidth } from './text-width.ts';

export const CHAIN_MARKS: Readonly<Record<ChainState, string>> = {
  ok: '✔',
  broken: '✖',
  unknown: '?',
  'not-reached': '·',
};

const INKS: Readonly<Record<ChainState, keyof Ink>> = {
  ok: 'good',
  broken: 'bad',
  unknown: 'unsure',
  'not-reached': 'faint',
};

/** What the marks say, in the order in which they are explained. */
const MEANINGS: Readonly<Record<ChainState, string>> = {
  ok: 'fine',
  broken: 'broken',
  unknown: 'could not be looked at',
  'not-reached': 'not reached',
};

const JOINT = ' ─ ';
const LEGEND_GAP = '   ';

/** Name of a link on the screen. */
export function linkLabel(link: string): string {
  return CHAIN.find((known) => known.link === link)?.label ?? link;
}

/** The chain from pod to Entra with the state of each link, folded between links. */
export function chainLines({ chain }: Report, room: number, ink: Ink): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  chain.forEach(({ link, state }, index) => {
    const label = linkLabel(link);
    const mark = ink[INKS[state]](CHAIN_MARKS[state]);
    const joint = index < chain.length - 1 ? ink.faint(JOINT.trimEnd()) : '';
    const needed = textWidth(label) + 2 + (joint === '' ? 0 : JOINT.length - 1);
    if (width > 0 && width + 1 + needed > room) {
      lines.push(line);
      line = '';
      width = 0;
    }
    line += `${width > 0 ? ' ' : ''}${state === 'broken' ? ink.strong(label) : label} ${mark}${joint}`;
    width += needed + (width > 0 ? 1 : 0);
  });
  return line === '' ? lines : [...lines, line];
}

/**
 * What the marks of this chain mean; no line where they explain themselves. A link that could not be looked at is
 * no good sign, so it must not be read as one; an exchange is only made when asked for, so that it is open is no news.
 */
export function chainLegend({ chain }: Report, verbosity: number, room: number, ink: Ink): string[] {
  const isTelling = chain.some(
    ({ link, state }) => state === 'unknown' || (state === 'not-reached' && link !== 'exchange'),
  );
  if (chain.length === 0 || (!isTelling && verbosity === 0)) return [];
  const states = new Set(chain.map(({ state }) => state));
  const lines: string[] = [];
  let width = 0;
  for (const [state, words] of Object.entries(MEANINGS) as [ChainState, string][]) {
    if (!states.has(state)) continue;
    const entry = `${ink[INKS[state]](CHAIN_MARKS[state])} ${ink.faint(words)}`;
    const needed = textWidth(words) + 2;
    const isFirst = lines.length === 0 || width + LEGEND_GAP.length + needed > room;
    if (isFirst) lines.push(entry);
    else lines[lines.length - 1] += LEGEND_GAP + entry;
    width = isFirst ? needed : width + LEGEND_GAP.length + needed;
  }
  return lines;
}
