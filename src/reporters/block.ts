import type { Ink } from './ink.ts';
import { wrap } from './wrap.ts';

/** Blanks before everything below the headline. */
export const INDENT = '  ';
/** Cells of the column that holds codes and words such as `Fix`. */
const LABEL_WIDTH = 8;
/** Where the text behind that column begins. */
export const TEXT_COLUMN: string = INDENT + ' '.repeat(LABEL_WIDTH);
/** Prose is not drawn out further than this, however wide the terminal. */
const WIDEST_PROSE = 120;

export function proseWidth(columns: number): number {
  return Math.min(columns, WIDEST_PROSE);
}

/**
 * A paragraph behind a label that stands in a column of its own; later lines keep to the text's column.
 *
 * @param paint Sets the label off.
 */
export function labelledBlock(
  label: string,
  text: string,
  columns: number,
  paint: (label: string) => string,
): string[] {
  const width = Math.max(LABEL_WIDTH, label.length + 1);
  const column = INDENT.length + width;
  return wrap(text, proseWidth(columns) - column).map((line, index) =>
    index === 0 ? INDENT + paint(label) + ' '.repeat(width - label.length) + line : ' '.repeat(column) + line,
  );
}

/** A command behind a label; never folded. */
export function commandLine(label: string, command: string, ink: Ink): string {
  return INDENT + ink.strong(label) + ' '.repeat(LABEL_WIDTH - label.length) + ink.command(command);
}

/** A paragraph in the text's column. */
export function textBlock(text: string, columns: number): string[] {
  return wrap(text, proseWidth(columns) - TEXT_COLUMN.length).map((line) => TEXT_COLUMN + line);
}
