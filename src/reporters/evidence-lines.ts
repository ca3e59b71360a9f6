import type { ReportEvidence } from '../report.ts';
import { areAlike, linesOf, markedLines, type MarkedLine } from './compared-values.ts';
import type { Ink } from './ink.ts';
import { padToWidth, textWidth } from './text-width.ts';
import { wrap } from './wrap.ts';

/** Keeps a long credential name from pushing the values out of sight. */
const LONGEST_LABEL = 24;
const GAP = '   ';
/** Where a value may stand that is too wide for its own place. */
const LESS_INDENT = 4;
const LEAST_INDENT = 2;

/** Where evidence stands. */
export interface Place {
  /** Cells per line of the terminal. */
  readonly columns: number;
  /** Cells before each line. */
  readonly indent: number;
}

interface Labels {
  readonly expected: string;
  readonly observed: string;
}

function labelsOf({ labels, expected }: ReportEvidence): Labels {
  if (labels) return labels;
  return { expected: 'expected', observed: expected === null ? 'seen' : 'observed' };
}

/** How labels and values are set: in two columns, or each value below its label. */
interface Setting {
  readonly indent: number;
  /** Cells of the column for labels; 0 where values stand below them. */
  readonly column: number;
  /** Cells for each line of a value. */
  readonly room: number;
}

/** Cells that values need so that no word is broken which fits on a line at all, and a caret stands behind it. */
function widestWord(values: readonly string[], most: number): number {
  const widths = values.flatMap((text) => text.split(' ').map((word) => textWidth(word) + 1));
  return Math.max(0, ...widths.filter((width) => width <= most));
}

/** Two columns where no value is broken by them; below the label where that keeps a value whole. */
function settingOf({ observed, expected }: Labels, values: readonly string[], place: Place): Setting {
  const { columns, indent } = place;
  const longest = Math.max(textWidth(observed), textWidth(expected));
  const column = Math.max(longest, 7) + GAP.length;
  const beside: Setting = { indent, column, room: columns - indent - column };
  const word = widestWord(values, columns - LEAST_INDENT);
  if (longest <= LONGEST_LABEL && word <= beside.room) return beside;
  const below = [indent, LESS_INDENT].find((one) => columns - one >= word) ?? LEAST_INDENT;
  return { indent: below, column: 0, room: columns - below };
}

/** The lines of a value behind its label, or below it, each with its carets below it. */
function labelled(
  label: string,
  lines: readonly MarkedLine[],
  { indent, column, room }: Setting,
  ink: Ink,
): string[] {
  const margin = ' '.repeat(indent);
  return [
    ...(column === 0 ? wrap(label, room).map((line) => margin + line) : []),
    ...lines.flatMap(({ text, carets }, index) => [
      (
        margin +
        padToWidth(index === 0 && column > 0 ? label : '', column) +
        (text === '' ? '(empty)' : text)
      ).trimEnd(),
      ...(carets === '' ? [] : [ink.bad(margin + ' '.repeat(column) + carets)]),
    ]),
  ];
}

function plain(text: string): MarkedLine {
  return { text, carets: '' };
}

function compared(expected: string, evidence: ReportEvidence, place: Place, ink: Ink): string[] {
  const { observed, difference } = evidence;
  const labels = labelsOf(evidence);
  const areMarked = areAlike(expected, observed);
  // Values that are compared letter by letter stand in one column.
  const seen = settingOf(labels, areMarked ? [expected, observed] : [observed], place);
  const wanted = areMarked ? seen : settingOf(labels, [expected], place);
  const lines = markedLines(expected, observed, seen.room);
  const last = lines.at(-1)?.carets ?? '';
  // The mark needs a word; values that have nothing in common speak for themselves.
  const note = areMarked ? difference : null;
  const isBeside = note !== null && last !== '' && textWidth(`${last} ${note}`) <= seen.room;
  const below = note === null || isBeside ? [] : wrap(note, seen.room);
  const margin = ' '.repeat(seen.indent + seen.column);
  const shown = labelled(labels.observed, lines, seen, ink);
  return [
    ...labelled(labels.expected, linesOf(expected, wanted.room).map(plain), wanted, ink),
    ...shown.map((line, index) => (isBeside && index === shown.length - 1 ? `${line} ${note}` : line)),
    ...below.map((line) => margin + line),
  ];
}

function sourceLines({ source, path }: ReportEvidence, { columns, indent }: Place, ink: Ink): string[] {
  const origin = [source, path].filter((part) => part !== '').join(', ');
  return wrap(`in ${origin}`, columns - indent).map((line) => ' '.repeat(indent) + ink.faint(line));
}

/**
 * The lines of one piece of evidence: what was wanted above what was seen, the difference marked below. A value is
 * never shortened, and only broken where it does not fit on any line.
 *
 * @param options.differenceSaid True when the sentence above already names the kind of difference.
 * @param options.source Whether to say where it was seen even if its labels do.
 */
export function evidenceLines(
  evidence: ReportEvidence,
  place: Place,
  ink: Ink,
  options: { readonly differenceSaid: boolean; readonly source: boolean },
): string[] {
  const { expected, observed, labels } = evidence;
  const source = options.source || !labels ? sourceLines(evidence, place, ink) : [];
  const shown = options.differenceSaid ? { ...evidence, difference: null } : evidence;
  const names = { ...labelsOf(evidence), ...(expected === null ? { expected: '' } : {}) };
  if (expected !== null) return [...source, ...compared(expected, shown, place, ink)];
  const setting = settingOf(names, [observed], place);
  return [...source, ...labelled(names.observed, wrap(observed, setting.room).map(plain), setting, ink)];
}
