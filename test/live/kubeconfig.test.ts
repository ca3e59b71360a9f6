import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldOf } from '../scenarios.ts';
import { type ApiServer, startApiServer } from '../support/api-server.ts';
import {
  type Context,
  certificateCredentials,
  kubeconfigFor,
  writeKubeconfig,
} from '../support/kubeconfig.ts';
import { startProxy } from '../support/proxy.ts';
import { runCli, type RunOptions, type RunResult } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { reportIn } from './diagnose-live.ts';
import { objectsOf } from './start-scenario.ts';

const NAME = 'web-7d9f-x2k4q';
const OBJECTS = objectsOf(worldOf('label-forgotten'));
/** The issuer is not what these tests are about: it is never found. */
const ISSUER = 'https://eastus.oic.prod-aks.azure.com/tenant/cluster/';
const HOSTS = { 'eastus.oic.prod-aks.azure.com': 'ENOTFOUND' };

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer(
    { objects: OBJECTS, issuer: ISSUER },
    { deny: [{ verb: '*', resource: '*', user: 'nobody' }] },
  );
});
afterAll(() => api.close());

async function found(
  args: string[],
  options: RunOptions,
): Promise<RunResult & { report: ReturnType<typeof reportIn> }> {
  const run = await runCli(['pod', NAME, ...args, '-o', 'json'], { hosts: HOSTS, ...options });
  const report = reportIn(run);
  expect({ code: run.code, roots: report.rootCauses }).toEqual({ code: 1, roots: ['POD-01'] });
  return { ...run, report };
}

const config = (options: Partial<Context> = {}): string =>
  kubeconfigFor(api, { name: 'prod', namespace: 'shop', ...options }).path;

describe('which cluster and namespace', () => {
  it('are those of the current context', async () => {
    const { report } = await found([], { kubeconfig: config() });
    expect(report.target).toEqual({ kind: 'Pod', namespace: 'shop', name: NAME, context: 'prod' });
  });

  it('-n goes before the namespace of the context', async () => {
    expect(await found(['-n', 'shop'], { kubeconfig: config({ namespace: 'elsewhere' }) })).toMatchObject({
      stderr: '',
    });
  });

  it('come from all files of KUBECONFIG, the first that names one wins', async () => {
    const first = writeKubeconfig([{ name: 'dev', server: { url: 'https://127.0.0.1:1', token: '' } }]).path;
    const paths = ['/nowhere', first, config()].join(':');
    const { report } = await found(['--context', 'prod'], { kubeconfig: paths });
    expect(report.target.context).toBe('prod');
  });

  it('--kubeconfig goes before KUBECONFIG, --context before the current one', async () => {
    const { path } = writeKubeconfig([
      { name: 'dev', server: { url: 'https://127.0.0.1:1', token: '' } },
      { name: 'prod', server: api, namespace: 'shop' },
    ]);
    const options = { kubeconfig: '/nowhere' };
    expect(await found(['--kubeconfig', path, '--context', 'prod'], options)).toMatchObject({ stderr: '' });
    // Cluster and user of another context.
    await found(
      ['--kubeconfig', path, '--cluster', 'prod-cluster', '--user', 'prod-user', '-n', 'shop'],
      options,
    );
  });

  it('are those of the pod it runs in', async () => {
    const run = await runCli(['pod', NAME], {
      env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(api.port) },
    });
    // Without the mounted service account this is no pod, and that is said instead of guessed.
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('There is no kubeconfig');
  });
});

describe('who asks', () => {
  it('--as and --as-group are sent along with every request', async () => {
    api.forget();
    expect(
      await found(['--as', 'jane', '--as-group', 'dev', '--as-group', 'ops'], { kubeconfig: config() }),
    ).toMatchObject({ stderr: '' });
    expect(api.requests.length).toBeGreaterThan(5);
    for (const { headers } of api.requests) {
      expect(headers).toMatchObject({ 'impersonate-user': 'jane', 'impersonate-group': 'dev, ops' });
    }
  });

  it.each(['data', 'file'] as const)('signs in with a client certificate (%s)', async (as) => {
    expect(
      await found([], { kubeconfig: config({ credentials: certificateCredentials('jane', ['dev'], as) }) }),
    ).toMatchObject({ stderr: '' });
  });

  it('signs in with a token file, and takes a CA beside the kubeconfig', async () => {
    const tokenFile = join(temporaryFolder('token'), 'token');
    writeFileSync(tokenFile, `${api.token}\n`, { mode: 0o600 });
    expect(
      await found([], { kubeconfig: config({ credentials: { tokenFile }, trust: 'file' }) }),
    ).toMatchObject({ stderr: '' });
  });

  it('runs a credential plug-in as kubectl does', async () => {
    const log = join(temporaryFolder('plugin'), 'log');
    const exec = { token: api.token, log, args: ['get-token'], provideClusterInfo: true };
    expect(await found([], { kubeconfig: config({ credentials: { exec } }) })).toMatchObject({ stderr: '' });
    const starts = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { args: string[]; info: string });
    expect(starts).toHaveLength(1);
    expect(starts[0]?.args).toEqual(['get-token']);
    expect(JSON.parse(starts[0]?.info ?? '')).toMatchObject({
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: api.url } },
    });
  });

  it('without a valid certificate of the server only when told so', async () => {
    const other = await startApiServer({ objects: OBJECTS, issuer: ISSUER }, { certificate: 'untrusted' });
    const { path } = kubeconfigFor(other, { namespace: 'shop' });
    expect((await runCli(['pod', NAME], { kubeconfig: path })).code).toBe(2);
    const insecure = kubeconfigFor(other, { namespace: 'shop', trust: 'insecure' }).path;
    expect(await found([], { kubeconfig: insecure })).toMatchObject({ stderr: '' });
    await other.close();
  });
});

describe('a proxy', () => {
  it('of the kubeconfig is used', async () => {
    const proxy = await startProxy();
    expect(await found([], { kubeconfig: config({ proxyUrl: proxy.url }) })).toMatchObject({ stderr: '' });
    expect(new Set(proxy.tunnels)).toEqual(new Set([`127.0.0.1:${api.port}`]));
    await proxy.close();
  });

  it('that refuses is named without its password', async () => {
    const proxy = await startProxy({ credentials: 'user:right' });
    const proxyUrl = proxy.url.replace('//', '//user:canary-password@');
    const run = await runCli(['pod', NAME], { kubeconfig: config({ proxyUrl }) });
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/the proxy 127\.0\.0\.1:\d+ refused to connect \(407\)/);
    expect(run.stdout + run.stderr).not.toContain('canary-password');
    await proxy.close();
  });
});

describe('suggested commands', () => {
  it('keep the flags with which the user found the cluster', async () => {
    const kubeconfig = config();
    const { report } = await found(['-n', 'shop', '--kubeconfig', kubeconfig, '--context', 'prod'], {});
    const commands = report.findings.flatMap(({ fix, verify }) => [
      verify,
      ...fix.map(({ command }) => command),
    ]);
    const ours = commands.filter((command) => /^(wi-doctor|kubectl) /.test(command));
    expect(ours.length).toBeGreaterThan(1);
    for (const command of ours) {
      expect(command).toContain(`--kubeconfig ${kubeconfig}`);
      expect(command).toContain('--context prod');
    }
  });
});
