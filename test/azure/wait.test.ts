import { afterEach, describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../support/run-cli.ts';
import { worldOf } from '../scenarios.ts';
import {
  ISSUER,
  ordersIdentity,
  SECRET_SIGN_IN,
  startAzureScenario,
  SUBJECT,
  withIdentities,
  type AzureScenario,
  type ScenarioOptions,
} from './azure-scenario.ts';

const CREDENTIALS = /federatedIdentityCredentials/;
const GOOD = { name: 'web-fed', issuer: ISSUER, subject: SUBJECT, createdAt: '2026-03-02T11:00:00Z' };
const BAD = { ...GOOD, subject: `${SUBJECT}-sa` };

const PRELOAD = new URL('../support/redirect-hosts.mjs', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('../../bin/wi-doctor.js', import.meta.url));
// oxlint-disable-next-line no-control-regex
const CURSOR = /\u001b\[\?25([hl])/g;

/** Whether there is a program here that gives others a terminal. */
function hasScript(): boolean {
  return process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
}

let scenario: AzureScenario;
afterEach(() => scenario.close());

/** A pod whose identity has a credential for another service account. */
async function start(options: ScenarioOptions = {}): Promise<{ mend: () => void }> {
  const identity = ordersIdentity({ federatedCredentials: [BAD] });
  scenario = await startAzureScenario(withIdentities(identity), options);
  return {
    mend: () => {
      identity.federatedCredentials = [GOOD];
    },
  };
}

/** Settles when something has been asked so often. */
async function asked(log: readonly { path: string }[], path: RegExp, times = 1): Promise<void> {
  while (log.filter((request) => path.test(request.path)).length < times) await sleep(20);
}

function requestsOf({ live }: AzureScenario): string[] {
  return live.api.requests.map(({ verb, resource, name }) =>
    `${verb} ${resource ?? ''} ${name ?? ''}`.trim(),
  );
}

describe('--wait', () => {
  it('looks again at nothing but the credentials, and at whether the pod is the same', async () => {
    const { mend } = await start();
    const run = scenario.diagnose(['--wait=60s']);
    await asked(scenario.azure.requests, CREDENTIALS);
    const before = scenario.azure.requests.length;
    mend();
    const { report, code, stderr } = await run;
    expect([report.verdict, code, stderr]).toEqual(['healthy', 0, '']);
    const azure = scenario.azure.requests.slice(before).map(({ path }) => path);
    // What the first look had under way besides.
    const again = azure.filter((path) => CREDENTIALS.test(path));
    expect(again).toHaveLength(1);
    expect(azure.filter((path) => /servicePrincipals/.test(path))).toEqual([]);
    const pods = requestsOf(scenario).filter((one) => one.startsWith('get pods'));
    expect(pods).toHaveLength(2);
    expect(requestsOf(scenario).filter((one) => /mutatingwebhook/.test(one))).toHaveLength(1);
    expect(requestsOf(scenario).filter((one) => /list events/.test(one))).toHaveLength(1);
  });

  it('goes on when Azure gives no answer in between', async () => {
    const { mend } = await start();
    const run = scenario.diagnose(['--wait=60s']);
    await asked(scenario.azure.requests, CREDENTIALS);
    scenario.azure.faults.add({
      match: { path: CREDENTIALS, times: 1 },
      fault: { kind: 'error', status: 403 },
    });
    await asked(scenario.azure.requests, CREDENTIALS, 2);
    mend();
    const { report, code } = await run;
    expect([report.verdict, code]).toEqual(['healthy', 0]);
  });

  it('goes on when the API server is away in between', async () => {
    const { mend } = await start({ live: { ours: 'faults are injected' } });
    const pods = /\/pods\/web/;
    const run = scenario.diagnose(['--wait=60s']);
    await asked(scenario.azure.requests, CREDENTIALS);
    scenario.live.api.faults.add({ match: { path: pods, times: 2 }, fault: { kind: 'reset' } });
    mend();
    const { report, code } = await run;
    expect([report.verdict, code]).toEqual(['healthy', 0]);
  });

  it('tells what is still wrong when time is up', async () => {
    await start();
    const { report, code, stderr } = await scenario.diagnose(['--wait=6s']);
    expect([report.verdict, code, report.rootCauses, stderr]).toEqual(['problem', 1, ['FIC-05'], '']);
    const read = scenario.azure.requests.filter(({ path }) => CREDENTIALS.test(path));
    expect(read.length).toBeLessThan(4);
  });

  it('does not wait for what nobody can see', async () => {
    await start();
    const { report, code, ms } = await scenario.diagnose(['--wait=60s'], { env: {} });
    expect([report.verdict, code]).toEqual(['inconclusive', 3]);
    expect(ms).toBeLessThan(30_000);
  });

  it('follows to the pod that takes the place of one that is gone', async () => {
    const { mend } = await start();
    const { api, target } = scenario.live;
    const run = scenario.diagnose(['--wait=60s']);
    await asked(scenario.azure.requests, CREDENTIALS);
    const pod = worldOf('healthy').facts.pod;
    const { metadata, ...rest } = pod?.state === 'present' ? pod.value : {};
    await api.remove({ apiVersion: 'v1', kind: 'Pod', metadata: { name: target.name, namespace: 'shop' } });
    await api.patch({
      ...rest,
      metadata: { ...metadata, name: 'web-7d9f-next1', uid: 'aaaaaaaa-0000-4000-8000-00000000000f' },
    });
    mend();
    const { report, code, stderr } = await run;
    expect(stderr).toBe(`wi-doctor: pod ${target.name} is gone; looking at deployment web from now on.\n`);
    expect(report.target).toMatchObject({ kind: 'Deployment', name: 'web' });
    expect([report.verdict, code]).toEqual(['healthy', 0]);
    expect(requestsOf(scenario)).toContain('list pods');
  });

  it('waits for a pod of the same name where no controller makes another', async () => {
    await start({ scenario: 'healthy' });
    const { api, target } = scenario.live;
    const pod = worldOf('healthy').facts.pod;
    if (pod?.state !== 'present') throw new Error('no pod');
    const { ownerReferences: _, ...metadata } = pod.value.metadata ?? {};
    const own = { ...pod.value, metadata: { ...metadata, name: 'alone' } };
    await api.patch(own);
    const run = scenario.run(['--wait=7s'], { name: 'alone' });
    await asked(scenario.azure.requests, CREDENTIALS);
    await api.remove({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'alone', namespace: 'shop' } });
    const { code, stdout, stderr } = await run;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('wi-doctor: pod alone is gone; trying again.\n');
    expect(stderr).toContain('wi-doctor: There is no pod alone any more, and none of that name came back');
    expect(target.name).not.toBe('alone');
  });
});

describe('Ctrl-C while waiting', () => {
  it('ends at once', async () => {
    await start();
    const { code, signal, stdout, stderr, ms } = await scenario.run(['--wait=10m'], {
      env: SECRET_SIGN_IN,
      interrupt: asked(scenario.azure.requests, CREDENTIALS).then(() => sleep(2_000)),
    });
    expect([code, signal, stdout, stderr]).toEqual([130, null, '', '']);
    expect(ms).toBeLessThan(30_000);
  });

  it.skipIf(!hasScript())('leaves a terminal as it was', async () => {
    await start();
    const { live, azure, entra } = scenario;
    const command = [process.execPath, '--import', PRELOAD, PROGRAM, 'pod', live.target.name, '-n', 'shop'];
    const drawn = asked(azure.requests, CREDENTIALS).then(() => sleep(2_000));
    const { code, stdout } = await runProgram(
      'script',
      ['-qec', `stty cols 100 rows 40; exec ${[...command, '--wait=10m'].join(' ')}`, '/dev/null'],
      {
        kubeconfig: live.kubeconfig,
        hosts: { ...(live.hosts as Record<string, string>), ...entra.hosts, ...azure.hosts },
        env: { ...live.env, ...SECRET_SIGN_IN, TERM: 'xterm-256color' },
        timeoutMs: 15_000,
        typed: drawn.then(() => '\u0003'),
      },
    );
    expect(code).toBe(130);
    expect(stdout).toMatch(/FIC-05 still there/);
    expect(stdout).toMatch(/looked once, next look in \d seconds?, 9 minutes \d+ seconds left/);
    const cursor = [...stdout.matchAll(CURSOR)].map(([, state]) => state);
    expect(cursor.slice(0, 1).concat(cursor.slice(-1))).toEqual(['l', 'h']);
  });
});
