import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../support/api-server.ts';
import { clientCertificate } from '../support/certificates.ts';
import type { ExecPlugin } from '../support/exec-plugin.ts';
import { type Context, kubeconfigFor, writeKubeconfig } from '../support/kubeconfig.ts';
import { runCli, type RunOptions } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worldOf } from '../scenarios.ts';
import { refusalIn, type Refusal } from './refusal.ts';
import { objectsOf } from './start-scenario.ts';

const OBJECTS = objectsOf(worldOf('healthy'));

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer({ objects: OBJECTS });
});
afterAll(() => api.close());

async function refused(kubeconfig: string, args: string[] = [], options: RunOptions = {}): Promise<Refusal> {
  const command = ['pod', 'web-7d9f-x2k4q', '-n', 'shop', '--request-timeout', '1s', '-o', 'json', ...args];
  return refusalIn(await runCli(command, { kubeconfig, ...options }));
}

function config(options: Partial<Context> = {}): string {
  return kubeconfigFor(api, { name: 'prod', ...options }).path;
}

function written(text: string): string {
  const path = join(temporaryFolder('kubeconfig'), 'config');
  writeFileSync(path, text);
  return path;
}

describe('a kubeconfig that leads nowhere', () => {
  it('does not exist', async () => {
    const { sentence, hint } = await refused('/nowhere/config');
    expect(sentence).toContain('/nowhere/config');
    expect(hint).toContain('az aks get-credentials');
    const named = await refused('', ['--kubeconfig', '/nowhere/other']);
    expect(named.sentence).toBe('Cannot read the kubeconfig /nowhere/other: it does not exist.');
  });

  it.each([
    ['broken YAML', 'clusters: [\n  - token: canary\n', /line|:\d+/],
    ['a list', '- a\n- b\n', /no kubeconfig/],
    ['HTML', '<html>Sign in</html>', /kubeconfig/],
    ['a folder', null, /folder/],
  ])('is %s', async (_what, text, sentence) => {
    const refusal = await refused(text === null ? temporaryFolder('folder') : written(text));
    expect(refusal.sentence).toMatch(sentence);
    expect(JSON.stringify(refusal)).not.toContain('canary');
  });

  it('lacks the context, cluster or user that was named: the nearest ones are told', async () => {
    const path = config();
    expect(await refused(path, ['--context', 'prd'])).toMatchObject({
      sentence: expect.stringContaining("There is no context 'prd' in the kubeconfig") as string,
      hint: 'Did you mean: prod?',
    });
    expect((await refused(path, ['--cluster', 'prod-clustr'])).hint).toBe('Did you mean: prod-cluster?');
    expect((await refused(path, ['--user', 'prod-usr'])).hint).toBe('Did you mean: prod-user?');
  });

  it('has no current context', async () => {
    const { path } = writeKubeconfig([{ name: 'prod', server: api }], { current: null });
    expect((await refused(path)).hint).toBe('Choose one with --context: prod.');
  });
});

describe('a cluster that cannot be reached', () => {
  it.each<[string, string, RegExp]>([
    ['refuses the connection', 'https://127.0.0.1:1', /127\.0\.0\.1:1: the connection was refused/],
    ['has a name nobody knows', 'https://gone.azmk8s.example:443', /its name does not exist in DNS/],
    ['never answers', 'https://20.1.2.3:443', /no connection within 1 s/],
  ])('%s', async (_what, url, sentence) => {
    const path = kubeconfigFor({ url, token: 'none' }).path;
    const hosts = { 'gone.azmk8s.example': 'ENOTFOUND', '20.1.2.3': 'hang' };
    const refusal = await refused(path, [], { hosts });
    expect(refusal.sentence).toMatch(sentence);
    expect(refusal.hint).not.toBe('');
  });

  it.each([
    ['untrusted', /not signed by the authority of the kubeconfig/, /az aks get-credentials/],
    ['self-signed', /not signed by the authority of the kubeconfig/, /az aks get-credentials/],
    ['expired', /certificate of the API server has expired/, /clock/],
    ['wrong-name', /made out to other names/, /--tls-server-name/],
  ] as const)('has a certificate that is %s', async (certificate, sentence, hint) => {
    const other = await startApiServer({ objects: [] }, { certificate });
    const refusal = await refused(kubeconfigFor(other).path);
    expect(refusal.sentence).toMatch(sentence);
    expect(refusal.hint).toMatch(hint);
    await other.close();
  });

  it.each(['expired', 'untrusted'] as const)(
    'does not take a client certificate that is %s',
    async (kind) => {
      const certificate = clientCertificate('jane', [], kind);
      const { sentence, hint } = await refused(config({ credentials: { certificate } }));
      expect(sentence).toMatch(/does not accept the credentials|client certificate/);
      expect(hint).toMatch(/az login|az aks get-credentials/);
    },
  );

  it('speaks plain HTTP or is something else altogether', async () => {
    const { sentence } = await refused(
      kubeconfigFor({ url: api.url.replace('https', 'http'), token: '' }).path,
    );
    expect(sentence).toMatch(/Cannot reach the API server/);
  });
});

describe('a credential plug-in', () => {
  const plugin = (exec: ExecPlugin): string => config({ credentials: { exec } });

  it('that is missing is named, with its own hint', async () => {
    const { sentence, hint } = await refused(plugin({ missing: 'kubelogin-missing' }));
    expect(sentence).toContain('kubelogin-missing of the kubeconfig is not installed or not on PATH');
    expect(hint).toBe('Install kubelogin-missing first.');
  });

  it('that fails leaves its own words above', async () => {
    const { sentence, above } = await refused(plugin({ prompt: 'AADSTS700082: expired', exitCode: 7 }));
    expect(sentence).toMatch(/failed with exit code 7/);
    expect(above).toEqual(['AADSTS700082: expired']);
  });

  it('that writes something else is told apart', async () => {
    expect((await refused(plugin({ stdout: 'hello' }))).sentence).toContain('no ExecCredential');
    expect((await refused(plugin({ stdout: '{"kind":"ExecCredential"}' }))).sentence).toContain('apiVersion');
  });

  it('that must ask without a terminal is not started', async () => {
    const { sentence } = await refused(plugin({ interactiveMode: 'Always', token: 'x' }));
    expect(sentence).toContain('stdin is no terminal');
  });

  it('that hangs is ended', async () => {
    const { sentence, above } = await refused(
      plugin({ hangs: true, prompt: 'To sign in, use a web browser' }),
      [],
      {
        timeoutMs: 50_000,
      },
    );
    expect(sentence).toMatch(/did not finish within \d+ s/);
    expect(above).toEqual(['To sign in, use a web browser']);
  });

  it('shows its prompt and is used', async () => {
    const path = plugin({ token: api.token, prompt: 'To sign in, enter the code ABCD' });
    const run = await runCli(['pod', 'nobody', '-n', 'shop'], { kubeconfig: path });
    expect(run.stderr).toMatch(/^To sign in, enter the code ABCD\nwi-doctor: There is no pod nobody/);
  });
});
