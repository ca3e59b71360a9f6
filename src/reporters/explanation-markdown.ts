import { CAUSE_TEXTS } from '../aadsts/causes/index.ts';
import { lookUpUrl } from '../aadsts/explain-episode.ts';
import type { Cause, ExplainedError, Explanation } from '../aadsts/explanation.ts';
import { asideOf, isCommand, nameOf, printable, saidBy, worthTrying } from './explanation-words.ts';

/**
 * The explanation for a ticket: headings, a table of values, commands in code blocks.
 *
 * @param options.next The command that goes on from here; null when there is none.
 */
export function explanationMarkdown(
  explanation: Explanation,
  options: { readonly next: string | null },
): string {
  const blocks = explanation.errors.map((error) =>
    asideOf(error) === undefined ? inFull(error) : inBrief(error),
  );
  if (options.next !== null) blocks.push(`## Next\n\n${codeBlock([options.next])}`);
  return `${blocks.join('\n\n')}\n`;
}

function inFull(error: ExplainedError): string {
  const title = error.code === null ? nameOf(error) : `[${nameOf(error)}](${lookUpUrl(error.code)})`;
  const count = error.count === undefined ? '' : ` (${error.count} times)`;
  const parts = [`## ${title}${count}`, escaped(error.meaning)];
  const said = saidBy(error);
  if (said.length > 0) {
    const rows = said.map(([label, value]) => `| ${label} | ${inline(value)} |`);
    parts.push(['| the text says | |', '| --- | --- |', ...rows].join('\n'));
  }
  parts.push(...worthTrying(error).map(causeBlock));
  return parts.join('\n\n');
}

function inBrief(error: ExplainedError): string {
  return `## ${nameOf(error)}: ${asideOf(error) ?? ''}\n\n${escaped(error.meaning)}`;
}

function causeBlock(cause: Cause): string {
  const title = CAUSE_TEXTS[cause.code]?.title ?? '';
  return [
    `### ${cause.code} (${cause.likelihood}): ${escaped(title)}`,
    'Confirm:',
    ...steps(cause.confirm),
    'Fix:',
    ...steps(cause.fix),
  ].join('\n\n');
}

function steps(text: string): string[] {
  const blocks: string[] = [];
  let commands: string[] = [];
  for (const line of text.split('\n')) {
    if (isCommand(line)) {
      commands.push(line);
      continue;
    }
    if (commands.length > 0) blocks.push(codeBlock(commands));
    commands = [];
    blocks.push(escaped(line));
  }
  if (commands.length > 0) blocks.push(codeBlock(commands));
  return blocks;
}

function codeBlock(lines: readonly string[]): string {
  const body = lines.map(printable).join('\n');
  const longest = Math.max(2, ...Array.from(body.matchAll(/`+/g), (match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${body}\n${fence}`;
}

/** A code span that no backtick or bar of the value can leave. */
function inline(value: string): string {
  const longest = Math.max(0, ...Array.from(value.matchAll(/`+/g), (match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${value.replaceAll('|', '\\|')}${pad}${fence}`;
}

function escaped(text: string): string {
  return printable(text).replace(/[\\`*_[\]<>|#]/g, (character) => `\\${character}`);
}
