import { differingSpans, type Span } from './differing-spans.ts';
import { fold, type FoldedLine } from './fold.ts';
import { textWidth } from './text-width.ts';

/** A stretch of the observed value as it stands on the screen. */
export interface MarkedLine {
  readonly text: string;
  /** Blanks and carets for the line below; empty when nothing differs in this stretch. */
  readonly carets: string;
}

/** The part of a span that stands on a line; null where it stands on another one. */
function onLine({ start, end }: Span, line: FoldedLine, isLast: boolean): Span | null {
  const lineEnd = line.start + line.text.length;
  const isHere =
    start === end
      ? // What is missing where a line was broken is marked at the beginning of the next.
        start >= line.start && (start < lineEnd || (isLast && start === lineEnd))
      : start < lineEnd && end > line.start;
  return isHere
    ? { start: Math.max(start, line.start) - line.start, end: Math.min(end, lineEnd) - line.start }
    : null;
}

function caretLine(text: string, spans: readonly Span[]): string {
  let line = '';
  for (const { start, end } of spans) {
    const column = textWidth(text.slice(0, start));
    const width = Math.max(1, textWidth(text.slice(start, end)));
    line = line.padEnd(column) + '^'.repeat(width);
  }
  return line;
}

/** Words that tell what would be right, such as `a public https URL`, are no value to compare letter by letter. */
function isDescription(text: string): boolean {
  return text.trim().split(' ').length > 2;
}

/** The marks of `observed`; none where the two are not to be compared letter by letter. */
function marksOf(expected: string, observed: string): Span[] {
  return isDescription(expected) ? [] : differingSpans(expected, observed);
}

/** Whether carets can show where two values differ. */
export function areAlike(expected: string, observed: string): boolean {
  return marksOf(expected, observed).length > 0;
}

/** A value in lines of at most `room` cells, folded where it can be read best. A caret may stand one cell behind it. */
function folded(value: string, room: number): FoldedLine[] {
  return textWidth(value) < room ? [{ text: value, start: 0 }] : fold(value, room - 1, 'value');
}

/** A value that others are compared with, in lines of at most `room` cells. */
export function linesOf(value: string, room: number): string[] {
  return folded(value, room).map(({ text }) => text);
}

/** A value in lines of at most `room` cells, with carets below what differs from the expected one. */
export function markedLines(expected: string, observed: string, room: number): MarkedLine[] {
  const spans = marksOf(expected, observed);
  const lines = folded(observed, room);
  return lines.map((line, index) => ({
    text: line.text,
    carets: caretLine(
      line.text,
      spans.flatMap((span) => onLine(span, line, index === lines.length - 1) ?? []),
    ),
  }));
}
