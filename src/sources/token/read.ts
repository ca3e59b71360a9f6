import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { WiDoctorError } from '../../errors.ts';

/** Far above any token, also inside a TokenRequest; the decoder tells the finer limits. */
const MAX_FILE_BYTES = 64 * 1024;

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
 * Reads the text of a token file, or of `stdin` for `-`. The text is a secret: it goes to the decoder and the
 * verifier and nowhere else. Pipes and `/dev/fd/N` work.
 *
 * @throws WiDoctorError INPUT when there is nothing to read: missing, unreadable, a directory, empty, too large.
 */
export async function readTokenFile(file: string, stdin: Readable): Promise<string> {
  if (/^eyJ[\w-]*\./.test(file)) {
    // Not repeated in the message: it is already in the shell's history, which is bad enough.
    throw new WiDoctorError('INPUT', 'A token was given where the name of a file belongs.', {
      hint: 'Save the token in a file, or pass it on standard input with -.',
    });
  }
  const name = file === '-' ? 'standard input' : file;
  const bytes = await readLimited(file === '-' ? stdin : createReadStream(file), name);
  const text = decode(bytes);
  if (text.trim() === '') {
    throw new WiDoctorError('INPUT', `The token file ${name} is empty.`, {
      hint: 'Save one with: kubectl create token SERVICE_ACCOUNT -n NAMESPACE --audience api://AzureADTokenExchange > token',
    });
  }
  return text;
}

async function readLimited(stream: Readable, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk as Buffer | string);
      chunks.push(bytes);
      size += bytes.length;
      if (size > MAX_FILE_BYTES) break;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const why = CAUSES[code] ?? `reading failed (${code})`;
    throw new WiDoctorError('INPUT', `The token file ${name} cannot be read: ${why}.`, { cause: error });
  } finally {
    stream.destroy();
  }
  if (size > MAX_FILE_BYTES) {
    throw new WiDoctorError('INPUT', `${name} is larger than 64 KiB; a service account token has about one.`);
  }
  return Buffer.concat(chunks);
}

/** UTF-8, or the UTF-16 that Windows PowerShell writes with `>`; the byte order mark stays, for the decoder to tell. */
function decode(bytes: Buffer): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8', { ignoreBOM: true }).decode(bytes);
}
