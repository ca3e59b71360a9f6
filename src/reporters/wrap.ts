import { fold } from './fold.ts';

/** Narrower than this nothing reads well, so the terminal itself may fold the lines. */
const NARROWEST = 24;

/** Folds prose to lines of at most `width` cells, at blanks where it can and inside a word where it must. */
export function wrap(text: string, width: number): string[] {
  return fold(text, Math.max(width, NARROWEST), 'prose').map((line) => line.text.trimEnd());
}
