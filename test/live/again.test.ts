import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBundle } from '../../src/bundle.ts';
import { worldOf } from '../scenarios.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { diagnosePod, reportIn } from './diagnose-live.ts';
import { startScenario, type LiveScenario } from './start-scenario.ts';

const CLIENT = '11111111-1111-4111-8111-111111111111';
const SUBSCRIPTION = '44444444-4444-4444-8444-444444444444';

/** The words of a suggested command of wi-doctor whose values need no quotes. */
function words(command: string): string[] {
  expect(command).toMatch(/^wi-doctor /);
  return command.split(' ').slice(1);
}

describe('a pod that the fix replaces', () => {
  let live: LiveScenario;
  beforeAll(async () => {
    live = await startScenario('label-forgotten');
  });
  afterAll(() => live.close());

  it('is looked at again through its deployment, with all that was given', async () => {
    const folder = fileURLToPath(new URL('../third-party/checks', import.meta.url));
    const flags = [
      '-c',
      'app',
      '--azure',
      'off',
      '--cloud',
      'public',
      '--allow-private-issuer',
      '--checks',
      folder,
    ];
    const { report } = await diagnosePod(live, [
      ...flags,
      '--kubeconfig',
      live.kubeconfig,
      '--fail-on',
      'warn',
    ]);
    expect(report.findings[0]?.verify).toBe(
      [
        `wi-doctor deploy web -n shop --kubeconfig ${live.kubeconfig} -c app ${live.flags.join(' ')}`,
        `--azure off --cloud public --allow-private-issuer --checks ${folder} --fail-on warn`,
      ].join(' '),
    );
  });

  it('is found again by that command', async () => {
    const { report, code } = await diagnosePod(live, ['--azure', 'off', '-c', 'app']);
    const again = await runCli([...words(report.findings[0]?.verify ?? ''), '-o', 'json'], {
      kubeconfig: live.kubeconfig,
      hosts: live.hosts,
    });
    const second = reportIn(again);
    expect({ code: again.code, roots: second.rootCauses }).toEqual({ code, roots: report.rootCauses });
    // A second round suggests what the first did.
    expect(second.findings[0]?.verify).toBe(report.findings[0]?.verify);
  });

  it('is not looked at with an error that was brought once', async () => {
    const { report } = await diagnosePod(live, ['--error', 'AADSTS700213', '--logs']);
    expect(report.findings[0]?.verify).toBe(`wi-doctor deploy web -n shop ${live.flags.join(' ')}`);
  });
});

describe('credentials from a file', () => {
  it('are listed anew once the fix has changed them', async () => {
    const live = await startScenario('issuer-without-slash');
    const { report } = await diagnosePod(live);
    expect(report.findings[0]?.verify).toBe(
      [
        `az identity federated-credential list --identity-name orders-mi -g shop-rg --subscription ${SUBSCRIPTION} -o json > ${CLIENT}.json`,
        `wi-doctor pod web-7d9f-x2k4q -n shop --federated-credentials ${CLIENT}=${CLIENT}.json`,
      ].join(' && '),
    );
    await live.close();
  });
});

describe('a bundle', () => {
  it('does not show the fix, so the cluster is looked at', async () => {
    const bundle = join(temporaryFolder('bundle'), 'case.json');
    writeFileSync(bundle, writeBundle(worldOf('label-forgotten')));
    const run = await runCli(['pod', 'web-7d9f-x2k4q', '-n', 'shop', '--bundle', bundle, '-o', 'json']);
    const [finding] = reportIn(run).findings;
    expect({ verify: finding?.verify, note: finding?.verifyNote }).toEqual({
      verify: 'wi-doctor deploy web -n shop',
      note: 'run it against the cluster: the bundle does not show the fix',
    });
    const screen = await runCli(['pod', 'web-7d9f-x2k4q', '-n', 'shop', '--bundle', bundle]);
    expect(screen.stdout).toContain('(run it against the cluster: the bundle does not show the fix)');
  });

  it('is looked at again with what it lacks', async () => {
    const bundle = join(temporaryFolder('bundle'), 'my case.json');
    writeFileSync(bundle, writeBundle(worldOf('no-azure-evidence')));
    const run = await runCli([
      'pod',
      'web-7d9f-x2k4q',
      '-n',
      'shop',
      '-c',
      'app',
      '--bundle',
      bundle,
      '-o',
      'json',
    ]);
    expect(reportIn(run).next).toMatch(
      / > credentials\.json && wi-doctor pod web-7d9f-x2k4q -n shop --federated-credentials credentials\.json -c app --bundle '.*my case\.json'$/,
    );
  });
});

describe('an exchange', () => {
  it('is made again by the same flags', async () => {
    const live = await startScenario('entra-finds-no-subject');
    const { report } = await diagnosePod(live, ['--exchange', '--scope', 'https://vault.azure.net/.default']);
    for (const { verify } of report.findings)
      expect(verify).toContain('--exchange --scope https://vault.azure.net/.default');
    await live.close();
  });
});
