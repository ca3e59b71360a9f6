import { WiDoctorError } from '../errors.ts';
import { nearestNames } from '../kubernetes/nearest.ts';

/** Names of a command line as they are typed: one letter behind one dash, words behind two. */
function asTyped(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

interface Complaint {
  readonly sentence: string;
  readonly hint?: string;
}

function complaintOf(message: string, argv: readonly string[], flags: readonly string[]): Complaint {
  if (message.startsWith('Not enough non-option arguments'))
    return { sentence: 'The name is missing behind the command.' };
  const unfinished = /^Not enough arguments following: (\S+)$/.exec(message)?.[1];
  if (unfinished !== undefined) return { sentence: `The flag ${asTyped(unfinished)} needs a value.` };
  const invalid = /^Invalid values: Argument: (\S+), Given: (.*), Choices: (.*)$/.exec(message);
  if (invalid) {
    const [, name = '', given = '', choices = ''] = invalid;
    return {
      sentence: `${asTyped(name)} cannot be ${given}.`,
      hint: `It is one of: ${choices.replaceAll('"', '')}.`,
    };
  }
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(message)?.[1];
  if (unknown !== undefined) {
    const [first = ''] = unknown.split(', ');
    const isFlag = argv.some((word) => word.replace(/=.*$/, '') === asTyped(first));
    const near = isFlag ? nearestNames(first, flags) : [];
    return {
      sentence: `Unknown ${isFlag ? 'flag' : 'command or argument'}: ${isFlag ? asTyped(first) : unknown}.`,
      ...(near.length > 0 ? { hint: `Did you mean: ${near.map(asTyped).join(', ')}?` } : {}),
    };
  }
  const meant = /^Did you mean (\S+?)\?$/.exec(message)?.[1];
  return { sentence: meant ? `There is no such command. Did you mean ${meant}?` : message };
}

/**
 * What the parser of the command line found, as a sentence that names what is missing or unknown.
 *
 * @param flags Names of all flags of the command.
 */
export function usageError(
  message: string,
  argv: readonly string[],
  flags: readonly string[],
  program: string,
): WiDoctorError {
  const { sentence, hint } = complaintOf(message.replaceAll(/\s+/g, ' ').trim(), argv, flags);
  return new WiDoctorError('USAGE', sentence, { hint: hint ?? `See: ${program} --help` });
}
