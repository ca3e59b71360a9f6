import { afterEach, describe, expect, it } from 'vitest';
import { ASSETS } from '../support/control-plane.ts';
import { certificateCredentials, kubeconfigFor } from '../support/kubeconfig.ts';
import { runCli, runProgram } from '../support/run-cli.ts';
import { kubectlAvailable } from '../support.test/kubectl-available.ts';
import { diagnosePod, reportIn } from './diagnose-live.ts';
import { startScenario, type LiveScenario } from './start-scenario.ts';

let live: LiveScenario;
afterEach(() => live.close());

describe.skipIf(!ASSETS)('a real control plane', () => {
  it('mints a token like the pod’s own, whose signature its keys prove', async () => {
    live = await startScenario('healthy');
    const { code, report } = await diagnosePod(live, ['--mint']);
    expect({ code, findings: report.findings }).toEqual({ code: 0, findings: [] });
    const statuses = report.checks.filter(({ id }) => id.startsWith('token/')).map(({ status }) => status);
    expect(statuses).toContain('pass');
    expect(statuses).not.toContain('unknown');
    const written = live.api.requests.filter(({ verb }) => verb !== 'get' && verb !== 'list');
    expect(written.map(({ verb, resource, name }) => `${verb} ${resource} ${name}`)).toEqual([
      'create serviceaccounts/token web',
    ]);
  });

  it.skipIf(!kubectlAvailable())('takes the roles that wi-doctor rbac prints, which are enough', async () => {
    live = await startScenario('healthy');
    const roles = await runCli(['rbac', '--group', 'wi-doctor:oncall', '--with', 'mint']);
    const applied = await runProgram('kubectl', ['apply', '-f', '-'], {
      kubeconfig: live.kubeconfig,
      input: roles.stdout,
    });
    expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 0, stderr: '' });
    const credentials = certificateCredentials('jane', ['wi-doctor:oncall']);
    const { path } = kubeconfigFor(live.api, { name: 'prod', credentials });
    const { name, namespace } = live.target;
    const run = await runCli(['pod', name, '-n', namespace, ...live.flags, '--mint', '-o', 'json'], {
      kubeconfig: path,
      hosts: live.hosts,
      env: live.env,
    });
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
    expect(run.stdout).not.toContain('(403)');
    const own = await diagnosePod(live, ['--mint']);
    expect(reportIn(run).checks).toEqual(own.report.checks);
    const removed = await runProgram('kubectl', ['delete', '-f', '-'], {
      kubeconfig: live.kubeconfig,
      input: roles.stdout,
    });
    expect(removed.code).toBe(0);
  });
});
