import { fixPlan } from '../fix-plan.ts';
import type { Report, ReportFinding } from '../report.ts';
import { INDENT, proseWidth } from './block.ts';
import { fixLines } from './fix-lines.ts';
import type { Ink } from './ink.ts';
import type { Screen } from './screen.ts';
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
  const fixable = noticed.some(({ fix }) => fix.length > 0);
  const hint = fixable && verbosity === 0 ? ' (-v shows what to do about it)' : '';
  return [
    `${INDENT}${ink.strong('Also noticed')}${hint}`,
    ...noticed.flatMap(({ code, message, status, fix }) => {
      const [mark, color] = MARKS[status];
      const plan = fixPlan([{ code, fix }]);
      const [first = '', ...rest] = wrap(`${message} (${code})`, proseWidth(columns) - INDENT.length - 2);
      return [
        `${INDENT}${ink[color](mark)} ${first}`,
        ...rest.map((line) => `${INDENT}${INDENT}${line}`),
        ...(verbosity > 0
          ? fixLines(plan, false, columns - INDENT.length, ink).map((line) => INDENT + line)
          : []),
      ];
    }),
  ];
}
