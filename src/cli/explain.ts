import { once } from 'node:events';
import { createReadStream, existsSync, statSync } from 'node:fs';

import { codeOf, explainCode } from '../aadsts/explain-code.ts';
import { lookUpUrl } from '../aadsts/explain-episode.ts';
import type { Explanation } from '../aadsts/explanation.ts';
import { WiDoctorError } from '../errors.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Formats `explain` can write. */
export type ExplainFormat = 'table' | 'short' | 'json' | 'yaml' | 'markdown';

/** What the command line asked for. */
export interface ExplainOptions {
  /** AADSTS code, finding code, text, path of a file, `-` for standard input; absent reads a pipe. */
  readonly subject?: string | undefined;
  /** Default `table`. */
  readonly output?: ExplainFormat | undefined;
  /** List everything known in place of explaining something. */
  readonly list?: boolean | undefined;
  /** The Markdown page of a finding code such as `FIC-03`; undefined for an unknown one. */
  readonly pageOf?: ((code: string) => string | undefined) | undefined;
}

const FINDING_CODE = /^[A-Za-z]{2,4}-\d{2}$/;
/** A single word that can only be meant as a file. */
const PATH_LIKE = /^(?!\w+:\/\/)\S*(?:[/\\]\S*|\.(?:log|txt|json|ya?ml|out|err|md))$/i;

/**
 * Explains an AADSTS code, a finding code, or a text with errors of any SDK. Reads nothing but its
 * argument, a file or standard input; needs no cluster and no network.
 *
 * @returns 0 if something was recognised, 3 if not.
 * @throws {WiDoctorError} `USAGE` without an argument at a terminal, `INPUT` for a file that cannot be read.
 */
export async function explain(input: ExplainOptions, terminal: Terminal): Promise<ExitCode> {
  const output = input.output ?? 'table';
  if (input.list === true) return list(output, terminal);
  const subject = input.subject;
  if (subject !== undefined && FINDING_CODE.test(subject) && !existsSync(subject)) {
    return page(subject.toUpperCase(), input.pageOf, output, terminal);
  }
  const code = subject === undefined || existsSync(subject) ? undefined : codeOf(subject);
  if (code !== undefined) return oneCode(code, output, terminal);
  const explanation = await read(subject, terminal);
  if (explanation.errors.length === 0) return nothing(explanation, output, terminal);
  await write(terminal, await rendered(explanation, output, terminal));
  return 0;
}

async function oneCode(code: number, output: ExplainFormat, terminal: Terminal): Promise<ExitCode> {
  const explanation = explainCode(String(code));
  if (explanation !== undefined) {
    await write(terminal, await rendered(explanation, output, terminal));
    return 0;
  }
  const sentence = `AADSTS${code} is not in the catalogue of ${terminal.program}. Entra explains it at ${lookUpUrl(code)}`;
  return nothing({ schemaVersion: 'wi-doctor.explanation/v1', errors: [] }, output, terminal, sentence);
}

async function page(
  code: string,
  pageOf: ExplainOptions['pageOf'],
  output: ExplainFormat,
  terminal: Terminal,
): Promise<ExitCode> {
  const text = pageOf?.(code);
  const empty: Explanation = { schemaVersion: 'wi-doctor.explanation/v1', errors: [] };
  if (text === undefined) {
    return nothing(
      empty,
      output,
      terminal,
      `There is no finding ${code}. List them with: ${terminal.program} checks`,
    );
  }
  const structured = output === 'json' || output === 'yaml';
  await write(
    terminal,
    structured ? await asData({ ...empty, page: { code, text } }, output) : `${text.trimEnd()}\n`,
  );
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
  sentence: string = 'No AADSTS code and no known message in this text. Give the whole log, or ask the SDK for its debug log.',
): Promise<ExitCode> {
  const structured = output === 'json' || output === 'yaml';
  await write(
    terminal,
    structured ? await asData({ ...explanation, headline: sentence }, output) : `${sentence}\n`,
  );
  return 3;
}

async function read(subject: string | undefined, terminal: Terminal): Promise<Explanation> {
  const { explainStream, explainText } = await import('../aadsts/explain-text.ts');
  if (subject === undefined && terminal.stdin.isTTY === true) {
    throw new WiDoctorError('USAGE', 'explain needs a code, a text, a file, or a log through a pipe.', {
      hint: `For example: ${terminal.program} explain AADSTS700213, or kubectl logs POD | ${terminal.program} explain -`,
    });
  }
  if (subject === undefined || subject === '-') return explainStream(bytesOf(terminal.stdin));
  if (existsSync(subject)) return readFile(subject, explainStream);
  if (PATH_LIKE.test(subject)) {
    throw new WiDoctorError('INPUT', `There is no file ${subject}.`, {
      hint: 'Quote the text if it is one.',
    });
  }
  return explainText(subject);
}

async function readFile(
  path: string,
  explainStream: (chunks: AsyncIterable<Uint8Array>) => Promise<Explanation>,
): Promise<Explanation> {
  if (statSync(path).isDirectory()) throw new WiDoctorError('INPUT', `${path} is a directory, not a log.`);
  try {
    return await explainStream(bytesOf(createReadStream(path, { highWaterMark: 256 * 1024 })));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WiDoctorError('INPUT', `Cannot read ${path}: ${reason}`, { cause });
  }
}

async function* bytesOf(stream: AsyncIterable<Buffer | string>): AsyncIterable<Uint8Array> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

async function rendered(
  explanation: Explanation,
  output: ExplainFormat,
  terminal: Terminal,
): Promise<string> {
  switch (output) {
    case 'json':
    case 'yaml':
      return asData(explanation, output);
    case 'short':
      return (await import('../reporters/explanation-short.ts')).explanationShort(explanation);
    case 'markdown':
      return (await import('../reporters/explanation-markdown.ts')).explanationMarkdown(
        explanation,
        terminal,
      );
    case 'table': {
      const { explanationTable } = await import('../reporters/explanation-table.ts');
      const { columns, program } = terminal;
      return explanationTable(explanation, {
        columns,
        program,
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
  const { stringify } = await import('yaml');
  return stringify(document, { lineWidth: 0 });
}

async function write(terminal: Terminal, text: string): Promise<void> {
  if (!terminal.stdout.write(text)) await once(terminal.stdout, 'drain');
}
