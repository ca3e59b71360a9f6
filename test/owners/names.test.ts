import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportIn } from '../live/diagnose-live.ts';
import { controller } from './objects.ts';
import { startShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop([
    controller(),
    controller({ kind: 'StatefulSet' }),
    controller({ kind: 'DaemonSet' }),
    controller({ kind: 'ReplicaSet' }),
    controller({ kind: 'Job' }),
    controller({ kind: 'CronJob' }),
    controller({ name: 'payments', metadata: { namespace: 'pay' } }),
  ]);
});
afterAll(() => shop.close());

describe('names as kubectl takes them', () => {
  it.concurrent.each([
    ['deploy', 'Deployment'],
    ['deployment', 'Deployment'],
    ['deployments', 'Deployment'],
    ['sts', 'StatefulSet'],
    ['ds', 'DaemonSet'],
    ['rs', 'ReplicaSet'],
    ['job', 'Job'],
    ['cronjob', 'CronJob'],
    ['cj', 'CronJob'],
    ['sa', 'ServiceAccount'],
    ['serviceaccount', 'ServiceAccount'],
  ])('%s NAME and %s/NAME', async (type, kind) => {
    const both = await Promise.all([
      shop.diagnose(type, 'web', '-n', 'shop'),
      shop.diagnose(`${type}/web`, '-n', 'shop'),
    ]);
    for (const { report, code } of both) {
      expect({ code, target: report.target }).toEqual({
        code: 0,
        target: { kind, namespace: 'shop', name: 'web', context: 'prod' },
      });
    }
    expect(both[0]?.report).toEqual(both[1]?.report);
  });
});

describe('an object that does not exist', () => {
  it.concurrent.each([
    [['deploy', 'wep', '-n', 'shop'], 'There is no deployment wep in namespace shop.', 'deploy web -n shop'],
    [['sts', 'wbe', '-n', 'shop'], 'There is no stateful set wbe in namespace shop.', 'sts web -n shop'],
    [['cj', 'wed', '-n', 'shop'], 'There is no cron job wed in namespace shop.', 'cronjob web -n shop'],
    [['sa', 'wab', '-n', 'shop'], 'There is no service account wab in namespace shop.', 'sa web -n shop'],
    [
      ['deploy', 'payments', '-n', 'shop'],
      'There is no deployment payments in namespace shop.',
      'deploy payments -n pay',
    ],
    [
      ['deploy', 'web', '-n', 'shopp'],
      'There is no namespace shopp, and so no deployment web in it.',
      'deploy web -n shop',
    ],
  ])('%j names the nearest', async (args, sentence, near) => {
    const { code, stdout, stderr } = await shop.run(...args, '-o', 'json');
    expect(code).toBe(2);
    const [first = '', ...hints] = stderr.trimEnd().split('\n');
    expect(first).toBe(`wi-doctor: ${sentence}`);
    expect(hints.join('\n')).toContain(`wi-doctor ${near}`);
    expect(reportIn({ stdout, stderr })).toMatchObject({ verdict: 'error', rootCauses: [], findings: [] });
  });
});
