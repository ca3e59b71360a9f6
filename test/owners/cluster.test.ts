import { afterEach, describe, expect, it } from 'vitest';
import { startShop, type Shop } from './shop.ts';

let shop: Shop;
afterEach(() => shop.close());

const NAMES: readonly (readonly [
  scenario: string,
  verdict: string,
  exit: number,
  findings: readonly string[],
])[] = [
  ['healthy', 'healthy', 0, []],
  ['webhook-of-arc-but-fine', 'healthy', 0, []],
  ['webhook-of-openshift-but-fine', 'healthy', 0, ['WH-09 info noticed Cluster/']],
  ['webhook-image-mirrored-but-fine', 'healthy', 0, []],
  ['webhook-of-1-6-but-fine', 'healthy', 0, []],
  ['webhook-half-ready-but-fine', 'healthy', 0, []],
  ['selector-tuned-but-fine', 'healthy', 0, ['WH-08 warn noticed Cluster/']],
  ['issuer-of-one-s-own-but-fine', 'healthy', 0, []],
  // Helm and add-on side by side.
  [
    'webhook-installed-twice',
    'problem',
    1,
    ['CL-04 warn root MutatingWebhookConfiguration/azure-wi-webhook-mutating-webhook-configuration'],
  ],
  ['webhook-not-installed', 'problem', 1, ['CL-02 fail root Cluster/']],
  ['webhook-down', 'problem', 1, ['WH-01 fail root Cluster/']],
  ['webhook-without-tenant', 'problem', 1, ['WH-04 fail root Cluster/']],
  ['webhook-without-ca', 'problem', 1, ['WH-03 fail root Cluster/']],
  ['webhook-before-1', 'healthy', 0, ['WH-09 warn noticed Cluster/']],
  ['selector-edited', 'healthy', 0, ['WH-08 warn noticed Cluster/']],
  ['webhook-forbidden', 'inconclusive', 3, []],
  [
    'issuer-inside-the-cluster',
    'problem',
    1,
    ['CL-01 fail root Cluster/', 'ISS-01 fail consequence Cluster/ by CL-01'],
  ],
  ['issuer-not-published', 'problem', 1, ['ISS-01 fail root Cluster/']],
  ['issuer-not-reachable-from-here', 'inconclusive', 3, []],
];

describe('wi-doctor cluster', () => {
  it.each(NAMES)('%s → %s', async (scenario, verdict, exit, findings) => {
    shop = await startShop([], { scenario });
    const { outcome, report } = await shop.diagnose('cluster');
    expect(outcome).toEqual({ verdict, exit, findings });
    expect(report.target).toEqual({ kind: 'Cluster', namespace: '', name: '', context: 'prod' });
    expect(report.containers).toEqual([]);
    for (const { message, fix } of report.findings) {
      expect(message).not.toMatch(/\{|pod this cluster/);
      expect(fix.filter(({ restarts }) => restarts)).toEqual([]);
    }
  });

  it('says so when a pod was refused a moment ago, though it can see no reason', async () => {
    shop = await startShop([refused('2026-11-20T09:28:00Z')]);
    const { outcome, report } = await shop.diagnose('cluster');
    expect(outcome).toEqual({ verdict: 'problem', exit: 1, findings: ['WH-02 fail root Cluster/'] });
    expect(report.findings[0]?.message).toContain('context deadline exceeded');
  });

  it('is silent about a time-out that is over', async () => {
    shop = await startShop([refused('2026-11-20T08:28:00Z')]);
    expect((await shop.diagnose('cluster')).outcome).toEqual({ verdict: 'healthy', exit: 0, findings: [] });
  });
});

function refused(lastTimestamp: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'api.1', namespace: 'pay' },
    type: 'Warning',
    reason: 'FailedCreate',
    message:
      'Error creating: Internal error occurred: failed calling webhook "mutation.azure-workload-identity.io": context deadline exceeded',
    lastTimestamp,
    involvedObject: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'api', namespace: 'pay' },
  };
}
