import { createReadStream, existsSync, statSync } from 'node:fs';
import { codeOf, explainCode } from '../../aadsts/explain-code.ts';
import { explainStream, explainText } from '../../aadsts/explain-text.ts';
import type { Explanation } from '../../aadsts/explanation.ts';
import { WiDoctorError } from '../../errors.ts';

/** A single word that can only be meant as a file. */
const PATH_LIKE = /^(?!\w+:\/\/)\S*(?:[/\\]\S*|\.(?:log|txt|json|ya?ml|out|err|md))$/i;

async function* bytesOf(stream: AsyncIterable<Buffer | string>): AsyncIterable<Uint8Array> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

async function explainFile(path: string): Promise<Explanation> {
  if (statSync(path).isDirectory()) throw new WiDoctorError('INPUT', `${path} is a directory, not a log.`);
  try {
    return await explainStream(bytesOf(createReadStream(path, { highWaterMark: 256 * 1024 })));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WiDoctorError('INPUT', `Cannot read ${path}: ${reason}`, { cause });
  }
}

/**
 * Explains what stands where the command line takes TEXT, FILE or `-`.
 *
 * @param subject An existing path is a file, `-` is standard input, a bare AADSTS code is that code, anything
 *   else is the text itself.
 * @throws {WiDoctorError} `INPUT` for a file that cannot be read, or a path-like word that is no file.
 */
export async function explainInput(
  subject: string,
  stdin: AsyncIterable<Buffer | string>,
): Promise<Explanation> {
  if (subject === '-') return explainStream(bytesOf(stdin));
  if (existsSync(subject)) return explainFile(subject);
  const code = codeOf(subject);
  if (code !== undefined) return explainCode(subject) ?? explainText(`AADSTS${code}`);
  if (PATH_LIKE.test(subject)) {
    throw new WiDoctorError('INPUT', `There is no file ${subject}.`, {
      hint: 'Quote the text if it is one.',
    });
  }
  return explainText(subject);
}
