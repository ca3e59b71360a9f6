import type { Word } from './word.ts';
import { printable } from './printable.ts';

type Words = Readonly<Record<string, Word>>;

const PLACEHOLDER = /\{(\w+)\}/g;

function textOf(word: Word): string {
  return typeof word === 'string' ? word : word.command;
}

/** A sentence with its placeholders filled in, safe to print on one line. */
export function fillSentence(template: string, words: Words): string {
  return template.replaceAll(PLACEHOLDER, (placeholder, name: string) => {
    const word = words[name];
    return word === undefined ? placeholder : printable(textOf(word));
  });
}

/** One word of a command line as a POSIX shell reads it back byte for byte. */
export function shellQuote(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  // A control character in single quotes would be pasted as a keystroke, so it is written out.
  if (printable(text) !== text) {
    const escaped = text.replaceAll(/[\\']/g, (character) => `\\${character}`);
    return `$'${printable(escaped)}'`;
  }
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command with its placeholders filled in and quoted; a `CommandText` stands as it is. */
export function fillCommand(template: string, words: Words): string {
  return template.replaceAll(PLACEHOLDER, (placeholder, name: string) => {
    const word = words[name];
    if (word === undefined) return placeholder;
    return typeof word === 'string' ? shellQuote(word) : word.command;
  });
}
