import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintToken, serviceAccountClaims } from '../support/mint-token.ts';
import { runCli, runProgram } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { commandFor, reportIn } from './diagnose-live.ts';
import { startScenario, type LiveScenario } from './start-scenario.ts';

const ISSUER =
  'https://eastus.oic.prod-aks.azure.com/22222222-2222-4222-8222-222222222222/33333333-3333-4333-8333-333333333333/';
const OTHER_ISSUER = ISSUER.replace('33333333-', '66666666-');
const SUBJECT = 'system:serviceaccount:shop:web';
const AUDIENCE = 'api://AzureADTokenExchange';

let live: LiveScenario;
let folder: string;

/** Pod, service account and controllers, and nothing that tells the issuer: what most people send. */
beforeAll(async () => {
  live = await startScenario('healthy');
  folder = temporaryFolder('dump');
  const args = ['get', 'pod,sa,deploy,rs', '-n', 'shop', '-o', 'yaml'];
  const { stdout } = await runProgram('kubectl', args, { kubeconfig: live.kubeconfig });
  writeFileSync(join(folder, 'all.yaml'), stdout);
});
afterAll(() => live.close());

interface Fields {
  readonly issuer?: string;
  readonly subject?: string;
  readonly audiences?: readonly string[];
}

function credentials(...items: readonly Fields[]): string {
  const file = join(temporaryFolder('credentials'), 'credentials.json');
  const list = items.map((fields, index) => ({
    name: `fed-${index}`,
    issuer: ISSUER,
    subject: SUBJECT,
    audiences: [AUDIENCE],
    ...fields,
  }));
  writeFileSync(file, JSON.stringify(list));
  return file;
}

async function judged(
  file: string,
  ...more: string[]
): Promise<{ code: number | null; roots: readonly string[]; fix: string }> {
  const [pod, name, ...scope] = commandFor({ ...live, flags: [] });
  const args = [
    pod ?? '',
    name ?? '',
    ...scope,
    '--bundle',
    folder,
    '--federated-credentials',
    file,
    '-o',
    'json',
  ];
  const run = await runCli([...args, ...more], { env: live.env });
  expect(run.connections).toEqual([]);
  const { rootCauses, findings } = reportIn(run);
  return { code: run.code, roots: rootCauses, fix: findings[0]?.fix[0]?.command ?? '' };
}

describe('a dump without the issuer of its cluster', () => {
  it.each<[string, readonly Fields[], string | null]>([
    ['no credential', [], 'FIC-01'],
    ['one of a pipeline', [{ subject: 'repo:contoso/shop:ref:refs/heads/main' }], 'FIC-01'],
    ['one for another service account', [{ subject: `${SUBJECT}-sa` }], 'FIC-05'],
    ['one in other letter case', [{ subject: SUBJECT.replace('shop', 'Shop') }], 'FIC-06'],
    ['one with a placeholder', [{ subject: 'system:serviceaccount:shop:${NAME}' }], 'FIC-07'],
    ['one with a blank at its end', [{ subject: `${SUBJECT} ` }], 'FIC-09'],
    ['one with another audience', [{ audiences: ['api://Other'] }], 'FIC-08'],
    ['a right one', [{}], null],
    ['one of another cluster', [{ issuer: OTHER_ISSUER }], null],
    ['one of two with the right audience', [{ audiences: ['api://Other'] }, { issuer: OTHER_ISSUER }], null],
  ])('and %s', async (_what, items, code) => {
    const seen = await judged(credentials(...items));
    expect(seen).toMatchObject(code === null ? { code: 3, roots: [] } : { code: 1, roots: [code] });
    const asksCluster = '--issuer "$(kubectl get --raw /.well-known/openid-configuration | jq -r .issuer)"';
    expect(seen.fix.includes(asksCluster)).toBe(code !== null);
  });

  it.each<[string, readonly Fields[], string | null]>([
    ['the right one', [{}], null],
    ['one of another cluster', [{ issuer: OTHER_ISSUER }], 'FIC-02'],
    ['one without the slash', [{ issuer: ISSUER.slice(0, -1) }], 'FIC-03'],
  ])('has it from a token that came along, and %s', async (_what, items, code) => {
    const file = join(temporaryFolder('token'), 'token');
    const now = Math.floor(Date.parse(live.env['WI_DOCTOR_TEST_NOW'] ?? '') / 1000);
    const claims = serviceAccountClaims({
      issuer: ISSUER,
      namespace: 'shop',
      serviceAccount: 'web',
      issuedAt: now - 60,
    });
    writeFileSync(file, mintToken({ claims }), { mode: 0o600 });
    const seen = await judged(credentials(...items), '--token-file', file);
    expect(seen).toMatchObject(code === null ? { code: 3, roots: [] } : { code: 1, roots: [code] });
  });
});

describe('what no dump may bring to light', () => {
  it('is what Secrets, variables and other settings hold', async () => {
    const secret = 'hunter2-never-printed';
    const dump = temporaryFolder('secrets');
    const metadata = { name: 'web', namespace: 'shop', annotations: { note: secret } };
    const objects = [
      { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password: secret } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { password: secret } },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', namespace: 'shop' },
        spec: {
          serviceAccountName: 'web',
          containers: [{ name: 'app', args: [secret], env: [{ name: 'PASSWORD', value: secret }] }],
        },
      },
    ];
    for (const [index, object] of objects.entries())
      writeFileSync(join(dump, `${index}.json`), JSON.stringify(object));
    writeFileSync(
      join(dump, 'config'),
      `apiVersion: v1\nkind: Config\nusers:\n- user:\n    token: ${secret}\n`,
    );
    const broken = join(temporaryFolder('broken'), 'secret.yaml');
    writeFileSync(broken, `kind: Secret\nstringData: [${secret}\n`);
    const runs = [
      ['pod', 'web', '-n', 'shop', '--bundle', dump, '-v', '-v'],
      ['pod', 'web', '-n', 'shop', '--bundle', dump, '-o', 'json'],
      ['pod', 'wep', '-n', 'shop', '--bundle', dump],
      ['sa', 'web', '-n', 'shop', '--bundle', dump, '-o', 'markdown'],
      ['pod', 'web', '-n', 'shop', '--bundle', broken],
    ];
    for (const args of runs) {
      const { stdout, stderr } = await runCli(args);
      expect(stdout + stderr).not.toContain(secret);
    }
  });
});
