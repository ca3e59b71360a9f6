import { afterEach, describe, expect, it } from 'vitest';
import { controller, failedCreate, LABEL, ownedBy, pod } from './objects.ts';
import { startShop, type Shop } from './shop.ts';

let shop: Shop;
afterEach(() => shop.close());

const HEALTHY = { verdict: 'healthy', exit: 0, findings: [] };
const OLD = controller({ kind: 'ReplicaSet', name: 'web-1', metadata: ownedBy('Deployment', 'web') });
const NEW = controller({ kind: 'ReplicaSet', name: 'web-2', metadata: ownedBy('Deployment', 'web') });
const YOUNGER = '2026-11-20T08:30:00Z';

function replica(name: string, revision: '1' | '2', more: Partial<Parameters<typeof pod>[0]> = {}): object {
  return pod({
    name,
    owner: ['ReplicaSet', `web-${revision}`],
    labels: { ...LABEL, 'pod-template-hash': revision },
    ...more,
  });
}

describe('a deployment with pods', () => {
  it('is as healthy as its newest pod', async () => {
    shop = await startShop([
      controller(),
      OLD,
      replica('web-1-a', '1'),
      replica('web-1-b', '1', { created: YOUNGER }),
    ]);
    const { outcome, report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual(HEALTHY);
    expect(report.target).toEqual({ kind: 'Deployment', namespace: 'shop', name: 'web', context: 'prod' });
    const asked = shop.api.requests.map(({ path, query }) => `${path} ${JSON.stringify(query)}`);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBeLessThanOrEqual(16);
  });

  it('is judged by the newest, and says which replica differs', async () => {
    shop = await startShop([
      controller(),
      OLD,
      replica('web-1-a', '1', { injected: false }),
      replica('web-1-b', '1', { created: YOUNGER }),
    ]);
    const { outcome, report } = await shop.diagnose('deployment/web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'problem', exit: 1, findings: ['POD-25 fail root Pod/web-1-b'] });
    expect(report.headline).toMatch(/^shop\/web cannot sign in: container app has client id .* web-1-a/);
    expect(report.findings[0]?.fix[0]?.command).toContain('kubectl rollout restart deploy/web -n shop');
  });

  it('is silent about pods of the revision before while a rollout is under way', async () => {
    shop = await startShop([
      controller(),
      OLD,
      NEW,
      replica('web-1-a', '1', { injected: false }),
      replica('web-2-a', '2', { created: YOUNGER }),
    ]);
    const { outcome } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual(HEALTHY);
  });

  it('leaves out a pod that is being deleted', async () => {
    shop = await startShop([
      controller(),
      OLD,
      replica('web-1-a', '1', {
        created: YOUNGER,
        injected: false,
        metadata: { deletionTimestamp: '2026-11-20T09:00:00Z' },
      }),
      replica('web-1-b', '1'),
    ]);
    const { outcome } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual(HEALTHY);
  });

  it('takes no pod of another deployment that has the same labels', async () => {
    shop = await startShop([
      controller(),
      OLD,
      replica('web-1-a', '1'),
      pod({ name: 'stray', injected: false, created: YOUNGER }),
    ]);
    const { outcome } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual(HEALTHY);
  });

  it('warns of a rollout that the webhook blocks while old pods run', async () => {
    shop = await startShop([
      controller(),
      OLD,
      NEW,
      replica('web-1-a', '1'),
      failedCreate('ReplicaSet', 'web-2', TIMEOUT),
    ]);
    const { outcome } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'healthy', exit: 0, findings: ['WH-02 warn noticed Pod/web-1-a'] });
  });

  it('is inconclusive when its pods may not be listed, though its template is fine', async () => {
    shop = await startShop([controller(), OLD, replica('web-1-a', '1')], {
      deny: [{ verb: 'list', resource: 'pods', namespace: 'shop' }],
    });
    const { outcome, report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'inconclusive', exit: 3, findings: [] });
    expect(report.headline).toContain('may not list pods in namespace shop (403)');
  });

  it('is inconclusive when it may not be read itself', async () => {
    shop = await startShop([controller()], { deny: [{ verb: 'get', resource: 'deployments.apps' }] });
    const { outcome, report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'inconclusive', exit: 3, findings: [] });
    expect(report.headline).toContain('may not get deployments.apps web in namespace shop (403)');
  });
});

const TIMEOUT =
  'Internal error occurred: failed calling webhook "mutation.azure-workload-identity.io": failed to call webhook: Post "https://azure-wi-webhook-webhook-service.kube-system.svc:443/mutate-v1-pod?timeout=10s": context deadline exceeded';

describe('other controllers with pods', () => {
  it.each([
    ['sts', 'StatefulSet'],
    ['statefulset', 'StatefulSet'],
    ['ds', 'DaemonSet'],
    ['daemonsets', 'DaemonSet'],
  ] as const)('%s', async (type, kind) => {
    shop = await startShop([
      controller({ kind }),
      pod({ name: 'web-0', owner: [kind, 'web'] }),
      pod({ name: 'web-1', owner: [kind, 'web'], injected: false, labels: LABEL }),
    ]);
    const { outcome, report } = await shop.diagnose(type, 'web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'problem', exit: 1, findings: ['POD-25 fail root Pod/web-0'] });
    expect(report.target.kind).toBe(kind);
  });

  it('rs, whose fix goes to the deployment above', async () => {
    shop = await startShop([
      controller({ labels: {} }),
      controller({
        kind: 'ReplicaSet',
        name: 'web-1',
        labels: {},
        metadata: ownedBy('Deployment', 'web'),
      }),
      replica('web-1-a', '1', { injected: false, labels: { 'pod-template-hash': '1' } }),
    ]);
    const { outcome, report } = await shop.diagnose('rs/web-1', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'problem', exit: 1, findings: ['POD-01 fail root Pod/web-1-a'] });
    expect(report.findings[0]?.fix[0]?.command).toMatch(/^kubectl patch deploy web -n shop/);
  });

  it('a job that is over is judged by the pod it had', async () => {
    shop = await startShop([
      controller({ kind: 'Job' }),
      pod({ name: 'web-x', owner: ['Job', 'web'], phase: 'Succeeded' }),
    ]);
    expect((await shop.diagnose('job', 'web', '-n', 'shop')).outcome).toEqual(HEALTHY);
  });

  it('a cron job whose run is under way is judged by that', async () => {
    shop = await startShop([
      controller({ kind: 'CronJob' }),
      controller({ kind: 'Job', name: 'web-1', metadata: ownedBy('CronJob', 'web') }),
      pod({ name: 'web-1-x', owner: ['Job', 'web-1'] }),
    ]);
    expect((await shop.diagnose('cronjob', 'web', '-n', 'shop')).outcome).toEqual(HEALTHY);
  });

  it('a cron job between runs is judged by what the next run will be', async () => {
    shop = await startShop([
      controller({ kind: 'CronJob' }),
      controller({ kind: 'Job', name: 'web-1', labels: {}, metadata: ownedBy('CronJob', 'web') }),
      pod({ name: 'web-1-x', owner: ['Job', 'web-1'], phase: 'Failed', injected: false, labels: {} }),
    ]);
    const { outcome, report } = await shop.diagnose('cj', 'web', '-n', 'shop');
    expect(outcome).toEqual(HEALTHY);
    expect(report.containers[0]?.effective.clientId.value).toBe('11111111-1111-4111-8111-111111111111');
  });
});
