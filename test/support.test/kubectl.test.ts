import { execFile } from 'node:child_process';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type ApiServer, startApiServer } from '../support/api-server.ts';
import { serverCertificate } from '../support/certificates.ts';
import {
  certificateCredentials,
  type Context,
  kubeconfigFor,
  writeKubeconfig,
} from '../support/kubeconfig.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CLUSTER } from './cluster.ts';
import { kubectlAvailable } from './kubectl-available.ts';

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

const home = temporaryFolder('kubectl');

function kubectl(kubeconfig: string, ...args: string[]): Promise<Result> {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig };
  return new Promise((resolve) => {
    const child = execFile(
      'kubectl',
      [`--cache-dir=${join(home, 'cache')}`, ...args],
      { env, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

describe.skipIf(!kubectlAvailable())('the real kubectl', () => {
  let server: ApiServer;
  let config: string;

  beforeAll(async () => {
    server = await startApiServer(
      {
        objects: CLUSTER,
        logs: { 'demo/app/app': 'one\ntwo\nthree\n' },
        exec: {
          'demo/app/app': ([program = '', ...args]) =>
            program === 'dump'
              ? { stdout: 'x'.repeat(200_000) }
              : program === 'cat'
                ? { stdout: `content of ${args.join()}`, stderr: 'a warning\n' }
                : { exitCode: 7 },
        },
      },
      { deny: [{ verb: 'list', resource: 'secrets' }] },
    );
    config = kubeconfigFor(server, { namespace: 'demo' }).path;
  });
  afterAll(() => server.close());

  test('gets an object', async () => {
    const { stdout } = await kubectl(config, 'get', 'pod', 'app', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Pod', metadata: { name: 'app', namespace: 'demo' } });
  });

  test('lists all namespaces in pages', async () => {
    server.forget();
    const { stdout } = await kubectl(config, 'get', 'pods', '-A', '-o', 'name', '--chunk-size=2');
    expect(stdout).toBe('pod/app\npod/app-two\npod/zeta\n');
    const pages = server.requests.filter(({ resource }) => resource === 'pods');
    expect(pages.map(({ query }) => [query['limit'], query['continue'] !== undefined])).toEqual([
      ['2', false],
      ['2', true],
    ]);
  });

  test('finds short names, groups and custom resources by discovery', async () => {
    expect((await kubectl(config, 'get', 'deploy', 'web', '-o', 'name')).stdout).toBe(
      'deployment.apps/web\n',
    );
    expect((await kubectl(config, 'get', 'secretproviderclass', '-o', 'name')).stdout).toBe(
      'secretproviderclass.secrets-store.csi.x-k8s.io/vault\n',
    );
  });

  test('prints the real refusals', async () => {
    expect((await kubectl(config, 'get', 'pod', 'nope')).stderr).toBe(
      'Error from server (NotFound): pods "nope" not found\n',
    );
    expect((await kubectl(config, 'get', 'secrets')).stderr).toBe(
      'Error from server (Forbidden): secrets is forbidden: User "kubernetes-admin" cannot list resource "secrets" ' +
        'in API group "" in the namespace "demo"\n',
    );
    expect((await kubectl(config, 'get', 'pods', '-n', 'nope')).stderr).toBe(
      'No resources found in nope namespace.\n',
    );
  });

  test('reads raw paths', async () => {
    const { stdout } = await kubectl(config, 'get', '--raw', '/.well-known/openid-configuration');
    expect(JSON.parse(stdout)).toMatchObject({ issuer: server.url });
    expect((await kubectl(config, 'version')).stdout).toContain('Server Version: v1.33.13');
  });

  test('creates tokens', async () => {
    const minted = await kubectl(
      config,
      'create',
      'token',
      'workload-sa',
      '--audience',
      'api://AzureADTokenExchange',
    );
    const claims = JSON.parse(
      Buffer.from(minted.stdout.split('.')[1] ?? '', 'base64url').toString(),
    ) as object;
    expect(claims).toMatchObject({
      aud: ['api://AzureADTokenExchange'],
      sub: 'system:serviceaccount:demo:workload-sa',
    });
    const short = await kubectl(config, 'create', 'token', 'workload-sa', '--duration=5m');
    expect(short.stderr).toContain('may not specify a duration less than 10 minutes');
  });

  test('asks what it may do', async () => {
    expect((await kubectl(config, 'auth', 'can-i', 'get', 'pods')).stdout).toBe('yes\n');
    expect((await kubectl(config, 'auth', 'can-i', 'list', 'secrets')).stdout).toBe('no\n');
    expect((await kubectl(config, 'auth', 'can-i', '--list')).stdout).toContain('*.*');
    expect((await kubectl(config, 'auth', 'whoami', '-o', 'name')).code).toBe(0);
  });

  test('reads logs', async () => {
    expect((await kubectl(config, 'logs', 'app', '--tail=2')).stdout).toBe('two\nthree\n');
    expect((await kubectl(config, 'logs', 'app', '-c', 'nope')).stderr).toContain(
      'container nope is not valid for pod app',
    );
    expect((await kubectl(config, 'logs', 'app', '-p')).stderr).toContain(
      'previous terminated container "app" in pod "app" not found',
    );
  });

  test('runs commands over WebSocket', async () => {
    server.forget();
    const read = await kubectl(config, 'exec', 'app', '--', 'cat', '/token');
    expect(read).toEqual({ code: 0, stdout: 'content of /token', stderr: 'a warning\n' });
    expect(server.requests.find(({ resource }) => resource === 'pods/exec')).toMatchObject({
      verb: 'get',
      query: { command: '/token', container: 'app' },
    });
    // kubectl tries WebSocket (get) first, then SPDY (create), and shows the last refusal.
    server.deny.push({ verb: '*', resource: 'pods/exec', name: 'app-two' });
    const refused = await kubectl(config, 'exec', 'app-two', '-c', 'app', '--', 'cat', '/token');
    expect(refused.stderr).toContain(
      'cannot create resource "pods/exec" in API group "" in the namespace "demo"',
    );
    expect((await kubectl(config, 'exec', 'app', '--', 'dump')).stdout).toHaveLength(200_000);
    expect(await kubectl(config, 'exec', 'app', '--', 'false')).toMatchObject({ code: 7 });
    const missing = await kubectl(config, 'exec', 'zeta', '-n', 'other', '--', 'cat', '/token');
    expect(missing.stderr).toContain('exec: "cat": executable file not found in $PATH');
  });
});

describe.skipIf(!kubectlAvailable())('kubeconfigs in the real kubectl', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer(
      { objects: CLUSTER },
      { users: { 'plugin-token': { name: 'jane', groups: [] } } },
    );
  });
  afterAll(() => server.close());

  const getPod = (options: Omit<Context, 'server'>): Promise<Result> =>
    kubectl(kubeconfigFor(server, { namespace: 'demo', ...options }).path, 'get', 'pod', 'app', '-o', 'name');

  test.each<[string, Omit<Context, 'server'>]>([
    ['token', {}],
    ['certificate as data', { credentials: certificateCredentials('jane') }],
    ['certificate in files', { credentials: certificateCredentials('jane', ['dev'], 'file'), trust: 'file' }],
    ['server certificate not checked', { trust: 'insecure' }],
    ['exec plug-in', { credentials: { exec: { token: 'plugin-token' } } }],
    ['server name', { tlsServerName: 'localhost' }],
  ])('%s', async (_, options) => {
    expect(await getPod(options)).toMatchObject({ code: 0, stdout: 'pod/app\n' });
  });

  test('without trust the certificate is refused', async () => {
    expect((await getPod({ trust: 'none' })).stderr).toContain('certificate signed by unknown authority');
    const other = await startApiServer({ objects: [] }, { certificate: 'expired' });
    try {
      const { stderr } = await kubectl(kubeconfigFor(other).path, 'get', 'pods');
      expect(stderr).toContain('certificate has expired');
    } finally {
      await other.close();
    }
    expect(serverCertificate('expired').cert).toContain('BEGIN CERTIFICATE');
  });

  test('a wrong token is unauthorized', async () => {
    const { stderr } = await getPod({ credentials: { token: 'stale' } });
    expect(stderr).toContain('You must be logged in to the server');
  });

  test('an exec plug-in prompts on stderr and is told about the cluster', async () => {
    const prompt = 'To sign in, open https://example.invalid/device and enter the code ABC';
    const shown = await getPod({
      credentials: { exec: { token: 'plugin-token', prompt, provideClusterInfo: true } },
    });
    // kubectl starts it once per client it makes, so the prompt may come twice.
    expect(shown).toMatchObject({ code: 0, stderr: expect.stringContaining(prompt) as string });
    const failed = await getPod({ credentials: { exec: { exitCode: 9 } } });
    expect(failed.stderr).toContain('exit code 9');
    const missing = await getPod({ credentials: { exec: { missing: 'no-such-login' } } });
    expect(missing.stderr).toContain('Install no-such-login first.');
  });

  test('several contexts, one of them current', async () => {
    const { path } = writeKubeconfig(
      [
        { name: 'first', server, namespace: 'demo' },
        { name: 'second', server, namespace: 'other' },
      ],
      { current: 'second' },
    );
    expect((await kubectl(path, 'get', 'pods', '-o', 'name')).stdout).toBe('pod/zeta\n');
    expect((await kubectl(path, '--context=first', 'get', 'pods', '-o', 'name')).stdout).toBe(
      'pod/app\npod/app-two\n',
    );
  });
});
