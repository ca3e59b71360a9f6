import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { WiDoctorError } from '../../../src/errors.ts';
import { decodeToken } from '../../../src/sources/token/decode.ts';
import { readTokenFile } from '../../../src/sources/token/read.ts';
import { mintToken } from '../../support/mint-token.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('tokens');
const token = mintToken({ claims: { sub: 'x' } });

function saved(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function failure(file: string, stdin: Readable = Readable.from([])): Promise<WiDoctorError> {
  const error: unknown = await readTokenFile(file, stdin).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WiDoctorError);
  expect(error).toMatchObject({ code: 'INPUT' });
  return error as WiDoctorError;
}

test('a file and standard input are read as they are', async () => {
  expect(await readTokenFile(saved('good', `${token}\n`), Readable.from([]))).toBe(`${token}\n`);
  expect(await readTokenFile('-', Readable.from([token.slice(0, 9), Buffer.from(token.slice(9))]))).toBe(
    token,
  );
});

test('UTF-16 of Windows PowerShell is read, and the decoder tells the mark', async () => {
  const file = saved('utf16', Buffer.from(`\ufeff${token}\r\n`, 'utf16le'));
  const decoded = decodeToken(await readTokenFile(file, Readable.from([])));
  expect(decoded).toMatchObject({ kind: 'jwt', notes: [{ kind: 'bom' }, { kind: 'newline' }] });
});

test('what cannot be read is named', async () => {
  expect((await failure(join(folder, 'absent'))).message).toMatch(/cannot be read: there is no such file\.$/);
  mkdirSync(join(folder, 'directory'));
  expect((await failure(join(folder, 'directory'))).message).toMatch(/cannot be read: it is a directory\.$/);
  expect((await failure(saved('empty', ' \n'))).message).toMatch(/empty is empty\.$/);
  expect((await failure('-')).message).toBe('The token file standard input is empty.');
  expect((await failure(saved('large', 'x'.repeat(2_000_000)))).message).toMatch(/is larger than 64 KiB/);
  expect((await failure('-', Readable.from(['x'.repeat(70_000)]))).message).toMatch(
    /^standard input is larger/,
  );
});

test.skipIf(process.getuid?.() === 0)('a file without read permission is named', async () => {
  const file = saved('closed', token);
  chmodSync(file, 0);
  expect((await failure(file)).message).toMatch(/cannot be read: you may not read it\.$/);
});

test('a token in place of a file name is not repeated', async () => {
  const { message, hint } = await failure(token);
  expect(`${message}${hint ?? ''}`).not.toContain(token.slice(0, 20));
});
