import { afterEach, describe, expect, it } from 'vitest';
import { controller, failedCreate, LABEL, ownedBy, pod } from './objects.ts';
import { startShop, type Shop } from './shop.ts';

let shop: Shop;
afterEach(() => shop.close());

const HEALTHY = { verdict: 'healthy', exit: 0, findings: [] };
const RS = { kind: 'ReplicaSet', name: 'web-1', metadata: ownedBy('Deployment', 'web') } as const;
const HASH = { ...LABEL, 'pod-template-hash': '1' };

describe('a deployment with pods', () => {
  it('is as healthy as its newest pod', async () => {
    shop = await startShop([
      controller(),
      controller(RS),
      pod({ name: 'web-1-a', owner: ['ReplicaSet', 'web-1'], labels: HASH }),
      pod({ name: 'web-1-b', owner: ['ReplicaSet', 'web-1'], labels: HASH, created: '2026-11-20T08:30:00Z' }),
    ]);
    const { outcome, report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual(HEALTHY);
    expect(report.target).toEqual({ kind: 'Deployment', namespace: 'shop', name: 'web', context: 'prod' });
    console.log(shop.api.requests.map((r) => `${r.verb} ${r.resource} ${r.name ?? ''}`).join('\n'));
  });
});
void failedCreate;
