import { expect, it } from 'vitest';
import { reportOf } from './scenarios.ts';

it.each([
  ['healthy', { status: 'pass' }],
  [
    'proxy-address-in-a-secret',
    {
      status: 'unknown',
      reason: 'a proxy of container app, if any: its value is in Secret proxy, key https_proxy',
    },
  ],
  [
    'proxy-exceptions-in-a-secret',
    {
      status: 'unknown',
      reason:
        'what container app does not send through its proxy: its value is in Secret proxy, key no_proxy',
    },
  ],
  ['sign-in-through-a-proxy-but-fine', { status: 'info' }],
])('%s: whether a proxy is between is told only where it is seen', (name, check) => {
  expect(reportOf(name).checks.find(({ id }) => id === 'pod/proxy-variables')).toMatchObject(check);
});
