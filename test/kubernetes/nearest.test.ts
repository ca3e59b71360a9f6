import { expect, test } from 'vitest';
import { nearestNames, nearestObjects } from '../../src/kubernetes/nearest.ts';

test.each<[string, string[], string[]]>([
  ['web', ['web-7d9f6b5c4-x2zlq', 'api-1'], ['web-7d9f6b5c4-x2zlq']],
  [
    'web-7d9f6b5c4-x2zlq',
    ['web-5f8c7d9b6-k4mnp', 'web-7d9f6b5c4-zz9kd', 'db-0'],
    ['web-7d9f6b5c4-zz9kd', 'web-5f8c7d9b6-k4mnp'],
  ],
  ['db-1', ['db-0', 'web-0'], ['db-0', 'web-0'].slice(0, 1)],
  ['wbe', ['web', 'api'], ['web']],
  ['WEB', ['web'], ['web']],
  ['orders', ['order', 'orders-api', 'my-orders-x'], ['order', 'orders-api', 'my-orders-x']],
  ['a', ['b', 'c'], []],
  ['', ['a'], []],
  ['web', ['', 'zzz'], []],
  [
    'web',
    ['web-a', 'web-b', 'web-c', 'web-d', 'web-e', 'web-f'],
    ['web-a', 'web-b', 'web-c', 'web-d', 'web-e'],
  ],
  ['x'.repeat(300), ['x'.repeat(299)], []],
])('near to %s among %j are %j', (wanted, names, expected) => {
  expect(nearestNames(wanted, names)).toEqual(expected);
});

test('objects of the same namespace go before those of others, where only the name itself or its start counts', () => {
  const objects = [
    { namespace: 'dev', name: 'web' },
    { namespace: 'dev', name: 'wbe' },
    { namespace: 'prod', name: 'web-7d9f6b5c4-x2zlq' },
    { namespace: 'shop', name: 'web-5f8c7d9b6-k4mnp' },
  ];
  expect(nearestObjects({ namespace: 'shop', name: 'web' }, objects)).toEqual([
    objects[3],
    objects[0],
    objects[2],
  ]);
  expect(nearestObjects({ namespace: 'shop', name: 'web' }, objects, 1)).toEqual([objects[3]]);
});
