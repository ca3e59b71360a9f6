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
