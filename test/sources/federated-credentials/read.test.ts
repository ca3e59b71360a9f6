import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { splitCredentialsArgument } from '../../../src/credentials-argument.ts';
import { readFederatedCredentials } from '../../../src/sources/federated-credentials/read.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('credentials');
const CLIENT = '11111111-AAAA-3333-4444-555555555555';

test.each([
  ['fic.json', null, 'fic.json'],
  ['a=b.json', null, 'a=b.json'],
  [`${CLIENT}=fic.json`, CLIENT.toLowerCase(), 'fic.json'],
  [`${CLIENT}=a=b.json`, CLIENT.toLowerCase(), 'a=b.json'],
  [`${CLIENT}=`, CLIENT.toLowerCase(), ''],
  [CLIENT, null, CLIENT],
  [`x${CLIENT}=fic.json`, null, `x${CLIENT}=fic.json`],
])('%s', (argument, clientId, file) => {
  expect(splitCredentialsArgument(argument)).toEqual({ clientId, file });
});

test('a file is read and named in what is wrong with it', async () => {
  const good = join(folder, 'good.json');
  writeFileSync(good, '[]');
  expect(await readFederatedCredentials(good)).toEqual({ credentials: [], complete: true, owners: [] });
  const bad = join(folder, 'bad.json');
  writeFileSync(bad, 'hello');
  await expect(readFederatedCredentials(bad)).rejects.toMatchObject({
    code: 'INPUT',
    message: `${bad} is not JSON.`,
  });
});

test('what cannot be read is named', async () => {
  const large = join(folder, 'large.json');
  writeFileSync(large, Buffer.alloc(5 * 1024 * 1024, 0x20));
  for (const [file, message] of [
    ['', /name of the federated credentials file is empty/],
    [join(folder, 'absent'), /cannot be read: there is no such file\.$/],
    [folder, /cannot be read: it is a directory\.$/],
    ['\0', /cannot be read: reading failed/],
    [large, /is larger than 4 MiB/],
  ] as const) {
    await expect(readFederatedCredentials(file)).rejects.toMatchObject({
      code: 'INPUT',
      message: expect.stringMatching(message) as string,
    });
  }
});

test.skipIf(process.getuid?.() === 0)('a file without read permission is named', async () => {
  const closed = join(folder, 'closed.json');
  writeFileSync(closed, '[]');
  chmodSync(closed, 0);
  await expect(readFederatedCredentials(closed)).rejects.toMatchObject({
    message: expect.stringMatching(/you may not read it/) as string,
  });
});
