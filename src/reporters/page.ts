import { drawTable } from './draw-table.ts';
import type { Ink } from './ink.ts';
import { wrap } from './wrap.ts';

const INDENT = '  ';
/** Prose is not drawn out further than this, however wide the terminal. */
const WIDEST_PROSE = 100;

/** A line of Markdown as plain text: what is code stays as it is, a link names its address. */
function plainText(line: string): string {
  return line
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith('`') && part.endsWith('`') && part.length > 1
        ? part.slice(1, -1)
        : part
            .replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 ($2)')
            .replaceAll(/<(https?:[^>]+)>/g, '$1')
            .replaceAll(/\*\*([^*]+)\*\*/g, '$1')
            .replaceAll(/(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/g, '$1'),
    )
    .join('');
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\|\s*|\s*\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => plainText(cell.trim().replaceAll(String.raw`\|`, '|')));
}

function tableLines(lines: readonly string[], width: number, ink: Ink): string[] {
  const [head = [], ...rows] = lines.filter((line) => !/^\|[\s:|-]+\|$/.test(line)).map(cellsOf);
  // A column in which nothing stands is only room lost.
  const isUsed = head.map((_, index) => rows.some((row) => (row[index] ?? '') !== ''));
  const used = [head, ...rows].map((row) => row.filter((_, index) => isUsed[index]));
  const [first = '', ...others] = drawTable(used, width - INDENT.length)
    .trimEnd()
    .split('\n');
  return [ink.faint(first), ...others].map((line) => INDENT + line);
}

function listLines(text: string, width: number): string[] {
  const [, mark = '', content = ''] = /^(\s*(?:[-*]|\d+\.) )(.*)$/s.exec(text) ?? [];
  return wrap(plainText(content), width - INDENT.length - mark.length).map(
    (line, index) => INDENT + (index === 0 ? mark.replace('*', '-') : ' '.repeat(mark.length)) + line,
  );
}

/** The lines of a fenced block as they are: they are there to be pasted. */
function codeLines(lines: readonly string[], ink: Ink): string[] {
  return lines.slice(1, -1).map((line) => (line === '' ? '' : INDENT + INDENT + ink.command(line)));
}

/** Paragraphs, tables, lists and fenced blocks, each with the lines it consists of. */
function blocksOf(markdown: string): string[][] {
  const blocks: string[][] = [];
  let block: string[] = [];
  let fence: string | null = null;
  for (const line of markdown.split('\n')) {
    const opening = /^(`{3,})/.exec(line)?.[1] ?? null;
    const isHeading = fence === null && /^#+ /.test(line);
    if (fence === null && (line.trim() === '' || isHeading || opening !== null)) {
      if (block.length > 0) blocks.push(block);
      if (isHeading) blocks.push([line]);
      block = opening === null ? [] : [line];
      fence = opening;
      continue;
    }
    block.push(line);
    if (fence !== null && line === fence) {
      blocks.push(block);
      block = [];
      fence = null;
    }
  }
  return block.length > 0 ? [...blocks, block] : blocks;
}

function blockLines(block: readonly string[], columns: number, ink: Ink): string[] {
  const [first = ''] = block;
  const width = Math.min(columns, WIDEST_PROSE);
  const heading = /^#+ (.*)$/.exec(first)?.[1];
  if (heading !== undefined) return wrap(plainText(heading), width).map((line) => ink.strong(line));
  if (first.startsWith('```')) return codeLines(block, ink);
  if (first.startsWith('|')) return tableLines(block, columns, ink);
  if (/^\s*(?:[-*]|\d+\.) /.test(first)) {
    const items = block.join('\n').split(/\n(?=\s*(?:[-*]|\d+\.) )/);
    return items.flatMap((item) => listLines(item.replaceAll(/\n\s*/g, ' '), width));
  }
  return wrap(plainText(block.join(' ')), width - INDENT.length).map((line) => INDENT + line);
}

/**
 * A page of ours for a terminal or a pipe: headings at the margin, everything else below them, commands as they
 * are, tables aligned, no marks of Markdown.
 *
 * It reads the Markdown that our own pages are written in, not all there is.
 *
 * @param columns Characters per line; commands are never folded.
 */
export function renderPage(markdown: string, columns: number, ink: Ink): string {
  return `${blocksOf(markdown)
    .map((block) => blockLines(block, columns, ink).join('\n'))
    .join('\n\n')}\n`;
}
