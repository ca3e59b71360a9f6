import { fitting, textWidth } from './text-width.ts';

/** Narrower than this nothing reads well, so the terminal itself may fold the lines. */
const NARROWEST = 24;

/** Where a word that is longer than a line, such as an issuer URL, may be cut: behind a slash or the like. */
function cutWord(word: string, width: number): string {
  const part = fitting(word, width);
  if (part === word) return part;
  const cuts = [part.lastIndexOf('/'), Math.max(...Array.from(':.,=_-', (mark) => part.lastIndexOf(mark)))];
  const cut = cuts.find((index) => index * 2 > part.length);
  return cut === undefined ? part : part.slice(0, cut + 1);
}

/** Folds prose to lines of at most `width` cells, at blanks where it can and inside a word where it must. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(width, NARROWEST);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) <= room) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    let rest = word;
    while (textWidth(rest) > room) {
      const part = cutWord(rest, room);
      lines.push(part);
      rest = rest.slice(part.length);
    }
    line = rest;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}
