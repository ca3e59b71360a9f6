import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LoggedRequest } from '../support/api-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { diagnosePod, reportIn, runPod } from '../live/diagnose-live.ts';
import { runCli } from '../support/run-cli.ts';
import { startScenario, type LiveOptions, type LiveScenario } from '../live/start-scenario.ts';

const POD = 'web-7d9f-x2k4q';
const KEPT =
  'AADSTS700024: Client assertion is not within its valid time range. Current time: 2026-11-20T09:25:10.0000000Z, assertion valid from 2026-11-20T08:00:00.0000000Z, expiry time of assertion 2026-11-20T09:00:00.0000000Z.';
const REFUSED =
  "AADSTS700213: No matching federated identity record found for presented assertion subject 'system:serviceaccount:shop:worker'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.";

async function withScenario(
  name: string,
  options: LiveOptions,
  use: (live: LiveScenario) => Promise<void>,
): Promise<void> {
  const live = await startScenario(name, options);
  try {
    await use(live);
  } finally {
    await live.close();
  }
}

function logsIn(requests: readonly LoggedRequest[]): LoggedRequest[] {
  return requests.filter(({ path }) => path.endsWith('/log'));
}

function saved(text: string): string {
  const file = join(temporaryFolder('error'), 'app.log');
  writeFileSync(file, text);
  return file;
}

describe('--logs', () => {
  it('is what it takes: without it no log is asked for', async () => {
    await withScenario('label-forgotten', {}, async (live) => {
      const { report } = await diagnosePod(live);
      expect(logsIn(live.api.requests)).toEqual([]);
      expect(report.errors).toEqual([]);
    });
  });

  it('reads the containers that have the token, now and before their restart, within bounds', async () => {
    await withScenario('token-kept-by-the-program-in-its-log', {}, async (live) => {
      const { report, stderr, stdout } = await diagnosePod(live);
      expect(report.rootCauses).toEqual(['SDK-10']);
      expect(report.errors[0]).toMatchObject({ code: 700024, origin: 'log of container app' });
      const asked = logsIn(live.api.requests);
      expect(asked.map(({ path }) => path)).toEqual([`/api/v1/namespaces/shop/pods/${POD}/log`]);
      expect(asked[0]?.query).toMatchObject({ container: 'app', tailLines: '2000', sinceSeconds: '86400' });
      expect(Number(asked[0]?.query['limitBytes'])).toBeGreaterThan(0);
      expect(stderr).toBe('');
      expect(stdout).not.toContain('Client assertion is not within');
    });
  });

  it('reads the last hour of the webhook when the pod has no token', async () => {
    await withScenario('webhook-may-not-read-accounts-by-its-log', {}, async (live) => {
      const { report } = await diagnosePod(live);
      expect(report.rootCauses).toEqual(['WH-12']);
      expect(report.errors.map(({ origin }) => origin)).toEqual(['webhook log']);
      const asked = logsIn(live.api.requests);
      expect(asked.map(({ path }) => path).every((path) => path.includes('/kube-system/'))).toBe(true);
      expect(asked[0]?.query).toMatchObject({ container: 'manager', sinceSeconds: '3600' });
    });
  });

  it('changes no verdict without the right to read logs, and names it', async () => {
    const deny = [{ verb: 'get', resource: 'pods/log' }];
    await withScenario('healthy', { deny }, async (live) => {
      const { code, report, stderr } = await diagnosePod(live, ['--logs']);
      expect({ code, verdict: report.verdict, errors: report.errors }).toEqual({
        code: 0,
        verdict: 'healthy',
        errors: [],
      });
      expect(stderr).toMatch(
        /the log of container app could not be read: the user may not get pods\/log .*\(403\)\.$/m,
      );
      expect(report.checks.find(({ id }) => id === 'exchange/reached')).toMatchObject({ status: 'unknown' });
    });
  });

  it('asks the webhook alone for the cluster as a whole', async () => {
    await withScenario('healthy', {}, async (live) => {
      const run = await runCli(['cluster', '--logs', '-o', 'json'], {
        kubeconfig: live.kubeconfig,
        hosts: live.hosts,
        env: live.env,
      });
      expect(reportIn(run).target.kind).toBe('Cluster');
      const asked = logsIn(live.api.requests);
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.every(({ path }) => path.includes('/kube-system/'))).toBe(true);
    });
  });
});

describe('--error', () => {
  it('takes a text, a file and standard input', async () => {
    await withScenario('healthy', {}, async (live) => {
      const kept = live.moved(KEPT);
      for (const [flag, input] of [
        [kept, undefined],
        [saved(kept), undefined],
        ['-', kept],
      ] as const) {
        const { report } = await diagnosePod(live, ['--error', flag], input === undefined ? {} : { input });
        expect(report.errors.map(({ code, origin }) => ({ code, origin }))).toEqual([
          { code: 700024, origin: '--error' },
        ]);
        expect(report.rootCauses).toEqual(['SDK-10']);
      }
      expect(logsIn(live.api.requests)).toEqual([]);
    });
  });

  it('asks whether another service account of the error exists', async () => {
    const worker = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'worker', namespace: 'shop' },
    };
    await withScenario('healthy', { objects: [worker] }, async (live) => {
      const { report } = await diagnosePod(live, ['--error', REFUSED]);
      expect(report.errors[0]?.matches?.[0]).toMatchObject({ field: 'subject', relation: 'other' });
      expect(report.errors[0]?.matches?.[0]?.note).toMatch(/shop\/worker, which exists as well;/);
    });
  });

  it('holds no token that somebody logged', async () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(80)}.${'b'.repeat(80)}`;
    await withScenario('healthy', {}, async (live) => {
      const text = `AADSTS700016: Application with identifier '${token}' was not found in the directory 'Contoso'.`;
      const { stdout } = await diagnosePod(live, ['--error', saved(text)]);
      expect(stdout).not.toContain('a'.repeat(40));
    });
  });

  it('says when nothing in it is known, and goes on', async () => {
    await withScenario('healthy', {}, async (live) => {
      const { code, report, stderr } = await diagnosePod(live, ['--error', 'it does not work']);
      expect({ code, errors: report.errors }).toEqual({ code: 0, errors: [] });
      expect(stderr).toMatch(/nothing in the error is known/);
    });
  });

  it.each([
    [['--error', './no-such.log'], /There is no file/],
    [['--error', '-', '--token-file', '-'], /both read standard input/],
  ])('refuses %j', async (flags, sentence) => {
    await withScenario('healthy', {}, async (live) => {
      const { code, stderr } = await runPod(live, flags);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(sentence) });
    });
  });
});

describe('explain --pod', () => {
  it('explains first, then diagnoses, and exits as explain does', async () => {
    await withScenario('subject-of-another-service-account', {}, async (live) => {
      const run = await runCli(
        ['explain', REFUSED.replace('worker', 'web'), '--pod', POD, '-n', 'shop', ...live.flags],
        { kubeconfig: live.kubeconfig, hosts: live.hosts, env: live.env },
      );
      expect(run.code).toBe(0);
      const [first, second] = [run.stdout.indexOf('AADSTS700213'), run.stdout.indexOf('cannot sign in')];
      expect(first).toBeGreaterThanOrEqual(0);
      expect(second).toBeGreaterThan(first);
      expect(run.stdout).toContain('Its subject is what this pod has now.');
      expect(run.stdout).not.toContain('Next: hold it against the cluster');
    });
  });

  it('stays one explanation as JSON, with what its values are', async () => {
    await withScenario('healthy', {}, async (live) => {
      const options = { kubeconfig: live.kubeconfig, hosts: live.hosts, env: live.env };
      const args = ['--pod', POD, '-n', 'shop', ...live.flags, '-o', 'json'];
      const run = await runCli(['explain', '-', ...args], { ...options, input: REFUSED });
      const document = JSON.parse(run.stdout) as { schemaVersion: string; errors: { matches: unknown[] }[] };
      expect(run.code).toBe(0);
      expect(document.schemaVersion).toBe('wi-doctor.explanation/v1');
      expect(document.errors[0]?.matches).toMatchObject([{ field: 'subject', relation: 'other' }]);
      const nothing = await runCli(['explain', 'hello there', ...args], options);
      expect(nothing.code).toBe(3);
      expect(JSON.parse(nothing.stdout)).toMatchObject({ errors: [], headline: expect.any(String) });
    });
  });

  it('refuses a finding, which is no error', async () => {
    const run = await runCli(['explain', 'FIC-03', '--pod', POD], {});
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/FIC-03 is a finding/);
  });
});
