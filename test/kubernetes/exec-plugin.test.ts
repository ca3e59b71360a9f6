import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { build } from 'esbuild';
import { stringify } from 'yaml';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { connect, type ConnectOptions } from '../../src/kubernetes/connection.ts';
import { WiDoctorError } from '../../src/errors.ts';
import { authorityPem, clientCertificate } from '../support/certificates.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { json, kubeconfigFor, localServer, QUICK } from './local-server.ts';

const V1 = 'client.authentication.k8s.io/v1';
const V1BETA1 = 'client.authentication.k8s.io/v1beta1';

interface Plugin {
  /** Body of a script in which `n` counts its runs, `info` is KUBERNETES_EXEC_INFO and `give(status)` answers. */
  readonly script: string;
  readonly exec?: object;
  readonly cluster?: object;
}

interface Prepared {
  readonly kubeconfig: string;
  readonly folder: string;
}

function plugin(url: string, { script, exec, cluster }: Plugin): Prepared {
  const folder = temporaryFolder('plugin');
  const program = join(folder, 'plugin.cjs');
  writeFileSync(
    program,
    `const fs = require('node:fs');
const runs = ${JSON.stringify(join(folder, 'runs'))};
fs.appendFileSync(runs, 'x');
const n = fs.readFileSync(runs, 'utf8').length;
const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
fs.writeFileSync(${JSON.stringify(join(folder, 'info.json'))}, JSON.stringify(info));
const give = (status) => console.log(JSON.stringify({ apiVersion: info.apiVersion, kind: 'ExecCredential', status }));
${script}`,
  );
  const entry = {
    apiVersion: V1,
    command: process.execPath,
    args: [program],
    interactiveMode: 'IfAvailable',
    ...exec,
  };
  return { folder, kubeconfig: kubeconfigFor(url, { user: { exec: entry }, ...(cluster && { cluster }) }) };
}

async function failure(promise: Promise<unknown>): Promise<WiDoctorError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WiDoctorError);
  return error as WiDoctorError;
}

async function run(prepared: Prepared, options: ConnectOptions = {}): Promise<string[]> {
  const { client } = await connect({ kubeconfig: prepared.kubeconfig }, process.env, {
    stdinIsTerminal: false,
    ...options,
    limits: { ...QUICK, ...options.limits },
  });
  onTestFinished(() => client.close());
  const answers = await Promise.all([client.get('/version'), client.get('/version')]);
  return answers.map(({ kind }) => kind);
}

const runsOf = ({ folder }: Prepared): number => readFileSync(join(folder, 'runs'), 'utf8').length;
const infoOf = ({ folder }: Prepared): unknown => JSON.parse(readFileSync(join(folder, 'info.json'), 'utf8'));

/** Answers only to the token that is right at the moment. */
async function apiServer(token: () => string): ReturnType<typeof localServer> {
  return localServer((request, response) => {
    if (request.headers.authorization === `Bearer ${token()}`) json(response, 200, { gitVersion: 'v1' });
    else json(response, 401, { kind: 'Status', apiVersion: 'v1', message: 'Unauthorized' });
  });
}

describe('a credential plug-in', () => {
  test.each([V1, V1BETA1])('gives a token for the whole run, in %s', async (apiVersion) => {
    const server = await apiServer(() => 'from-plugin');
    const prepared = plugin(server.url, { script: `give({ token: 'from-plugin' })`, exec: { apiVersion } });
    await run(prepared);
    expect(runsOf(prepared)).toBe(1);
    expect(infoOf(prepared)).toEqual({ kind: 'ExecCredential', apiVersion, spec: { interactive: false } });
  });

  test('is told the cluster when it wants to know', async () => {
    const server = await apiServer(() => 't');
    const extension = { audience: 'x' };
    const prepared = plugin(server.url, {
      script: `give({ token: 't' })`,
      exec: { provideClusterInfo: true },
      cluster: {
        'tls-server-name': 'localhost',
        extensions: [{ name: 'client.authentication.k8s.io/exec', extension }],
      },
    });
    await run(prepared);
    expect(infoOf(prepared)).toMatchObject({
      spec: {
        cluster: {
          server: server.url,
          'tls-server-name': 'localhost',
          'insecure-skip-tls-verify': false,
          'certificate-authority-data': Buffer.from(authorityPem()).toString('base64'),
          config: extension,
        },
      },
    });
  });

  test('gets the environment of the kubeconfig on top of ours', async () => {
    const server = await apiServer(() => 'abc');
    const prepared = plugin(server.url, {
      script: `give({ token: process.env.ONE + (process.env.PATH ? 'c' : '') })`,
      exec: { env: [{ name: 'ONE', value: 'ab' }] },
    });
    expect(await run(prepared)).toEqual(['ok', 'ok']);
  });

  test('gives a client certificate', async () => {
    const seen: string[] = [];
    const server = await localServer((request, response) => {
      seen.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
      json(response, 200, {});
    });
    const { cert, key } = clientCertificate('eve');
    const status = JSON.stringify({ clientCertificateData: cert, clientKeyData: key });
    await run(plugin(server.url, { script: `give(${status})` }));
    expect(seen).toEqual(['eve', 'eve']);
  });

  test('is run again when its token has expired, and once after a 401', async () => {
    let right = 't1';
    const server = await apiServer(() => right);
    const soon = `new Date(Date.now() + 3600000).toISOString()`;
    const prepared = plugin(server.url, { script: `give({ token: 't' + n, expirationTimestamp: ${soon} })` });
    const { client } = await connect({ kubeconfig: prepared.kubeconfig }, process.env, { limits: QUICK });
    onTestFinished(() => client.close());
    expect(await client.get('/version')).toMatchObject({ kind: 'ok' });
    right = 't2';
    expect(await client.get('/version')).toMatchObject({ kind: 'ok' });
    expect(runsOf(prepared)).toBe(2);
    right = 't3';
    const now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now + 3_600_000);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await client.get('/version')).toMatchObject({ kind: 'ok' });
    expect(server.requests).toHaveLength(4);
    right = 'never';
    expect((await failure(client.get('/version'))).message).toContain('(401)');
    expect(runsOf(prepared)).toBe(4);
  });

  test('is not run for a token of the flags', async () => {
    const server = await apiServer(() => 'by-hand');
    const prepared = plugin(server.url, { script: `give({ token: 'x' })` });
    const { client } = await connect(
      { kubeconfig: prepared.kubeconfig, token: 'by-hand' },
      {},
      { limits: QUICK },
    );
    onTestFinished(() => client.close());
    expect(await client.get('/version')).toMatchObject({ kind: 'ok' });
    expect(existsSync(join(prepared.folder, 'runs'))).toBe(false);
  });

  test('may lie beside the kubeconfig', async () => {
    const server = await apiServer(() => 't');
    const prepared = plugin(server.url, { script: `give({ token: 't' })` });
    const folder = join(dirname(prepared.kubeconfig), 'bin');
    mkdirSync(folder);
    const script = readFileSync(join(prepared.folder, 'plugin.cjs'), 'utf8');
    const program = join(folder, 'login');
    writeFileSync(program, `#!${process.execPath}\n${script}`, { mode: 0o755 });
    const kubeconfig = kubeconfigFor(server.url, {
      user: { exec: { apiVersion: V1, command: 'bin/login' } },
    });
    mkdirSync(join(dirname(kubeconfig), 'bin'));
    writeFileSync(join(dirname(kubeconfig), 'bin', 'login'), readFileSync(program), { mode: 0o755 });
    expect(await run({ kubeconfig, folder: prepared.folder })).toEqual(['ok', 'ok']);
  });

  test.each<[string, Plugin, string, RegExp, RegExp]>([
    [
      'is not installed',
      { script: '', exec: { command: 'kubelogin-of-nobody', installHint: 'Get it at the shop.' } },
      'KUBECONFIG',
      /plug-in kubelogin-of-nobody of the kubeconfig is not installed/,
      /^Get it at the shop\.$/,
    ],
    ['fails', { script: 'process.exit(3)' }, 'CLUSTER', /failed with exit code 3/, /az login/],
    [
      'prints something else',
      { script: `console.log('Welcome, hunter2')` },
      'KUBECONFIG',
      /is no ExecCredential/,
      /by hand/,
    ],
    ['prints null', { script: `console.log('null')` }, 'KUBECONFIG', /is no ExecCredential/, /by hand/],
    [
      'prints another kind',
      { script: `console.log('{"kind":"Pod"}')` },
      'KUBECONFIG',
      /is no ExecCredential/,
      /by hand/,
    ],
    [
      'prints without end',
      {
        script: `const x = 'y'.repeat(65536); const go = () => { while (process.stdout.write(x)); process.stdout.once('drain', go); }; go();`,
      },
      'KUBECONFIG',
      /is no ExecCredential/,
      /by hand/,
    ],
    [
      'answers in another version',
      { script: `info.apiVersion = '${V1BETA1}'; give({ token: 'x' })` },
      'KUBECONFIG',
      /another apiVersion/,
      /up to date/,
    ],
    ['gives nothing', { script: 'give({})' }, 'CLUSTER', /neither a token nor a certificate/, /by hand/],
    [
      'is of an old version',
      { script: '', exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1' } },
      'KUBECONFIG',
      /no longer knows/,
      /convert-kubeconfig/,
    ],
    ['has no command', { script: '', exec: { command: undefined } }, 'KUBECONFIG', /names no command/, /^$/],
    [
      'must ask where nobody is',
      { script: '', exec: { interactiveMode: 'Always' } },
      'KUBECONFIG',
      /stdin is no terminal/,
      /azurecli/,
    ],
  ])('that %s is told', async (_what, given, code, message, hint) => {
    const error = await failure(run(plugin('https://127.0.0.1:1', given)));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.hint ?? '').toMatch(hint);
    expect(error.message + (error.hint ?? '')).not.toContain('hunter2');
  });

  test.each([
    ['without a terminal', false],
    ['with one', true],
  ])('is ended by Ctrl-C with all it started, %s', async (_what, stdinIsTerminal) => {
    const child = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })`;
    const prepared = plugin('https://127.0.0.1:1', {
      script: `fs.writeFileSync(runs + '.pids', process.pid + ' ' + ${child}.pid); setInterval(() => {}, 1000);`,
    });
    const pidFile = join(prepared.folder, 'runs.pids');
    const abort = new AbortController();
    const outcome = run(prepared, { stdinIsTerminal, signal: abort.signal }).catch((error: unknown) => error);
    await vi.waitFor(() => expect(readFileSync(pidFile, 'utf8')).toContain(' '), { timeout: 30_000 });
    const pids = readFileSync(pidFile, 'utf8').split(' ').map(Number);
    expect(pids.filter(isRunning)).toEqual(pids);
    abort.abort(new Error('stopped by the user'));
    expect(await outcome).toMatchObject({ message: 'stopped by the user' });
    await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 10_000 });
  });

  test.each([
    ['cannot ask', false, { pluginMs: 100 }],
    ['may ask', true, { interactivePluginMs: 100 }],
  ])('that %s has its own time limit', async (_what, stdinIsTerminal, limits) => {
    const prepared = plugin('https://127.0.0.1:1', { script: `setInterval(() => {}, 1000)` });
    const error = await failure(run(prepared, { stdinIsTerminal, limits }));
    expect(error).toMatchObject({
      code: 'CLUSTER',
      message: expect.stringMatching(/did not finish within 0\.1 s/),
    });
  });

  test('is run once more for all requests that were refused together', async () => {
    let right = 't1';
    const server = await apiServer(() => right);
    const prepared = plugin(server.url, { script: `give({ token: 't' + n })` });
    const { client } = await connect({ kubeconfig: prepared.kubeconfig }, process.env, { limits: QUICK });
    onTestFinished(() => client.close());
    right = 't2';
    const answers = await Promise.all(Array.from({ length: 6 }, async () => client.get('/version')));
    expect(answers.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'ok'));
    expect(runsOf(prepared)).toBe(2);
  });
});

/** A zombie, ended but not yet waited for by whoever adopted it, counts as ended. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('its prompt', () => {
  test('reaches our stderr, and our stdin reaches it, in a bundle too', async () => {
    const folder = temporaryFolder('bundle');
    const bundle = join(folder, 'connect.mjs');
    await build({
      stdin: {
        contents: `import { connect } from './src/kubernetes/connection.ts';
          const { client } = await connect({ kubeconfig: process.argv[2] }, process.env, { stdinIsTerminal: true });
          console.log(JSON.stringify(await client.get('/version')));
          client.close();`,
        resolveDir: process.cwd(),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      splitting: true,
      outdir: folder,
      entryNames: 'connect',
      outExtension: { '.js': '.mjs' },
      banner: {
        js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
      },
    });
    const server = await apiServer(() => 'code-42');
    const { kubeconfig } = plugin(server.url, {
      script: `console.error('To sign in, enter the code.');
        process.stdin.once('data', (line) => { give({ token: String(line).trim() }); process.stdin.destroy(); });`,
    });
    writeFileSync(kubeconfig, stringify(JSON.parse(readFileSync(kubeconfig, 'utf8'))));
    const child = spawn(process.execPath, [bundle, kubeconfig], { stdio: 'pipe' });
    let output = '';
    let prompt = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      prompt += chunk.toString();
      if (prompt.includes('enter the code')) child.stdin.end('code-42\n');
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(output).toBe('{"kind":"ok","body":{"gitVersion":"v1"}}\n');
    expect(prompt).toContain('To sign in, enter the code.');
  });
});
