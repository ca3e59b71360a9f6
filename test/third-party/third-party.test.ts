import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controller, ownedBy, pod } from '../owners/objects.ts';
import { startShop, type Shop } from '../owners/shop.ts';
import { reportIn } from '../live/diagnose-live.ts';
import { kubeconfigFor } from '../support/kubeconfig.ts';
import { runCli, runNode } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('./checks/image-registry.js', import.meta.url));

/** A folder of checks with the example, far from any installation, and files of one's own. */
function folderOf(files: Readonly<Record<string, string>> = {}, example = true): string {
  const folder = temporaryFolder('checks');
  if (example) copyFileSync(EXAMPLE, join(folder, 'image-registry.js'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

let shop: Shop;
beforeAll(async () => {
  shop = await startShop([
    controller(),
    controller({ kind: 'ReplicaSet', name: 'web-1', metadata: ownedBy('Deployment', 'web') }),
    pod({ name: 'web-1-a', owner: ['ReplicaSet', 'web-1'] }),
  ]);
});
afterAll(() => shop.close());

const POD = ['pod', 'web-1-a', '-n', 'shop'] as const;

describe('the example', () => {
  it('is what the README prints', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(readFileSync(EXAMPLE, 'utf8'));
  });
});

describe('--checks DIR', () => {
  it('runs the example of the README beside the others', async () => {
    const { outcome, report } = await shop.diagnose(...POD, '--checks', folderOf());
    expect(outcome).toEqual({
      verdict: 'healthy',
      exit: 0,
      findings: ['HOUSE-01 warn noticed Pod/web-1-a/app'],
    });
    expect(report.findings[0]).toMatchObject({
      check: 'house/image-registry',
      message: 'Container app has an identity and runs web:2, which is not of our own registry.',
      fix: [{ command: 'az acr import --name shop --source web:2' }],
    });
    expect(report.checks.length).toBeGreaterThan(20);
  });

  it('takes its codes and its id in --only, --skip and --fail-on', async () => {
    const folder = folderOf();
    const only = await shop.diagnose(...POD, '--checks', folder, '--only', 'HOUSE-01', '--fail-on', 'warn');
    expect(only.outcome).toEqual({
      verdict: 'problem',
      exit: 1,
      findings: ['HOUSE-01 warn root Pod/web-1-a/app'],
    });
    expect(only.report.checks.map(({ id }) => id)).toEqual(['house/image-registry']);
    expect(only.report.headline).toContain('(only HOUSE-01 was checked)');
    const without = await shop.diagnose(...POD, '--checks', folder, '--skip', 'house/image-registry');
    expect(without.outcome.findings).toEqual([]);
    expect(without.report.headline).toContain('(house/image-registry was left out)');
  });

  it.each([
    ['a syntax error', 'export default {', /could not be loaded: /],
    ['an import that does not exist', "import 'no-such-package';", /could not be loaded: .*no-such-package/],
    ['something else than a check', 'export default 42;', /default export is not a check/],
    [
      'a crash',
      `import { defineCheck } from 'wi-doctor';
       export default defineCheck({ id: 'house/broken', title: 'x', link: 'pod', stage: 'values', per: 'workload',
         restsOn: 'always', needs: ['workload'], sources: [], outcomes: {}, run() { throw new Error('oh no'); } });`,
      /it crashed: .*oh no/,
    ],
    [
      'an outcome it does not list',
      `import { defineCheck } from 'wi-doctor';
       export default defineCheck({ id: 'house/broken', title: 'x', link: 'pod', stage: 'values', per: 'workload',
         restsOn: 'always', needs: [], sources: [], outcomes: {}, run(_facts, say) { return say('what'); } });`,
      /outcome "what" that it does not list/,
    ],
  ])('%s is the error of that check, and the others go on', async (_what, text, reason) => {
    const { outcome, report } = await shop.diagnose(...POD, '--checks', folderOf({ 'broken.js': text }));
    const errors = report.checks.filter(({ status }) => status === 'error');
    expect(errors.map((check) => check.reason)).toEqual([expect.stringMatching(reason)]);
    expect(outcome).toMatchObject({ verdict: 'inconclusive', exit: 3 });
    expect(report.findings.map(({ code }) => code)).toEqual(['HOUSE-01']);
  });

  it.each([
    ['a folder that does not exist', join(temporaryFolder('none'), 'x'), /cannot be read/],
    ['a folder without checks', folderOf({ 'notes.txt': 'x' }, false), /holds no \.js file/],
  ])('%s is an error of the command line', async (_what, folder, sentence) => {
    const { code, stderr } = await shop.run(...POD, '--checks', folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
  });

  it('works from the installed package', async () => {
    const home = temporaryFolder('installed');
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', home], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    const place = join(home, 'lib', 'node_modules', 'wi-doctor');
    mkdirSync(place, { recursive: true });
    execFileSync('tar', ['-xzf', join(home, filename), '-C', place, '--strip-components=1']);
    const kubeconfig = kubeconfigFor(shop.api, { name: 'prod' }).path;
    const args = [join(place, 'bin', 'wi-doctor.js'), ...POD, '--checks', folderOf(), '--only', 'HOUSE-01'];
    const run = await runNode([...args, '-o', 'json'], { kubeconfig, allowRefused: true });
    expect(reportIn(run).findings.map(({ code }) => code)).toEqual(['HOUSE-01']);
  });
});

describe('which checks run', () => {
  it('--only and --skip take several, by comma or repeated, codes or ids', async () => {
    const { report } = await shop.diagnose(
      ...POD,
      '--only',
      'pod-01,service-account/exists',
      '--only',
      'FIC-05',
      '--skip',
      'FIC-05',
    );
    expect(report.checks.map(({ id }) => id)).toEqual(['pod/labelled', 'service-account/exists']);
  });

  it.each([
    [['--only', 'POD-99'], '--only names no check and no finding code: POD-99.'],
    [['--skip', 'pod/labeled'], '--skip names no check and no finding code: pod/labeled.'],
    [['--only', 'POD-01', '--skip', 'pod/labelled'], 'No check is left to run.'],
    [['--fail-on', 'info'], '--fail-on cannot be "info"'],
  ])('%j is an error of the command line', async (flags, sentence) => {
    const { code, stderr } = await shop.run(...POD, ...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });

  it('-c judges that container, which must have the token', async () => {
    const skipping = pod({
      name: 'half',
      metadata: { annotations: { 'azure.workload.identity/skip-containers': 'helper' } },
    }) as { spec: { containers: object[] } };
    const half = {
      ...skipping,
      spec: { ...skipping.spec, containers: [...skipping.spec.containers, { name: 'helper', image: 'h:1' }] },
    };
    await shop.api.patch(half);
    const all = await shop.diagnose('pod', 'half', '-n', 'shop');
    expect(all.outcome.exit).toBe(0);
    const one = await shop.diagnose('pod', 'half', '-n', 'shop', '-c', 'helper');
    expect(one.outcome).toMatchObject({ verdict: 'problem', exit: 1 });
    expect(one.report.rootCauses).toEqual(['POD-04']);
    const none = await shop.run('pod', 'half', '-n', 'shop', '-c', 'nobody');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('Its containers are: app, helper.');
  });
});

describe('wi-doctor checks', () => {
  it('lists every check with its layer, codes and needs', async () => {
    const { code, stdout } = await runCli(['checks', '-o', 'json']);
    const { checks } = JSON.parse(stdout) as {
      checks: { id: string; layer: string; codes: string[]; needs: string[] }[];
    };
    expect(code).toBe(0);
    expect(checks.length).toBeGreaterThan(60);
    for (const check of checks) {
      expect(check.id.startsWith(`${check.layer}/`)).toBe(true);
      expect(check.codes.length).toBeGreaterThan(0);
    }
  });

  it.each(['FIC-03', 'fic-03', 'federated-credential/issuer'])('%s prints the page of one', async (word) => {
    const { code, stdout } = await runCli(['checks', word]);
    expect(code).toBe(0);
    expect(stdout).toContain('What this means');
    expect(stdout).not.toContain('<!--');
  });

  it('is told apart from what is none', async () => {
    const { code, stderr } = await runCli(['checks', 'FIC-99']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean');
  });
});
