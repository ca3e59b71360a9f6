import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type IssuerServer,
  mintToken,
  serviceAccountClaims,
  signingKey,
  startIssuer,
} from '../support/issuer.ts';
import { runCli, type RunResult } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { reportIn } from './diagnose-live.ts';
import { refusalIn } from './refusal.ts';

const ISSUER = 'https://eastus.oic.prod-aks.azure.com/22222222-2222-4222-8222-222222222222/1/';
const CLAIMS = { issuer: ISSUER, namespace: 'shop', serviceAccount: 'web' };

let issuers: IssuerServer;
beforeAll(async () => {
  issuers = await startIssuer();
  issuers.publish(ISSUER);
});
afterAll(() => issuers.close());

const now = (): number => Math.floor(Date.now() / 1000);

function run(token: string, args: string[] = []): Promise<RunResult> {
  return runCli(['token', '-', ...args], { input: token, hosts: issuers.hosts });
}

/** No part of a token may be printed: its signature is the secret, its payload gives it away. */
function expectHidden({ stdout, stderr }: RunResult, token: string): void {
  for (const part of token.split('.')) {
    expect(part === '' || !(stdout + stderr).includes(part.slice(0, 24))).toBe(true);
  }
}

describe('wi-doctor token', () => {
  it('explains every claim of a good token and prints none of it', async () => {
    const token = mintToken({ claims: serviceAccountClaims(CLAIMS) });
    const result = await run(`${token}\n`);
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
    for (const shown of [
      'system:serviceaccount:shop:web',
      'api://AzureADTokenExchange',
      'exp',
      'iss',
      'aud',
    ]) {
      expect(result.stdout).toContain(shown);
    }
    expectHidden(result, token);
  });

  it('reads a file, or standard input without being told', async () => {
    const token = mintToken({ claims: serviceAccountClaims(CLAIMS) });
    const file = join(temporaryFolder('token'), 'token');
    writeFileSync(file, token);
    const [fromFile, piped] = await Promise.all([
      runCli(['token', file, '-o', 'json'], { hosts: issuers.hosts }),
      runCli(['token', '-o', 'json'], { input: token, hosts: issuers.hosts }),
    ]);
    expect([fromFile.code, piped.code]).toEqual([0, 0]);
    const report = reportIn(fromFile) as { token?: { claims?: { sub?: string } } } & ReturnType<
      typeof reportIn
    >;
    expect(report.target).toMatchObject({ kind: 'Token', name: file });
    expect(report.token?.claims?.sub).toBe('system:serviceaccount:shop:web');
    expectHidden(fromFile, token);
  });

  it.concurrent.each<[string, () => string, RegExp]>([
    [
      'expired',
      () => mintToken({ claims: serviceAccountClaims({ ...CLAIMS, issuedAt: now() - 7200 }) }),
      /TOK/,
    ],
    [
      'for the future',
      () => mintToken({ claims: serviceAccountClaims({ ...CLAIMS, issuedAt: now() + 7200 }) }),
      /./,
    ],
    [
      'for two audiences',
      () =>
        mintToken({
          claims: serviceAccountClaims({ ...CLAIMS, audiences: ['a', 'api://AzureADTokenExchange'] }),
        }),
      /TOK/,
    ],
    [
      'for the API server',
      () =>
        mintToken({
          claims: serviceAccountClaims({ ...CLAIMS, audiences: ['https://kubernetes.default.svc'] }),
        }),
      /TOK/,
    ],
    [
      'of another key',
      () => mintToken({ claims: serviceAccountClaims(CLAIMS), key: signingKey('other') }),
      /ISS|TOK/,
    ],
    [
      'without a signature',
      () => mintToken({ claims: serviceAccountClaims(CLAIMS), algorithm: 'none' }),
      /TOK/,
    ],
    [
      'signed with the public key',
      () => mintToken({ claims: serviceAccountClaims(CLAIMS), algorithm: 'HS256' }),
      /TOK/,
    ],
    ['no token at all', () => 'hello', /TOK/],
  ])('finds fault with one that is %s', async (_what, make, code) => {
    const token = make();
    const result = await run(token, ['-o', 'json']);
    const report = reportIn(result);
    expect({ code: result.code, verdict: report.verdict }).toEqual({ code: 1, verdict: 'problem' });
    expect(report.rootCauses.join()).toMatch(code);
    expectHidden(result, token);
  });

  it('proves nothing when its issuer cannot be asked', async () => {
    const token = mintToken({ claims: serviceAccountClaims(CLAIMS) });
    const hosts = { [new URL(ISSUER).hostname]: 'ENOTFOUND' };
    const result = await runCli(['token', '-', '-o', 'json'], { input: token, hosts });
    expect({ code: result.code, verdict: reportIn(result).verdict }).toEqual({
      code: 3,
      verdict: 'inconclusive',
    });
  });

  it('never asks an issuer that is no public one', async () => {
    for (const issuer of ['https://169.254.169.254/', 'https://10.0.0.1/', 'http://issuer.example/']) {
      const token = mintToken({ claims: serviceAccountClaims({ ...CLAIMS, issuer }) });
      const result = await runCli(['token', '-', '-o', 'json'], { input: token, allowRefused: true });
      expect({ code: result.code, connections: result.connections }).toEqual({ code: 1, connections: [] });
    }
  });

  it.each<[string, string, string]>([
    ['a file that does not exist', '/nowhere/token', ''],
    ['two megabytes', '-', 'x'.repeat(2 * 1024 * 1024)],
    ['nothing', '-', ''],
  ])('refuses %s', async (_what, file, input) => {
    const result = await runCli(['token', file, '-o', 'json'], { input });
    const { sentence } = refusalIn(result);
    expect(sentence.length).toBeLessThan(200);
  });
});

describe('what is to be done about a token that was given alone', () => {
  const FRESH =
    'kubectl create token web -n shop --audience api://AzureADTokenExchange --duration 1h | wi-doctor token -';

  async function fixesOf(
    claims: Record<string, unknown>,
    args: string[] = [],
  ): Promise<{ fix: string[]; verify: string; file: string }> {
    const file = join(temporaryFolder('my tokens'), 'web.jwt');
    writeFileSync(file, mintToken({ claims }));
    const run = await runCli(['token', file, '-o', 'json', ...args], {
      hosts: issuers.hosts,
      allowRefused: true,
    });
    const [first] = reportIn(run).findings;
    return { fix: first?.fix.map(({ command }) => command) ?? [], verify: first?.verify ?? '', file };
  }

  function old(kubernetes: object): Record<string, unknown> {
    return {
      ...serviceAccountClaims({ ...CLAIMS, issuedAt: now() - 7200 }),
      'kubernetes.io': { namespace: 'shop', serviceaccount: { name: 'web', uid: 'u' }, ...kubernetes },
    };
  }

  it('names the pod that it is bound to', async () => {
    const { fix, verify } = await fixesOf(old({ pod: { name: 'web-7d9f', uid: 'u' } }), [
      '--context',
      'prod',
    ]);
    const look = 'wi-doctor pod web-7d9f -n shop --exec --context prod';
    expect({ fix, verify }).toEqual({ fix: [look], verify: look });
  });

  it('names the service account where it is bound to no pod', async () => {
    expect(await fixesOf(old({}))).toMatchObject({ fix: [FRESH], verify: FRESH });
    const { fix } = await fixesOf({ ...old({}), 'kubernetes.io': undefined });
    expect(fix).toEqual([FRESH]);
  });

  it('looks at the same file again once the issuer is mended', async () => {
    const issuer = ISSUER.replace('/1/', '/2/');
    const { fix, verify, file } = await fixesOf(serviceAccountClaims({ ...CLAIMS, issuer }));
    expect(fix).toEqual([
      `az aks list --query '[?oidcIssuerProfile.issuerUrl=='\\''${issuer}'\\''].[name, resourceGroup]' -o table`,
      'az aks update -g RESOURCE_GROUP -n CLUSTER_NAME',
    ]);
    expect(verify).toBe(`wi-doctor token '${file}'`);
  });

  it('asks for the cluster where its issuer has to change, and for another token then', async () => {
    for (const issuer of ['https://kubernetes.default.svc.cluster.local', 'https://10.0.0.1/']) {
      const { fix, verify } = await fixesOf(serviceAccountClaims({ ...CLAIMS, issuer }));
      expect({ fix, verify }).toEqual({ fix: ['wi-doctor cluster'], verify: FRESH });
    }
  });

  it('looks at what is there in place of a token', async () => {
    const file = join(temporaryFolder('token'), 'web.jwt');
    writeFileSync(file, 'hello');
    const [first] = reportIn(await runCli(['token', file, '-o', 'json'])).findings;
    expect(first?.fix.map(({ command }) => command)).toEqual([`head -c 3 ${file}`]);
    expect(first?.verify).toBe(`wi-doctor token ${file}`);
  });
});
