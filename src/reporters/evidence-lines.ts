import type { ReportEvidence } from '../report.ts';
import { comparedRows } from './compared-values.ts';
import type { Ink } from './ink.ts';
import { cutToWidth, padToWidth, textWidth, withoutMiddle } from './text-width.ts';
import { wrap } from './wrap.ts';

/** Keeps a long credential name from pushing the values out of sight. */
const LONGEST_LABEL = 24;
const GAP = '   ';

interface Labels {
  readonly expected: string;
  readonly observed: string;
}

function labelsOf({ labels, expected }: ReportEvidence): Labels {
  if (labels) return labels;
  return { expected: 'expected', observed: expected === null ? 'seen' : 'observed' };
}

function column(labels: Labels): number {
  const longest = Math.max(textWidth(labels.expected), textWidth(labels.observed));
  return longest > LONGEST_LABEL ? 0 : Math.max(longest, 7) + GAP.length;
}

/** `text` behind a label, or below it where the label is too long for a column of its own. */
function labelled(label: string, width: number, text: string): string[] {
  return width === 0 ? [label, text] : [padToWidth(label, width) + text];
}

function compared(
  expected: string,
  { observed, difference }: ReportEvidence,
  labels: Labels,
  room: number,
  ink: Ink,
): string[] {
  const width = column(labels);
  const rows = comparedRows(expected, observed, room - width);
  const shown = (label: string, text: string, isFirst: boolean): string[] => {
    if (isFirst) return labelled(cutToWidth(label, room), width, text === '' ? '(empty)' : text);
    return text === '' ? [] : [' '.repeat(width) + text];
  };
  const lines = rows.flatMap((row, index) => [
    ...shown(labels.expected, row.expected, index === 0),
    ...shown(labels.observed, row.observed, index === 0),
    ...(row.carets === '' ? [] : [ink.bad(' '.repeat(width) + row.carets)]),
  ]);
  if (difference === null) return lines;
  const note = rows.length === 1 ? (rows[0]?.carets ?? '') : '';
  const beside = note !== '' && width + textWidth(note) + 1 + textWidth(difference) <= room;
  if (!beside) return [...lines, ...wrap(difference, room - width).map((line) => ' '.repeat(width) + line)];
  return [...lines.slice(0, -1), `${ink.bad(' '.repeat(width) + note)} ${difference}`];
}

/**
 * The lines of one piece of evidence: what was wanted above what was seen, the difference marked below.
 *
 * @param room Cells for each line.
 * @param options.differenceSaid True when the sentence above already names the kind of difference.
 * @param options.source Whether to say where it was seen even if its labels do.
 */
export function evidenceLines(
  evidence: ReportEvidence,
  room: number,
  ink: Ink,
  options: { readonly differenceSaid: boolean; readonly source: boolean },
): string[] {
  const labels = labelsOf(evidence);
  const width = column(labels);
  const origin = [evidence.source, evidence.path].filter((part) => part !== '').join(', ');
  const source =
    options.source || !evidence.labels ? [ink.faint(`in ${withoutMiddle(origin, room - 3)}`)] : [];
  const shown = options.differenceSaid ? { ...evidence, difference: null } : evidence;
  if (evidence.expected !== null)
    return [...source, ...compared(evidence.expected, shown, labels, room, ink)].map((line) =>
      line.trimEnd(),
    );
  const value = wrap(evidence.observed === '' ? '(empty)' : evidence.observed, room - width);
  return [
    ...source,
    ...value.flatMap((line, index) =>
      index === 0 ? labelled(cutToWidth(labels.observed, room), width, line) : [' '.repeat(width) + line],
    ),
  ];
}
