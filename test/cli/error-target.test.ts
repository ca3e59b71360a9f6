import { expect, it } from 'vitest';
import { runMain } from './run-main.ts';

const NOWHERE = ['--kubeconfig', '/nowhere/config'];

it.each([
  [['pod', 'web', '-n', 'shop', ...NOWHERE], { kind: 'Pod', namespace: 'shop', name: 'web', context: null }],
  [
    ['deploy/web', '--namespace=shop', '--context', 'prod', ...NOWHERE],
    { kind: 'Deployment', namespace: 'shop', name: 'web', context: 'prod' },
  ],
  [
    ['sa', 'web', '-nshop', '--bogus'],
    { kind: 'ServiceAccount', namespace: 'shop', name: 'web', context: null },
  ],
  [['pod', '-n', 'shop'], { kind: 'Pod', namespace: 'shop', name: '', context: null }],
  [
    ['pod', 'web', '-n', 'shop', '--bundle', '/nowhere'],
    { kind: 'Pod', namespace: 'shop', name: 'web', context: null },
  ],
  [['cluster', '--context=prod', ...NOWHERE], { kind: 'Cluster', namespace: '', name: '', context: 'prod' }],
  [['token', '/nowhere/token'], { kind: 'Token', namespace: '', name: '/nowhere/token', context: null }],
  [['explain', '/nowhere/log'], { kind: '', namespace: '', name: '', context: null }],
])('the document for a failed %j says what was asked about', async (argv, target) => {
  const { code, out } = await runMain([...argv, '-o', 'json']);
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ schemaVersion: 'wi-doctor.report/v1', verdict: 'error', target });
});
