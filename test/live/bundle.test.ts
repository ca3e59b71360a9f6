import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeBundle } from '../../src/bundle.ts';
import { readExpected, worldOf } from '../scenarios.ts';
import { runCli, runProgram, type RunResult } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { commandFor, reportIn } from './diagnose-live.ts';
import { startScenario, type LiveScenario } from './start-scenario.ts';

const HERE = 'pod,sa,deploy,rs,event';

async function kubectl(live: LiveScenario, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram('kubectl', args, { kubeconfig: live.kubeconfig });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** What a user would send: one file for each question to kubectl. */
async function dump(live: LiveScenario, format: 'yaml' | 'json'): Promise<string> {
  const folder = temporaryFolder('dump');
  mkdirSync(join(folder, 'shop'));
  const save = async (file: string, ...args: string[]): Promise<void> =>
    writeFileSync(join(folder, file), await kubectl(live, 'get', ...args));
  await save(`shop/all.${format}`, HERE, '-n', 'shop', '-o', format);
  await save(`webhooks.${format}`, 'mutatingwebhookconfigurations', '-o', format);
  await save(`webhook.${format}`, 'deploy,pod,endpointslice,configmap', '-n', 'kube-system', '-o', format);
  await save(`namespace.${format}`, 'namespace', 'shop', '-o', format);
  await save(`nodes.${format}`, 'nodes', '-o', format);
  await save('discovery.json', '--raw', '/.well-known/openid-configuration');
  await save('version.json', '--raw', '/version');
  return folder;
}

async function offline(
  live: LiveScenario,
  bundle: string,
): Promise<RunResult & { report: ReturnType<typeof reportIn> }> {
  live.api.forget();
  const asked = live.issuer.requests.length;
  const run = await runCli([...commandFor(live), '--bundle', bundle, '-o', 'json'], {
    kubeconfig: live.kubeconfig,
    env: live.env,
    hosts: live.hosts,
  });
  expect(run.connections).toEqual([]);
  expect([live.api.requests.length, live.issuer.requests.length - asked]).toEqual([0, 0]);
  return { ...run, report: reportIn(run) };
}

describe('dumps of the real kubectl', () => {
  it.concurrent.each([
    ['label-says-True', 'yaml'],
    ['label-says-True', 'json'],
    ['issuer-without-slash', 'yaml'],
    ['running-pod-labelled', 'yaml'],
    ['subject-of-another-service-account', 'json'],
  ] as const)('of %s as %s give the same root causes, without any network', async (name, format) => {
    const live = await startScenario(name);
    const { code, report } = await offline(live, await dump(live, format));
    expect({ code, roots: report.rootCauses }).toEqual({ code: 1, roots: readExpected(name).rootCauses });
    await live.close();
  });

  it('of a healthy pod prove nothing about the public issuer, which is not asked', async () => {
    const live = await startScenario('healthy');
    const { code, report } = await offline(live, await dump(live, 'yaml'));
    expect({ code, verdict: report.verdict, findings: report.findings }).toEqual({
      code: 3,
      verdict: 'inconclusive',
      findings: [],
    });
    await live.close();
  });

  it('prove nothing by an empty list, which does not tell of what', async () => {
    const live = await startScenario('webhook-not-installed');
    const { code, report } = await offline(live, await dump(live, 'yaml'));
    expect({ code, findings: report.findings }).toEqual({ code: 3, findings: [] });
    await live.close();
  });

  it('leave unknown what was not dumped', async () => {
    const live = await startScenario('healthy');
    const file = join(temporaryFolder('dump'), 'pod.yaml');
    writeFileSync(file, await kubectl(live, 'get', 'pod', live.target.name, '-n', 'shop', '-o', 'yaml'));
    const { code, report } = await offline(live, file);
    expect({ code, findings: report.findings }).toEqual({ code: 3, findings: [] });
    expect(JSON.stringify(report.checks)).toContain('the dump holds no service accounts');
    await live.close();
  });

  it('prove that something is absent when a list covers it', async () => {
    const live = await startScenario('healthy', {
      objects: [
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'shop' } },
      ],
    });
    await live.api.remove({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'web', namespace: 'shop' },
    });
    const file = join(temporaryFolder('dump'), 'all.yaml');
    writeFileSync(file, await kubectl(live, 'get', 'pod,sa', '-n', 'shop', '-o', 'yaml'));
    const { code, report } = await offline(live, file);
    expect(code).toBe(1);
    expect(report.findings.map(({ subject }) => subject.kind)).toContain('ServiceAccount');
    await live.close();
  });
});

describe('a bundle of wi-doctor itself', () => {
  it.concurrent.each(['healthy', 'label-says-True', 'issuer-without-slash', 'namespace-forbidden'])(
    'of %s gives the same report, byte for byte, wherever it is read',
    async (name) => {
      const file = join(temporaryFolder('bundle'), 'bundle.json');
      writeFileSync(file, writeBundle(worldOf(name)));
      const command = ['pod', 'web-7d9f-x2k4q', '-n', 'shop', '--bundle', file, '-o', 'json'];
      const [one, other, demo] = await Promise.all([
        runCli(command),
        runCli(command, { env: { TZ: 'Asia/Kolkata', LANG: 'tr_TR.UTF-8' } }),
        runCli(['demo', name, '-o', 'json']),
      ]);
      expect(one.code).toBe(readExpected(name).exit);
      expect([one.connections, other.connections]).toEqual([[], []]);
      expect(other.stdout).toBe(one.stdout);
      const { findings, ...rest } = reportIn(one);
      const { findings: shown, ...others } = reportIn(demo);
      expect(rest).toEqual(others);
      expect(findings.map(({ code, message }) => [code, message])).toEqual(
        shown.map(({ code, message }) => [code, message]),
      );
    },
  );
});
