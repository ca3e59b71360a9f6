import type { Report, ReportFinding } from '../report.ts';
import { INDENT, proseWidth, TEXT_COLUMN } from './block.ts';
import { fixLines } from './fix-lines.ts';
import type { Ink } from './ink.ts';
import type { Screen } from './table.ts';
import { wrap } from './wrap.ts';

const MARKS: Readonly<Record<ReportFinding['status'], readonly [string, keyof Ink]>> = {
  fail: ['✖', 'bad'],
  warn: ['!', 'unsure'],
  info: ['·', 'faint'],
};

/** What is not a cause but worth knowing: warnings, notes, and failures that cannot cause the error brought. */
export function noticedLines({ findings }: Report, { columns, ink, verbosity }: Screen): string[] {
  const noticed = findings.filter(({ role }) => role === 'noticed');
  if (noticed.length === 0) return [];
  return [
    `${INDENT}Also noticed`,
    ...noticed.flatMap(({ code, message, status, fix }) => {
      const [mark, color] = MARKS[status];
      const [first = '', ...rest] = wrap(`${message} (${code})`, proseWidth(columns) - INDENT.length - 2);
      return [
        `${INDENT}${ink[color](mark)} ${first}`,
        ...rest.map((line) => `${INDENT}${INDENT}${line}`),
        ...(verbosity > 0 ? fixLines(fix, columns, ink) : []),
      ];
    }),
  ];
}

/** Says that `-v` shows how to mend what was noticed; the text's column keeps it apart from the list. */
export function noticedHint({ findings }: Report, verbosity: number): string[] {
  const fixable = findings.some(({ role, fix }) => role === 'noticed' && fix.length > 0);
  return fixable && verbosity === 0 ? [`${TEXT_COLUMN}(-v shows what to do about it)`] : [];
}
