import { lookUpUrl } from '../aadsts/explain-episode.ts';
import type { Cause, ExplainedError, Explanation } from '../aadsts/explanation.ts';
import { CAUSE_TEXTS } from '../aadsts/causes/index.ts';
import {
  asideOf,
  firstSentence,
  isCommand,
  nameOf,
  printable,
  restOfMeaning,
  saidBy,
  worthTrying,
} from './explanation-words.ts';
import { wrapCommand, wrapProse } from './explanation-wrap.ts';

/** Colours of the few marked words; identity functions when there is no colour. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
}

const PLAIN: Paint = { strong: (text) => text, bad: (text) => text, dim: (text) => text };

/** Causes shown with their commands; the others only by name. */
const MOST_CAUSES = 3;
/** Deciding errors shown in full. */
const MOST_ERRORS = 3;

/**
 * The explanation for somebody at a terminal: what it means, what the text said, causes with
 * commands, what to do next.
 *
 * @param options.columns Characters per line; commands are broken with a backslash.
 * @param options.next The command that goes on from here; null when there is none.
 * @param options.quiet Only what it is, in one sentence, and that command.
 */
export function explanationTable(
  explanation: Explanation,
  options: {
    readonly columns: number;
    readonly next: string | null;
    readonly quiet: boolean;
    readonly paint?: Paint;
  },
): string {
  const paint = options.paint ?? PLAIN;
  const width = Math.max(60, Math.min(options.columns, 100));
  const main = explanation.errors.filter((error) => asideOf(error) === undefined);
  const aside = explanation.errors.filter((error) => asideOf(error) !== undefined);
  const shown = main.length > 0 ? main : aside.slice(0, 1);
  if (options.quiet) {
    const heads = shown.slice(0, MOST_ERRORS).flatMap((error) => headLines(error, width, paint));
    return `${[...heads, ...(options.next === null ? [] : [`  ${options.next}`])].join('\n')}\n`;
  }
  const blocks = shown.slice(0, MOST_ERRORS).map((error) => inFull(error, width, paint));
  const brief = [...shown.slice(MOST_ERRORS), ...aside.filter((error) => !shown.includes(error))];
  if (brief.length > 0)
    blocks.push(['Also in the text', ...brief.flatMap((error) => inBrief(error, width))].join('\n'));
  if (options.next !== null) blocks.push(next(main[0], options.next, width));
  return `${blocks.join('\n\n')}\n`;
}

/** What it is, in one sentence. */
function headLines(error: ExplainedError, width: number, paint: Paint): string[] {
  const mark = error.unrelated ? '·' : '✖';
  const sentence = `${mark} ${nameOf(error)}${times(error)}: ${printable(firstSentence(error))}`;
  return wrapProse(sentence, width, '  ').map((line) => (error.unrelated ? line : paint.strong(line)));
}

function inFull(error: ExplainedError, width: number, paint: Paint): string {
  const parts = [headLines(error, width, paint).join('\n')];
  const rest = restOfMeaning(error);
  if (error.unrelated)
    parts.push(
      wrapProse('  The text shows that this is not about workload identity.', width, '  ').join('\n'),
    );
  if (rest !== '') parts.push(wrapProse(`  ${printable(rest)}`, width, '  ').join('\n'));
  const said = saidBy(error);
  if (said.length > 0)
    parts.push(['  The text says', ...said.flatMap(([label, value]) => labelled(label, value))].join('\n'));
  const causes = worthTrying(error);
  if (causes.length > 0)
    parts.push(['  Causes, most likely first', ...ranked(causes, width, paint)].join('\n'));
  return parts.join('\n\n');
}

function times(error: ExplainedError): string {
  return error.count === undefined ? '' : ` (${error.count} times)`;
}

/** Values are never cut or wrapped: they are there to be compared and copied. */
function labelled(label: string, value: string): string[] {
  return [`    ${label.padEnd(16)}${value}`];
}

function ranked(causes: readonly Cause[], width: number, paint: Paint): string[] {
  return causes.flatMap((cause, index) => {
    const title = CAUSE_TEXTS[cause.code]?.title ?? '';
    const likelihood = cause.likelihood === 'possible' ? paint.dim('possible') : paint.bad(cause.likelihood);
    const pad = ' '.repeat(10 - cause.likelihood.length);
    const lines = wrapProse(`${cause.code.padEnd(8)}${title}`, width - 14, '        ');
    const head = lines.map((line, at) =>
      at === 0 ? `    ${likelihood}${pad}${line}` : `${' '.repeat(14)}${line}`,
    );
    if (index >= MOST_CAUSES) return head;
    return [...head, ...steps('confirm', cause.confirm, width), ...steps('fix', cause.fix, width), ''];
  });
}

/** A sentence beside its label, commands bare below it. */
function steps(label: string, text: string, width: number): string[] {
  if (text === '') return [];
  const indent = ' '.repeat(14);
  const lines = text
    .split('\n')
    .flatMap((line) =>
      isCommand(line) ? wrapCommand(line, width - 24) : wrapProse(printable(line), width - 24, ''),
    );
  return lines.map((line, index) => `${indent}${(index === 0 ? label : '').padEnd(9)} ${line}`.trimEnd());
}

function inBrief(error: ExplainedError, width: number): string[] {
  const why = asideOf(error);
  const text = `  ${nameOf(error)}${times(error)}${why === undefined ? '' : ` (${why})`}: ${printable(firstSentence(error))}`;
  return wrapProse(text, width, '    ');
}

function next(error: ExplainedError | undefined, command: string, width: number): string {
  const lines = wrapCommand(command, width - 2).map((line) => `  ${line}`);
  const page = error?.code === null || error === undefined ? [] : [`  ${lookUpUrl(error.code)}`];
  return ['Next: hold it against the cluster', ...lines, ...page].join('\n');
}
