import Table from 'cli-table3';

/**
 * Draws a list with a head line and no boxes; the last column wraps to the width of the terminal.
 *
 * @param columns Characters per line.
 */
export function drawTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): string {
  const widths = head.map(
    (title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)) + 2,
  );
  const fixed = widths.slice(0, -1).reduce((sum, width) => sum + width, 0);
  const last = Math.max(20, Math.min(widths.at(-1) ?? 20, columns - fixed));
  const blank = {
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
  const table = new Table({
    head: [...head],
    chars: blank,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colWidths: [...widths.slice(0, -1), last],
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
