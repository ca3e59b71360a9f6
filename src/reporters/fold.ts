import { fitting, textWidth } from './text-width.ts';

/** One line of a folded text. The lines joined are the text again, blanks at their ends included. */
export interface FoldedLine {
  readonly text: string;
  /** Where the line begins in the whole text. */
  readonly start: number;
}

/**
 * Where a text may be broken, from the best place to the worst: behind the items of a list, between words, behind
 * the slashes of a path or URL (not inside `https://`), behind other marks, and only then behind those that also
 * hold a name together. What none of these parts, such as a GUID, stays whole.
 */
const BREAKS: readonly RegExp[] = [
  /(?<=[,;] )/,
  /(?<= )/,
  /(?<=[^/:]\/)(?!\/)/,
  /(?<=[,;=&?|])|(?<=:)(?!\/\/)/,
  /(?<=[._-])(?<!\b[\da-f]{8}-)(?<!\b[\da-f]{8}-[\da-f]{4}-)(?<!\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-)(?<!\b[\da-f]{8}(?:-[\da-f]{4}){3}-)/i,
];
const LISTS = 0;
const WORDS = 1;

function fits(text: string, room: number): boolean {
  return textWidth(text.trimEnd()) <= room;
}

function cut(text: string, room: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (!fits(rest, room)) {
    const part = fitting(rest, room);
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return [...parts, rest];
}

function packed(text: string, room: number, level: number): string[] {
  const pattern = BREAKS[level];
  if (!pattern) return cut(text, room);
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(pattern)) {
    if (fits(line + piece, room)) {
      line += piece;
      continue;
    }
    if (line !== '') lines.push(line);
    const parts = fits(piece, room) ? [piece] : packed(piece, room, level + 1);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
  }
  return [...lines, line];
}

/**
 * Folds a text to lines of at most `room` cells, at the best places there are.
 *
 * @param kind `prose` is filled word by word; in a `value` the items of a list stay together where they can.
 */
export function fold(text: string, room: number, kind: 'prose' | 'value'): FoldedLine[] {
  let start = 0;
  return packed(text, room, kind === 'prose' ? WORDS : LISTS).map((line) => {
    const folded = { text: line, start };
    start += line.length;
    return folded;
  });
}
