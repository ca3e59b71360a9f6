/** A part of the observed text; `end` equals `start` where something is missing. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Values that share less than one part in so many are simply two values; marking all of them says nothing. */
const LEAST_IN_COMMON = 3;

/** More separate marks than this are harder to read than one long mark. */
const MOST_SINGLE_MARKS = 4;

function isLowSurrogate(text: string, index: number): boolean {
  return index > 0 && index < text.length && (text.codePointAt(index - 1) ?? 0) > 0xffff;
}

/** A span that cuts no surrogate pair in two. */
function ofWholeCharacters({ start, end }: Span, text: string): Span {
  return {
    start: isLowSurrogate(text, start) ? start - 1 : start,
    end: isLowSurrogate(text, end) ? end + 1 : end,
  };
}

/** Texts of equal length: each run of characters that differ; null when they are too many to be slips. */
function singleMarks(expected: string, observed: string): Span[] | null {
  const caseOnly = expected.toLowerCase() === observed.toLowerCase();
  const spans: Span[] = [];
  for (let index = 0; index < observed.length; index += 1) {
    if (expected[index] === observed[index]) continue;
    const last = spans.at(-1);
    // A single equal character between two others is chance, unless only capitals differ.
    if (last && index - last.end <= (caseOnly ? 0 : 1))
      spans[spans.length - 1] = { start: last.start, end: index + 1 };
    else spans.push({ start: index, end: index + 1 });
  }
  if (caseOnly) return spans;
  const common = spans.reduce((left, { start, end }) => left - (end - start), observed.length);
  return spans.length <= MOST_SINGLE_MARKS && common * LEAST_IN_COMMON >= observed.length ? spans : null;
}

/** What is left between the longest common beginning and end. */
function middle(expected: string, observed: string): Span {
  const shorter = Math.min(expected.length, observed.length);
  let start = 0;
  while (start < shorter && expected[start] === observed[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && expected.at(-1 - tail) === observed.at(-1 - tail)) tail += 1;
  const end = observed.length - tail;
  return { start, end };
}

/**
 * Where `observed` differs from `expected`, as spans of `observed` in order; empty when they are equal or
 * have so little in common that a mark would say nothing.
 */
export function differingSpans(expected: string, observed: string): Span[] {
  if (expected === observed) return [];
  const longer = Math.max(expected.length, observed.length);
  if (Math.min(expected.length, observed.length) * LEAST_IN_COMMON < longer) return [];
  if (observed.includes(expected)) {
    const start = observed.lastIndexOf(expected);
    const end = start + expected.length;
    return [
      ...(start > 0 ? [{ start: 0, end: start }] : []),
      ...(end < observed.length ? [{ start: end, end: observed.length }] : []),
    ];
  }
  if (expected.includes(observed)) {
    // `indexOf`, so that a missing end is marked at the end: `web` of `web-web` lacks its second half.
    const before = expected.indexOf(observed);
    const after = expected.length - before - observed.length;
    return [
      ...(before > 0 ? [{ start: 0, end: 0 }] : []),
      ...(after > 0 ? [{ start: observed.length, end: observed.length }] : []),
    ];
  }
  if (expected.length === observed.length) {
    const marks = singleMarks(expected, observed);
    if (marks) return marks.map((span) => ofWholeCharacters(span, observed));
  }
  const span = middle(expected, observed);
  const common = observed.length - (span.end - span.start);
  return common * LEAST_IN_COMMON >= longer ? [ofWholeCharacters(span, observed)] : [];
}
