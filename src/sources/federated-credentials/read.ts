import { readFile, stat } from 'node:fs/promises';
import { WiDoctorError } from '../../errors.ts';
import { parseFederatedCredentials } from './parse.ts';
import type { FederatedCredentialList } from './types.ts';

/** An identity holds 20 credentials of a few hundred bytes. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  EISDIR: 'it is a directory',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links go in a circle',
};

/**
 * Reads the federated credentials that a user saved with `az` or from ARM or Graph.
 *
 * @throws WiDoctorError INPUT when the file cannot be read or holds something else; the hint says what to type.
 */
export async function readFederatedCredentials(file: string): Promise<FederatedCredentialList> {
  if (file === '') throw new WiDoctorError('INPUT', 'The name of the federated credentials file is empty.');
  let bytes: Buffer;
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) {
      throw new WiDoctorError(
        'INPUT',
        `${file} is larger than 4 MiB; a list of federated credentials has a few kB.`,
      );
    }
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof WiDoctorError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const why = CAUSES[code] ?? `reading failed (${code})`;
    throw new WiDoctorError('INPUT', `The federated credentials file ${file} cannot be read: ${why}.`, {
      cause: error,
    });
  }
  return parseFederatedCredentials(bytes, file);
}
