import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, runProgram, type RunResult } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { commandFor } from './diagnose-live.ts';
import { startScenario, type LiveScenario } from './start-scenario.ts';

const BIN = fileURLToPath(new URL('../../bin/kubectl-wi_doctor', import.meta.url));

let live: LiveScenario;
const folder = temporaryFolder('path');
beforeAll(async () => {
  symlinkSync(BIN, join(folder, 'kubectl-wi_doctor'));
  live = await startScenario('label-forgotten', { clock: false });
});
afterAll(() => live.close());

function kubectl(...args: string[]): Promise<RunResult> {
  return runProgram('kubectl', ['wi-doctor', ...args], {
    kubeconfig: live.kubeconfig,
    hosts: live.hosts,
    env: { PATH: `${folder}:${process.env['PATH']}` },
  });
}

describe('kubectl wi-doctor', () => {
  it('diagnoses a pod and suggests commands in its own name', async () => {
    const { code, stdout, stderr } = await kubectl(...commandFor(live));
    expect({ code, stderr: stderr.replace(/error: exit status 1\n/, '') }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('POD-01');
    expect(stdout).toContain('kubectl wi-doctor deploy web -n shop');
    expect(stdout).not.toMatch(/(?<!kubectl )wi-doctor (pod|deploy)/);
  });

  it('says what wi-doctor says but for that name', async () => {
    const [plugin, own] = await Promise.all([
      kubectl(...commandFor(live), '-o', 'json'),
      runCli([...commandFor(live), '-o', 'json'], {
        kubeconfig: live.kubeconfig,
        hosts: live.hosts,
      }),
    ]);
    expect(plugin.stdout.replaceAll('kubectl wi-doctor', 'wi-doctor')).toBe(own.stdout);
  });

  it('runs the demo', async () => {
    const { code, stdout } = await kubectl('demo');
    expect(code).toBe(0);
    expect(stdout).toContain('Other scenarios: kubectl wi-doctor demo --list');
  });

  it('shows its own usage', async () => {
    const { code, stdout } = await kubectl('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: kubectl wi-doctor COMMAND');
    const { stderr } = await kubectl('pod');
    expect(stderr).toContain('See: kubectl wi-doctor --help');
  });

  it('names objects that were meant in its own words', async () => {
    const { stderr } = await kubectl('pod', 'web-7d9f-x2k4p', '-n', 'shop');
    expect(stderr).toContain('kubectl wi-doctor pod web-7d9f-x2k4q -n shop');
  });
});
