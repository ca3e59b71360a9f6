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

const JOINT = ' ─ ';

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
