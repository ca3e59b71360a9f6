import { WiDoctorError } from '../errors.ts';

/** A command line as yargs leaves it. */
export type Parsed = Readonly<Record<string, unknown>>;

/** The value of a flag or positional that may stand once. @throws {WiDoctorError} `USAGE` when it stands twice. */
export function text(parsed: Parsed, name: string): string | undefined {
  const value = parsed[name];
  if (Array.isArray(value))
    throw new WiDoctorError('USAGE', `--${name} was given more than once.`, { hint: 'Give it once.' });
  return typeof value === 'string' ? value : undefined;
}

/** The values of a flag that may stand several times. */
export function texts(parsed: Parsed, name: string): string[] {
  const value = parsed[name];
  return Array.isArray(value) ? value.map(String) : [];
}
