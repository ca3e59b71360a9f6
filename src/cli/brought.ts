import type { ExplainedError } from '../aadsts/explanation.ts';
import { WiDoctorError } from '../errors.ts';
import type { BroughtError } from '../sources/errors/brought-error.ts';
import type { DiagnosisOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

async function explained(error: string, terminal: Terminal): Promise<readonly ExplainedError[]> {
  const { explainInput } = await import('../sources/errors/explain-input.ts');
  const { errors } = await explainInput(error, terminal.stdin);
  if (errors.length === 0) {
    terminal.stderr.write(
      'wi-doctor: nothing in the error is known (no AADSTS code, no message of an SDK), so it changes nothing.\n',
    );
  }
  return errors;
}

/**
 * Reads `--error TEXT|FILE|-`.
 *
 * @returns Null without that flag; no errors when nothing in the text was recognised, which is said on stderr.
 * @throws {WiDoctorError} `USAGE` when two flags want standard input, `INPUT` for a file that cannot be read.
 */
export async function readBrought(
  { error, tokenFile }: DiagnosisOptions,
  terminal: Terminal,
): Promise<readonly BroughtError[] | null> {
  if (error === null) return null;
  if (error === '-' && tokenFile === '-') {
    throw new WiDoctorError('USAGE', '--error and --token-file both read standard input.', {
      hint: 'Save one of them in a file.',
    });
  }
  const errors = typeof error === 'string' ? await explained(error, terminal) : error;
  const { withoutSecrets } = await import('../sources/errors/brought-error.ts');
  return errors.map((one) => ({
    origin: '--error',
    from: 'user',
    container: null,
    error: withoutSecrets(one),
  }));
}

/** What the user should know of a log that could not be read: what was asked for is missing in the report. */
export function tellUnread(terminal: Terminal): (origin: string, reason: string) => void {
  return (origin, reason) => {
    terminal.stderr.write(`wi-doctor: the ${origin} could not be read: ${reason}.\n`);
  };
}
