import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldOf } from '../scenarios.ts';
import { type Context, certificateCredentials, kubeconfigFor } from '../support/kubeconfig.ts';
import { mintToken, serviceAccountClaims } from '../support/mint-token.ts';
import { runCli, type RunOptions, type RunResult } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { commandFor } from './diagnose-live.ts';
import { keyOf } from './live-token.ts';
import { objectsOf, startScenario, type LiveScenario } from './start-scenario.ts';

/** Every one of them is found by this word. */
const CANARY = 'canary';
const SECRETS = [
  { name: 'AZURE_CLIENT_SECRET', value: 'canary-client-secret' },
  { name: 'AZURE_CLIENT_CERTIFICATE_PASSWORD', value: 'canary-certificate-password' },
  { name: 'DB_PASSWORD', value: 'canary-db-password' },
  { name: 'HTTPS_PROXY', value: 'http://user:canary-proxy-password@proxy.shop.example:3128' },
  { name: 'ALL_PROXY', value: 'user:canary-other@proxy-password@proxy.shop.example:3128' },
  { name: 'PROXY_PASSWORD', value: 'canary-referenced-password' },
  { name: 'https_proxy', value: 'http://user:$(PROXY_PASSWORD)@proxy.shop.example:3128' },
  { name: 'AZURE_STORAGE_CONNECTION_STRING', value: 'AccountName=shop;AccountKey=canary-account-key' },
  { name: 'DATABASE_URL', value: 'postgres://user:canary-url-password@db/orders' },
];

interface Container {
  env?: object[];
  args?: string[];
  command?: string[];
}
interface PodLike extends Record<string, unknown> {
  kind: string;
  metadata: { annotations?: object };
  spec: { containers: Container[]; template?: { spec: { containers: Container[] } } };
}

/** Secrets wherever users write them down: variables, arguments, the last applied manifest. */
function withSecrets(object: PodLike): PodLike {
  const spoil = (containers: Container[]): Container[] =>
    containers.map((container) => ({
      ...container,
      env: [...(container.env ?? []), ...SECRETS],
      args: ['--password=canary-argument'],
      command: ['sh', '-c', 'TOKEN=canary-command exec app'],
    }));
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
      spec: { containers: [{ name: 'app', env: SECRETS }] },
    }),
  };
  if (object.kind === 'Pod') {
    return {
      ...object,
      metadata: { ...object.metadata, annotations },
      spec: { ...object.spec, containers: spoil(object.spec.containers) },
    };
  }
  if (!object.spec?.template) return object;
  const { template } = object.spec;
  return {
    ...object,
    metadata: { ...object.metadata, annotations },
    spec: {
      ...object.spec,
      template: { ...template, spec: { ...template.spec, containers: spoil(template.spec.containers) } },
    },
  };
}

let live: LiveScenario;
let token: string;
let tokenFile: string;
beforeAll(async () => {
  live = await startScenario('label-forgotten', {
    clock: false,
    users: { 'canary-kubeconfig-token': { name: 'jane', groups: [] } },
  });
  for (const object of objectsOf(worldOf('label-forgotten')) as PodLike[]) {
    if (['Pod', 'ReplicaSet', 'Deployment'].includes(object.kind)) await live.api.patch(withSecrets(object));
  }
  token = mintToken({
    claims: serviceAccountClaims({ issuer: live.issuerUrl ?? '', namespace: 'shop', serviceAccount: 'web' }),
    key: keyOf('signing-key-2026'),
  });
  tokenFile = join(temporaryFolder('token'), 'token');
  writeFileSync(tokenFile, token);
});
afterAll(() => live.close());

function expectClean({ stdout, stderr }: RunResult): void {
  const written = stdout + stderr;
  expect(written).not.toContain(CANARY);
  expect(written).not.toContain(live.api.token);
  expect(written).not.toMatch(/Bearer |authorization/i);
  expect(written).not.toContain('PRIVATE KEY');
  for (const part of token.split('.')) expect(written).not.toContain(part.slice(0, 32));
  // Base64 hides from the word, so look for it there too.
  expect(written).not.toContain(Buffer.from(CANARY).toString('base64').slice(0, 7));
}

function run(
  args: string[],
  credentials: Context['credentials'],
  options: RunOptions = {},
): Promise<RunResult> {
  const { path } = kubeconfigFor(live.api, credentials ? { credentials } : {});
  return runCli(args, { kubeconfig: path, hosts: live.hosts, ...options });
}

const KUBECONFIG_TOKEN = { token: 'canary-kubeconfig-token' };

describe('nothing secret is written', () => {
  it.concurrent.each(['table', 'short', 'json', 'yaml', 'markdown'])(
    'as %s with -v -v and a token',
    async (format) => {
      const args = [...commandFor(live), '--token-file', tokenFile, '-v', '-v', '-o', format];
      const result = await run(args, KUBECONFIG_TOKEN);
      expect(result.code).toBe(1);
      expectClean(result);
    },
  );

  it('when a token is minted', async () => {
    const result = await run([...commandFor(live), '--mint', '-v', '-v', '-o', 'json'], KUBECONFIG_TOKEN);
    expect(result.code).toBe(1);
    expectClean(result);
    expect(result.stdout).not.toMatch(/eyJ[\w-]{20,}/);
  });

  it.concurrent.each<[string, (folder: string) => Promise<RunResult>]>([
    ['the API server does not know us', () => run(commandFor(live), { token: 'canary-unknown' })],
    [
      'the certificate is none of its own',
      () =>
        run(commandFor(live), certificateCredentials('jane'), {
          env: { HTTPS_PROXY: 'http://u:canary@127.0.0.1:1' },
        }),
    ],
    [
      'a plug-in fails',
      () =>
        run(commandFor(live), {
          exec: { exitCode: 1, env: { PASSWORD: 'canary-plugin' }, args: ['--secret=canary'] },
        }),
    ],
    [
      'a plug-in writes nonsense',
      () => run(commandFor(live), { exec: { stdout: '{"status":{"token":"canary-half' } }),
    ],
    [
      'the kubeconfig is broken',
      (folder) => {
        const path = join(folder, 'config');
        writeFileSync(path, 'users:\n- name: a\n  user: {token: "canary-broken\n');
        return runCli(commandFor(live), { kubeconfig: path });
      },
    ],
    [
      'the token is none',
      (folder) => {
        const path = join(folder, 'token');
        writeFileSync(path, 'canary-password-pasted-by-mistake');
        return run([...commandFor(live), '--token-file', path, '-v', '-v'], undefined);
      },
    ],
    [
      'credentials are something else',
      (folder) => {
        const path = join(folder, 'creds.json');
        writeFileSync(path, '{"clientSecret": "canary-secret", "password": "canary"');
        return run([...commandFor(live), '--federated-credentials', path], undefined);
      },
    ],
    [
      'a dump holds secrets',
      (folder) => {
        const path = join(folder, 'dump.json');
        const items = objectsOf(worldOf('label-forgotten')).map((object) => withSecrets(object as PodLike));
        writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
        return run([...commandFor(live), '--bundle', path, '-v', '-v', '-o', 'json'], undefined);
      },
    ],
    [
      'the token is explained',
      () => runCli(['token', '-', '-v', '-v', '-o', 'yaml'], { input: token, hosts: live.hosts }),
    ],
  ])('when %s', async (_what, start) => {
    const result = await start(temporaryFolder('leak'));
    expect(result.code).not.toBeNull();
    // A credential of the user's own is a client certificate's name at most.
    expectClean(result);
  });
});
