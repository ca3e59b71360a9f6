import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report.ts';
import { runCli } from '../support/run-cli.ts';
import { startScenario, type LiveScenario } from './start-scenario.ts';

describe('wi-doctor pod on a healthy cluster', () => {
  let live: LiveScenario;
  beforeAll(async () => {
    // Every answer takes a moment, so that requests of one round overlap and rounds can be told apart.
    live = await startScenario('healthy', { latencyMs: 150 });
  });
  afterAll(() => live.close());

  it('is healthy', async () => {
    const { name, namespace } = live.target;
    const run = await runCli(['pod', name, '-n', namespace, '-o', 'json', ...live.flags], { kubeconfig: live.kubeconfig, hosts: live.hosts });
    expect(run.stderr).toBe('');
    const report = JSON.parse(run.stdout) as Report;
    expect({ verdict: report.verdict, code: run.code, headline: report.headline }).toEqual({ verdict: 'healthy', code: 0, headline: expect.any(String) });
    expect(live.api.requests.every(({ verb }) => verb === 'get' || verb === 'list')).toBe(true);
    expect(live.api.requests.length).toBeLessThanOrEqual(16);
    expect(live.api.rounds()).toBeLessThanOrEqual(3);
  });
});
