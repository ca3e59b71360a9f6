import Table from 'cli-table3';
import { textWidth } from './text-width.ts';

const GAP = 2;
const BLANK = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

/** Cells of each column: the widest ones give way until the table fits, but no word is broken. */
function widthsOf(
  rows: readonly (readonly string[])[],
  columns: number,
  most: readonly (number | undefined)[],
): number[] {
  const count = Math.max(...rows.map((row) => row.length));
  const cellsOf = (index: number): string[] => rows.map((row) => row[index] ?? '');
  const widest = (texts: readonly string[]): number => Math.max(1, ...texts.map(textWidth));
  const least = Array.from(
    { length: count },
    (_, index) => widest(cellsOf(index).flatMap((text) => text.split(' '))) + GAP,
  );
  const widths = least.map((word, index) =>
    Math.max(word, Math.min(widest(cellsOf(index)), most[index] ?? columns) + GAP),
  );
  const room = columns + GAP;
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width, 0) - room;
    const spare = widths.map((width, index) => (width > (least[index] ?? 0) ? width : 0));
    const index = spare.indexOf(Math.max(...spare));
    if (excess <= 0 || (spare[index] ?? 0) === 0) return widths;
    widths[index] = (widths[index] ?? 0) - 1;
  }
}

/**
 * Draws rows as aligned columns without boxes; long cells are wrapped, so that the table fits the terminal.
 *
 * @param rows Each with the same number of cells; a head line is a row like any other.
 * @param columns Characters per line.
 * @param most Cells that a column may have at most, for columns that would take the room from the others.
 */
export function drawTable(
  rows: readonly (readonly string[])[],
  columns: number,
  most: readonly (number | undefined)[] = [],
): string {
  if (rows.length === 0) return '';
  const table = new Table({
    chars: BLANK,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    colWidths: widthsOf(rows, columns, most),
    wordWrap: true,
  });
  for (const row of rows) table.push([...row]);
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n')}\n`;
}
