import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { authorityFile } from '../../support/certificates.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serve } from './loopback.ts';

const ISSUER = 'https://eastus.oic.prod-aks.azure.com/t/g/';
const script = join(temporaryFolder('fetcher'), 'fetch-issuer.mjs');

beforeAll(async () => {
  const source = new URL('../../../src/sources/issuer/discovery.ts', import.meta.url);
  await build({
    stdin: {
      contents: `import { fetchIssuer } from ${JSON.stringify(fileURLToPath(source))};
        console.log(JSON.stringify(await fetchIssuer(process.argv[2])));`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
  });
});

/** Runs the fetcher in a process of its own, production names redirected to `port`. */
async function run(port: number, env: NodeJS.ProcessEnv, target?: unknown): Promise<unknown> {
  const preload = fileURLToPath(new URL('../../support/redirect-hosts.mjs', import.meta.url));
  const hosts = { 'eastus.oic.prod-aks.azure.com': target ?? `127.0.0.1:${port}` };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', preload, script, ISSUER], {
    env: { PATH: process.env['PATH'], WI_DOCTOR_TEST_HOSTS: JSON.stringify(hosts), ...env },
  });
  return JSON.parse(stdout);
}

function serveIssuer(): Promise<number> {
  return serve((request, response) => {
    const jwks_uri = `${ISSUER}openid/v1/jwks`;
    response.end(
      JSON.stringify(request.url?.endsWith('jwks') === true ? { keys: [] } : { issuer: ISSUER, jwks_uri }),
    );
  });
}

test('NODE_EXTRA_CA_CERTS is trusted', async () => {
  const seen = await run(await serveIssuer(), { NODE_EXTRA_CA_CERTS: authorityFile() });
  expect(seen).toMatchObject({
    discovery: { kind: 'document', json: { issuer: ISSUER } },
    jwks: { kind: 'document', json: { keys: [] } },
  });
});

test('without it the certificate is a TLS failure, and no variable turns the check off', async () => {
  const seen = await run(await serveIssuer(), { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  expect(seen).toMatchObject({ discovery: { kind: 'tls' }, jwks: { kind: 'not-asked' } });
});

test('a proxy of the environment is not used', async () => {
  let asked = 0;
  const proxy = createServer(() => (asked += 1)).on('connect', (_request, socket) => {
    asked += 1;
    socket.destroy();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = { HTTPS_PROXY: url, https_proxy: url, ALL_PROXY: url, NODE_USE_ENV_PROXY: '1' };
  const seen = await run(await serveIssuer(), { ...env, NODE_EXTRA_CA_CERTS: authorityFile() });
  expect(seen).toMatchObject({ discovery: { kind: 'document' } });
  expect(asked).toBe(0);
});

test.each([
  [{ address: '10.0.0.5' }, 'private-answer'],
  [{ address: ['20.190.128.1', '169.254.169.254'] }, 'private-answer'],
  ['ENOTFOUND', 'dns'],
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['ETIMEDOUT', 'timeout'],
])('a network that answers %j is told as %s', async (target, cause) => {
  expect(await run(0, {}, target)).toMatchObject({ discovery: { kind: 'unreachable', cause } });
});
