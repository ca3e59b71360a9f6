import { once } from 'node:events';
import { existsSync } from 'node:fs';

import { codeOf, explainCode } from '../aadsts/explain-code.ts';
import { lookUpUrl } from '../aadsts/explain-episode.ts';
import type { ExplainedError, Explanation } from '../aadsts/explanation.ts';
import { adaptExplanation } from '../adapt-explanation.ts';
import { WiDoctorError } from '../errors.ts';
import { adaptCommand, type Invocation } from '../invocation.ts';
import type { Report } from '../report.ts';
import { mainError, nextCommand } from '../reporters/explanation-words.ts';
import type { ExplainFormat } from './explain-format.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** What the command line asked for. */
export interface ExplainOptions {
  /** AADSTS code, finding code, text, path of a file, `-` for standard input; absent reads a pipe. */
  readonly subject?: string | undefined;
  /** Default `table`. */
  readonly output?: ExplainFormat | undefined;
  /** List everything known in place of explaining something. */
  readonly list?: boolean | undefined;
  /** `--pod`: the diagnosis with these errors as what the user saw. */
  readonly against?: ((errors: readonly ExplainedError[]) => Promise<Report>) | undefined;
  readonly verbosity?: number | undefined;
  readonly quiet?: boolean | undefined;
  /** Connection flags that suggested commands repeat. */
  readonly connectionFlags?: Invocation['connectionFlags'] | undefined;
  /** `-n`. */
  readonly namespace?: string | undefined;
}

const NOTHING_KNOWN =
  'No AADSTS code and no known message in this text. Give the whole log, or ask the SDK for its debug log.';

const FINDING_CODE = /^[A-Za-z]{2,4}-\d{2}$/;

/**
 * Explains an AADSTS code, a finding code, or a text with errors of any SDK. Reads nothing but its
 * argument, a file or standard input; needs no cluster and no network.
 *
 * @returns 0 if something was recognised, 3 if not.
 * @throws {WiDoctorError} `USAGE` without an argument at a terminal, `INPUT` for a file that cannot be read.
 */
export async function explain(input: ExplainOptions, terminal: Terminal): Promise<ExitCode> {
  const { output = 'table', quiet = false } = input;
  if (input.list === true) return list(output, terminal);
  const subject = input.subject;
  if (subject !== undefined && FINDING_CODE.test(subject) && !existsSync(subject)) {
    if (input.against !== undefined) {
      throw new WiDoctorError('USAGE', `${subject} is a finding, and --pod compares an error with a pod.`, {
        hint: `Give a code of Entra or a text, or run the check alone: ${terminal.program} pod NAME --only ${subject.toUpperCase()}`,
      });
    }
    return page(subject.toUpperCase(), output, quiet, terminal);
  }
  const code = subject === undefined || existsSync(subject) ? undefined : codeOf(subject);
  const invocation: Invocation = {
    program: terminal.program,
    connectionFlags: input.connectionFlags ?? [],
    evidenceFlags: [],
  };
  const understood = code === undefined ? await read(subject, terminal) : codeAlone(code);
  const explanation = adaptExplanation(understood, invocation);
  const sentence = code === undefined ? NOTHING_KNOWN : notListed(code, terminal);
  if (input.against !== undefined) {
    const { explainAgainst } = await import('./explain-against.ts');
    return explainAgainst(explanation, sentence, await input.against(explanation.errors), {
      ...input,
      output,
      terminal,
      rendered: (held, format) => rendered(held, format, terminal, { next: null, quiet }),
    });
  }
  if (explanation.errors.length === 0) return nothing(explanation, output, terminal, sentence);
  const main = mainError(explanation);
  const next = main === undefined ? null : adaptCommand(nextCommand(main, input.namespace), invocation);
  await write(terminal, await rendered(explanation, output, terminal, { next, quiet }));
  return 0;
}

function codeAlone(code: number): Explanation {
  return explainCode(String(code)) ?? { schemaVersion: 'wi-doctor.explanation/v1', errors: [] };
}

function notListed(code: number, { program }: Terminal): string {
  return `AADSTS${code} is not in the catalogue of ${program}. Entra explains it at ${lookUpUrl(code)}`;
}

/** The page of a finding code; the pages of the checks are loaded only when one is asked for. */
async function page(
  code: string,
  output: ExplainFormat,
  quiet: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const { nearestPages, pageFor } = await import('./check-page.ts');
  const found = pageFor(code);
  const empty: Explanation = { schemaVersion: 'wi-doctor.explanation/v1', errors: [] };
  if (found === undefined) {
    const near = nearestPages(code).filter((name) => FINDING_CODE.test(name));
    const meant = near.length > 0 ? ` Did you mean: ${near.join(', ')}?` : '';
    const sentence = `There is no finding ${code}.${meant} List them with: ${terminal.program} checks`;
    return nothing(empty, output, terminal, sentence);
  }
  const { showPage } = await import('./show-page.ts');
  const document = { ...empty, page: { code, text: found.text } };
  await write(terminal, await showPage(found, document, { output, quiet }, terminal));
  return 0;
}

async function list(output: ExplainFormat, terminal: Terminal): Promise<ExitCode> {
  const { explanationList, listedKnowledge } = await import('../reporters/explanation-list.ts');
  const structured = output === 'json' || output === 'yaml';
  await write(
    terminal,
    structured ? await asData(listedKnowledge(), output) : explanationList(terminal.columns),
  );
  return 0;
}

/** Nothing recognised: said in a sentence, or as a document without errors. */
async function nothing(
  explanation: Explanation,
  output: ExplainFormat,
  terminal: Terminal,
  sentence: string,
): Promise<ExitCode> {
  const structured = output === 'json' || output === 'yaml';
  await write(
    terminal,
    structured ? await asData({ ...explanation, headline: sentence }, output) : `${sentence}\n`,
  );
  return 3;
}

async function read(subject: string | undefined, terminal: Terminal): Promise<Explanation> {
  const { explainInput } = await import('../sources/errors/explain-input.ts');
  if (subject === undefined && terminal.stdin.isTTY === true) {
    throw new WiDoctorError('USAGE', 'explain needs a code, a text, a file, or a log through a pipe.', {
      hint: `For example: ${terminal.program} explain AADSTS700213, or kubectl logs POD | ${terminal.program} explain -`,
    });
  }
  return explainInput(subject ?? '-', terminal.stdin);
}

async function rendered(
  explanation: Explanation,
  output: ExplainFormat,
  terminal: Terminal,
  { next, quiet }: { readonly next: string | null; readonly quiet: boolean },
): Promise<string> {
  switch (output) {
    case 'json':
    case 'yaml':
      return asData(explanation, output);
    case 'short':
      return (await import('../reporters/explanation-short.ts')).explanationShort(explanation);
    case 'markdown':
      return (await import('../reporters/explanation-markdown.ts')).explanationMarkdown(explanation, {
        next,
      });
    case 'table': {
      const { explanationTable } = await import('../reporters/explanation-table.ts');
      return explanationTable(explanation, {
        columns: terminal.columns,
        next,
        quiet,
        ...(terminal.color ? { paint: await paint() } : {}),
      });
    }
  }
}

async function paint(): Promise<Record<'strong' | 'bad' | 'dim', (text: string) => string>> {
  const { Chalk } = await import('chalk');
  // The terminal has decided about colour already; chalk's own detection would look at the process.
  const chalk = new Chalk({ level: 1 });
  return {
    strong: (text) => chalk.bold(text),
    bad: (text) => chalk.red(text),
    dim: (text) => chalk.dim(text),
  };
}

async function asData(document: unknown, output: 'json' | 'yaml'): Promise<string> {
  if (output === 'json') return `${JSON.stringify(document, null, 2)}\n`;
  const { stringify } = await import('../kubernetes/yaml-library.ts');
  return stringify(document, { lineWidth: 0 });
}

async function write(terminal: Terminal, text: string): Promise<void> {
  if (!terminal.stdout.write(text)) await once(terminal.stdout, 'drain');
}
