import { describe, expect, it } from 'vitest';
import type { FindingCode } from '../../src/check.ts';
import { fixPlan } from '../../src/fix-plan.ts';
import type { ReportFix } from '../../src/report.ts';

const ANNOTATE = 'kubectl annotate serviceaccount web -n shop k=v --overwrite';
const LABEL = `kubectl patch deploy web -n shop --type merge -p '{"a":1}' --context prod`;
const UNSET = 'kubectl set env deploy/web -n shop -c app AZURE_TENANT_ID- --context prod';
const RESTART = 'kubectl rollout restart deploy/web -n shop --context prod';
const REPLACE = 'kubectl replace --force -f MANIFEST.yaml -n shop';
const UPDATE = 'az identity federated-credential update --name f';

function fix(command: string, restarts = false, more: Partial<ReportFix> = {}): ReportFix {
  return { command, why: `why ${command.slice(0, 20)}`, actor: 'developer', restarts, ...more };
}

function plan(...findings: [FindingCode, ...ReportFix[]][]): ReturnType<typeof fixPlan> {
  return fixPlan(findings.map(([code, ...fixes]) => ({ code, fix: fixes })));
}

function commandsOf(...findings: [FindingCode, ...ReportFix[]][]): string[] {
  return plan(...findings).steps.map(({ command }) => command);
}

describe('the fixes of several findings as one sequence', () => {
  it('writes what new pods read, then has pods replaced once', () => {
    expect(commandsOf(['POD-01', fix(LABEL, true)], ['SA-01', fix(ANNOTATE), fix(RESTART, true)])).toEqual([
      ANNOTATE,
      LABEL,
    ]);
    expect(
      commandsOf(
        ['SA-01', fix(ANNOTATE), fix(RESTART, true)],
        ['CL-03', fix('az aks update'), fix(RESTART, true)],
      ),
    ).toEqual([ANNOTATE, 'az aks update', RESTART]);
  });

  it('keeps the reason of a restart that a change makes needless', () => {
    const { steps } = plan(
      ['POD-08', fix(UNSET, true, { why: 'takes it out' })],
      ['SDK-03', fix(RESTART, true, { why: 'once the program signs in otherwise.' })],
    );
    expect(steps).toEqual([
      fix(UNSET, true, {
        why: 'takes it out; once the program signs in otherwise.',
        codes: ['POD-08', 'SDK-03'],
      } as never),
    ]);
  });

  it.each([
    ['another object', 'kubectl rollout restart deploy/api -n shop'],
    ['another namespace', 'kubectl rollout restart deploy/web -n billing'],
    ['another kind', 'kubectl rollout restart sts/web -n shop'],
    [
      'a job of a cron job, which no change of it starts',
      'kubectl create job web-again --from=cronjob/web -n shop',
    ],
    ['a pod whose controller is unknown', 'kubectl delete pod web-1 -n shop'],
  ])('restarts %s behind the change', (_what, restart) => {
    expect(commandsOf(['SA-01', fix(restart, true)], ['POD-01', fix(LABEL, true)])).toEqual([LABEL, restart]);
  });

  it('says a command once, for all who ask for it', () => {
    const { steps } = plan(['FIC-03', fix(UPDATE)], ['FIC-06', fix(UPDATE)]);
    expect(steps).toEqual([{ ...fix(UPDATE), codes: ['FIC-03', 'FIC-06'] }]);
  });

  it('leaves behind the restart what one finding wants there', () => {
    expect(
      commandsOf(
        ['CL-14', fix(RESTART, true), fix('helm uninstall x')],
        ['SA-01', fix(ANNOTATE), fix(RESTART, true)],
      ),
    ).toEqual([ANNOTATE, RESTART, 'helm uninstall x']);
  });

  it('makes all changes of one manifest in one go, since each starts from the file', () => {
    const local = (change: string): string =>
      `kubectl ${change} -o yaml | kubectl replace --force -f - -n shop --context prod`;
    expect(
      commandsOf(
        ['POD-01', fix(local('patch --local -f MANIFEST.yaml --type merge -p {}'), true)],
        ['POD-08', fix(local('set env --local -f MANIFEST.yaml -c app A-'), true)],
        ['SA-01', fix(ANNOTATE), fix(`${REPLACE} --context prod`, true)],
      ),
    ).toEqual([
      ANNOTATE,
      'kubectl patch --local -f MANIFEST.yaml --type merge -p {} -o yaml | kubectl set env --local -f - -c app A- -o yaml | kubectl replace --force -f - -n shop --context prod',
    ]);
  });
});

describe('the fixes of one finding', () => {
  it('are left in their order', () => {
    expect(commandsOf(['CL-08', fix(RESTART, true), fix(ANNOTATE)])).toEqual([RESTART, ANNOTATE]);
  });

  it('are set apart from other ways to mend it', () => {
    const { steps, otherWays } = plan([
      'FIC-10',
      fix(ANNOTATE),
      fix(RESTART, true),
      fix('az create', false, { instead: true }),
    ]);
    expect(steps.map(({ command }) => command)).toEqual([ANNOTATE, RESTART]);
    expect(otherWays.map((way) => way.map(({ command }) => command))).toEqual([['az create']]);
  });
});
