import { describe, expect, it } from 'vitest';
import { kubeconfigFor } from '../support/kubeconfig.ts';
import { runCli, type RunOptions } from '../support/run-cli.ts';
import { diagnosePod, reportIn, runPod } from './diagnose-live.ts';
import { startScenario } from './start-scenario.ts';

interface Refused {
  readonly verb: 'get' | 'list';
  readonly resource: string;
  /** How the report words the right that is missing. */
  readonly right: string;
  /** Whether the verdict of a healthy, wired pod rests on it. */
  readonly rests: boolean;
}

const WEBHOOKS = 'mutatingwebhookconfigurations.admissionregistration.k8s.io';

const READS: readonly Refused[] = [
  { verb: 'get', resource: 'pods', right: 'get pods web-7d9f-x2k4q in namespace shop', rests: true },
  {
    verb: 'get',
    resource: 'serviceaccounts',
    right: 'get serviceaccounts web in namespace shop',
    rests: true,
  },
  {
    verb: 'get',
    resource: '/.well-known/openid-configuration',
    right: 'get /.well-known/openid-configuration',
    rests: true,
  },
  { verb: 'get', resource: '/openid/v1/jwks', right: 'get /openid/v1/jwks', rests: false },
  { verb: 'get', resource: 'namespaces', right: 'get namespaces shop', rests: false },
  { verb: 'get', resource: 'nodes', right: 'get nodes aks-apps-12345678-vmss000001', rests: false },
  {
    verb: 'get',
    resource: 'replicasets.apps',
    right: 'get replicasets.apps web-7d9f in namespace shop',
    rests: false,
  },
  { verb: 'list', resource: 'events', right: 'list events in namespace shop', rests: false },
  { verb: 'list', resource: 'pods', right: 'list pods in namespace shop', rests: false },
  { verb: 'list', resource: WEBHOOKS, right: `list ${WEBHOOKS} in the whole cluster`, rests: false },
  {
    verb: 'list',
    resource: 'deployments.apps',
    right: 'list deployments.apps in the whole cluster',
    rests: false,
  },
  {
    verb: 'list',
    resource: 'endpointslices.discovery.k8s.io',
    right: 'list endpointslices.discovery.k8s.io in namespace kube-system',
    rests: false,
  },
  {
    verb: 'get',
    resource: 'configmaps',
    right: 'get configmaps azure-wi-webhook-config in namespace kube-system',
    rests: false,
  },
];

describe('a healthy pod of which one read is refused', () => {
  it.concurrent.each(READS)('$verb $resource', async ({ verb, resource, right, rests }) => {
    const live = await startScenario('healthy', { deny: [{ verb, resource }] });
    const { code, report } = await diagnosePod(live);
    expect({ code, verdict: report.verdict, findings: report.findings }).toEqual({
      code: rests ? 3 : 0,
      verdict: rests ? 'inconclusive' : 'healthy',
      findings: [],
    });
    expect(live.api.requests.some((request) => request.resource === resource)).toBe(true);
    const told = JSON.stringify([report.headline, report.checks, report.unseen]);
    expect(told).toContain(`may not ${right} (403)`);
    expect(report.next).toBe(
      rests ? 'wi-doctor rbac -n shop --user kubernetes-admin | kubectl apply -f -' : null,
    );
    await live.close();
  });

  it('tells who can grant the right, and with what', async () => {
    const live = await startScenario('healthy', { deny: [{ verb: 'get', resource: 'serviceaccounts' }] });
    const { stdout } = await runPod(live);
    expect(stdout).toContain(
      '  Next    wi-doctor rbac -n shop --user kubernetes-admin | kubectl apply -f -\n',
    );
    expect(stdout).toContain('(for a cluster admin: grants the rights to read what is missing)');
    await live.close();
  });

  it('names no command where no role would help', async () => {
    const live = await startScenario('healthy', {
      deny: [{ verb: 'get', resource: 'serviceaccounts' }],
      faults: [
        {
          match: { path: /serviceaccounts\/web/ },
          fault: {
            kind: 'reply',
            status: 403,
            body: {
              kind: 'Status',
              apiVersion: 'v1',
              status: 'Failure',
              message:
                'serviceaccounts "web" is forbidden: User "system:anonymous" cannot get resource "serviceaccounts" in API group "" in the namespace "shop"',
              reason: 'Forbidden',
              code: 403,
            },
          },
        },
      ],
    });
    const { code, report } = await diagnosePod(live);
    expect({ code, next: report.next }).toEqual({ code: 3, next: null });
    await live.close();
  });

  it('names no right when it was the Deployment above: what is nearer is known', async () => {
    const live = await startScenario('healthy', { deny: [{ verb: 'get', resource: 'deployments.apps' }] });
    const { code, report } = await diagnosePod(live);
    expect({ code, verdict: report.verdict }).toEqual({ code: 0, verdict: 'healthy' });
    await live.close();
  });
});

describe('an unwired pod', () => {
  it('is inconclusive without the webhook, on which everything hangs', async () => {
    const live = await startScenario('webhook-forbidden');
    const { code, report } = await diagnosePod(live);
    expect({ code, verdict: report.verdict }).toEqual({ code: 3, verdict: 'inconclusive' });
    expect(JSON.stringify(report.checks)).toContain(`may not list ${WEBHOOKS} in the whole cluster (403)`);
    await live.close();
  });
});

describe('a pod with a proven problem', () => {
  it('stays a problem when other things are forbidden', async () => {
    const live = await startScenario('label-says-True', {
      deny: [
        { verb: 'get', resource: 'nodes' },
        { verb: 'list', resource: 'events' },
      ],
    });
    const { code, report } = await diagnosePod(live);
    expect({ code, roots: report.rootCauses }).toEqual({ code: 1, roots: ['POD-02'] });
    await live.close();
  });
});

describe('a user without any right', () => {
  it('gets an inconclusive report that names what is missing, in every format', async () => {
    const live = await startScenario('healthy', { deny: [{ verb: '*', resource: '*' }] });
    const { code, report } = await diagnosePod(live);
    expect({ code, verdict: report.verdict, findings: report.findings }).toEqual({
      code: 3,
      verdict: 'inconclusive',
      findings: [],
    });
    expect(JSON.stringify(report.checks)).toContain(
      'may not get pods web-7d9f-x2k4q in namespace shop (403)',
    );
    const table = await runPod(live);
    expect(table.code).toBe(3);
    expect(table.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'may not get pods web-7d9f-x2k4q in namespace shop',
    );
    await live.close();
  });

  it('may impersonate nobody, and is told so', async () => {
    const live = await startScenario('healthy', { deny: [{ verb: 'impersonate', resource: '*' }] });
    const { code, report } = await diagnosePod(live, ['--as', 'jane']);
    expect({ code, verdict: report.verdict }).toEqual({ code: 3, verdict: 'inconclusive' });
    expect(JSON.stringify(report.checks)).toContain('may not impersonate users jane');
    await live.close();
  });
});

describe('a user whom the API server does not know (401)', () => {
  it('is told to sign in again', async () => {
    const live = await startScenario('healthy');
    const options: RunOptions = {
      kubeconfig: kubeconfigFor(live.api, { credentials: { token: 'expired' } }).path,
      env: live.env,
    };
    const run = await runCli(['pod', live.target.name, '-n', 'shop', '-o', 'json'], options);
    expect(run.code).toBe(2);
    expect(reportIn(run)).toMatchObject({ verdict: 'error', rootCauses: [], findings: [] });
    const [sentence, hint, ...more] = run.stderr.trimEnd().split('\n');
    expect(sentence).toMatch(
      /^wi-doctor: The API server at 127\.0\.0\.1:\d+ does not accept the credentials/,
    );
    expect(hint).toContain('Sign in again (az login');
    expect(more).toEqual([]);
    await live.close();
  });
});
