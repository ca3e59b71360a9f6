import { differingSpans, type Span } from './differing-spans.ts';
import { fitting, textWidth, withoutMiddle } from './text-width.ts';

/** A stretch of the two values as it stands on the screen, one above the other. */
export interface ComparedRow {
  readonly expected: string;
  readonly observed: string;
  /** Blanks and carets for the line below `observed`; empty when nothing differs in this row. */
  readonly carets: string;
}

function caretLine(observed: string, spans: readonly Span[]): string {
  let line = '';
  for (const { start, end } of spans) {
    const column = textWidth(observed.slice(0, start));
    const width = Math.max(1, textWidth(observed.slice(start, end)));
    line = line.padEnd(column) + '^'.repeat(width);
  }
  return line;
}

function rowOf(expected: string, observed: string, spans: readonly Span[]): ComparedRow {
  return { expected, observed, carets: caretLine(observed, spans) };
}

/** Fewer cells than this beside a difference show nothing of the value around it. */
const LEAST_CONTEXT = 12;

/** What the values have in common is shortened on both sides of the difference; null when even that is too long. */
function shortened(
  expected: string,
  observed: string,
  spans: readonly Span[],
  room: number,
): ComparedRow | null {
  const start = spans[0]?.start ?? 0;
  const tail = observed.length - (spans.at(-1)?.end ?? observed.length);
  const before = observed.slice(0, start);
  const after = observed.slice(observed.length - tail);
  const wanted = expected.slice(start, expected.length - tail);
  const seen = observed.slice(start, observed.length - tail);
  const context = room - Math.max(textWidth(wanted), textWidth(seen), 1);
  if (context < LEAST_CONTEXT) return null;
  const half = Math.floor(context / 2);
  const afterRoom = Math.max(half, context - textWidth(before));
  const shortAfter = withoutMiddle(after, afterRoom);
  const shortBefore = withoutMiddle(before, context - textWidth(shortAfter));
  const moved = shortBefore.length - before.length;
  return rowOf(
    shortBefore + wanted + shortAfter,
    shortBefore + seen + shortAfter,
    spans.map((span) => ({ start: span.start + moved, end: span.end + moved })),
  );
}

/** Both values in rows of `room` cells, so that what belongs together stays one above the other. */
function folded(expected: string, observed: string, spans: readonly Span[], room: number): ComparedRow[] {
  const rows: ComparedRow[] = [];
  let wanted = expected;
  let offset = 0;
  while (wanted !== '' || offset < observed.length) {
    const wantedPart = fitting(wanted, room);
    const part = fitting(observed.slice(offset), room);
    const end = offset + part.length;
    const isLast = end >= observed.length;
    const inRow = spans
      .filter((span) => span.start < end || (isLast && span.start >= offset && span.start === end))
      .filter((span) => span.end > offset || (span.start === span.end && span.start >= offset))
      .map((span) => ({
        start: Math.max(span.start, offset) - offset,
        end: Math.min(span.end, end) - offset,
      }));
    rows.push(rowOf(wantedPart, part, part === '' && offset > 0 ? [] : inRow));
    wanted = wanted.slice(wantedPart.length);
    offset = end;
  }
  return rows;
}

/**
 * Two values one above the other with their difference marked.
 *
 * Long values are shortened where they agree; where the difference itself is too long they are folded, so that
 * it is never lost.
 *
 * @param room Cells for each line.
 */
export function comparedRows(expected: string, observed: string, room: number): ComparedRow[] {
  const spans = differingSpans(expected, observed);
  // A caret below a missing end stands one cell behind the value.
  if (Math.max(textWidth(expected), textWidth(observed) + 1) <= room)
    return [rowOf(expected, observed, spans)];
  const short = spans.length > 0 ? shortened(expected, observed, spans, room) : null;
  return short ? [short] : folded(expected, observed, spans, room - 1);
}
