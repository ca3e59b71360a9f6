import { fixPlan } from '../fix-plan.ts';
import type { Report, Verdict } from '../report.ts';
import { askingTitle } from './asking.ts';
import { commandLine, INDENT, labelledBlock, proseWidth, TEXT_COLUMN, textBlock } from './block.ts';
import { broughtErrors } from './brought-errors.ts';
import { chainLegend, chainLines } from './chain-lines.ts';
import { countLine } from './count-line.ts';
import { detailLines } from './detail-lines.ts';
import { fixLines } from './fix-lines.ts';
import type { Ink } from './ink.ts';
import { noticedLines } from './noticed-lines.ts';
import { printableCopy } from './printable-copy.ts';
import { problemLines } from './problem-lines.ts';
import { problemsOf, type Problem } from './problems.ts';
import { requestWords } from './request-words.ts';
import { unknownGroups } from './unknown-groups.ts';
import { wrap } from './wrap.ts';
import type { Screen } from './screen.ts';

const MARKS: Readonly<Record<Verdict, readonly [string, keyof Ink]>> = {
  healthy: ['✔', 'good'],
  problem: ['✖', 'bad'],
  inconclusive: ['?', 'unsure'],
  error: ['!', 'bad'],
};

function headlineLines({ verdict, headline, findings }: Report, { columns, ink }: Screen): string[] {
  // A problem that is one only because of --fail-on warn still works today.
  const onlyWarned = verdict === 'problem' && findings[0]?.status === 'warn';
  const [mark, color] = onlyWarned ? (['!', 'unsure'] as const) : MARKS[verdict];
  return wrap(headline, proseWidth(columns) - 2).map((line, index) =>
    index === 0 ? `${ink[color](mark)} ${ink.strong(line)}` : INDENT + ink.strong(line),
  );
}

/** How to see that the fixes took: each command once. */
function verifyLines(problems: readonly Problem[], { columns, ink }: Screen): string[] {
  const looks = new Map(problems.map(({ finding }) => [finding.verify, finding.verifyNote]));
  return [...looks].flatMap(([verify, note]) => [
    commandLine('Verify', verify, ink),
    ...(note === undefined ? [] : textBlock(`(${note})`, columns).map((line) => ink.faint(line))),
  ]);
}

/** Each problem, and below the last what to run for all of them, in the order in which it helps. */
function problemBlocks(report: Report, screen: Screen): string[][] {
  const problems = problemsOf(report);
  const plan = fixPlan(problems.map(({ finding }) => finding));
  const fixes = fixLines(plan, problems.length > 1, screen.columns, screen.ink);
  const mending = [...fixes, ...verifyLines(problems, screen)];
  const blocks = problems.map((problem) => problemLines(problem, report, screen));
  const [only] = blocks;
  if (blocks.length === 1 && only) return [[...only, ...(fixes.length > 0 ? [''] : []), ...mending]];
  return [...blocks, mending];
}

/** Whoever lacks a right cannot grant it. */
function nextNote(next: string, columns: number): string[] {
  return /\bwi-doctor rbac /.test(next)
    ? textBlock('(for a cluster admin: grants the rights to read what is missing)', columns)
    : [];
}

function openBlock(report: Report, screen: Screen): string[] {
  const { verdict, next, ask = [] } = report;
  if (verdict !== 'inconclusive') return askLines(report, screen).slice(1);
  const groups = unknownGroups(report);
  return [
    ...(groups.length > 0 ? [INDENT + screen.ink.strong('Could not be checked')] : []),
    ...groups.flatMap(({ what, reason }) => textBlock(`${what}: ${reason}`, screen.columns)),
    ...askLines(report, screen),
    ...(next === null ? [] : ['', commandLine(ask.length > 0 ? 'Then' : 'Next', next, screen.ink)]),
    ...(next === null ? [] : nextNote(next, screen.columns)),
  ];
}

/** What only those can run who have the cluster, as bare commands to send them. */
function askLines({ verdict, ask = [] }: Report, { ink }: Screen): string[] {
  if (ask.length === 0) return [];
  return [
    '',
    INDENT + ink.strong(askingTitle({ verdict })),
    ...ask.map(({ command }) => TEXT_COLUMN + ink.command(command)),
  ];
}

function quietLines(report: Report, screen: Screen): string[] {
  const { steps } = fixPlan(problemsOf(report).map(({ finding }) => finding));
  const asked = (report.ask ?? []).map(({ command }) => command);
  const commands = report.next === null ? steps.map(({ command }) => command) : [...asked, report.next];
  return [
    ...headlineLines(report, screen),
    ...commands.map((command) => INDENT + screen.ink.command(command)),
  ];
}

function requestBlock({ requests }: Report, { columns }: Screen): string[] {
  if (requests.length === 0) return [];
  const text = `Besides reads, this run asked for: ${requestWords(requests).join(', ')}`;
  return wrap(text, proseWidth(columns) - INDENT.length).map((line) => INDENT + line);
}

/** The whole screen: headline, chain, each cause with proof and fix, what was noticed, one line of counts. */
export function renderTable(original: Report, screen: Screen): string {
  const report = printableCopy(original);
  if (screen.quiet) return `${quietLines(report, screen).join('\n')}\n`;
  const { columns, ink, verbosity } = screen;
  const room = columns - INDENT.length;
  const chain = [...chainLines(report, room, ink), ...chainLegend(report, verbosity, room, ink)].map(
    (line) => INDENT + line,
  );
  const told = report.verdict === 'inconclusive';
  const reasons = told ? 'none' : verbosity > 0 ? 'all' : 'few';
  const counts = wrap(countLine(report, reasons), proseWidth(columns) - INDENT.length);
  const blocks = [
    headlineLines(report, screen),
    chain,
    broughtErrors(report).flatMap(({ text, notes }) => [
      ...labelledBlock('Error', text, columns, ink.strong),
      ...notes.flatMap((note) => textBlock(note, columns)),
    ]),
    ...problemBlocks(report, screen),
    openBlock(report, screen),
    noticedLines(report, screen),
    ...(verbosity > 0 ? detailLines(report, screen) : []),
    requestBlock(report, screen),
    report.checks.length === 0 ? [] : counts.map((line) => INDENT + line),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
