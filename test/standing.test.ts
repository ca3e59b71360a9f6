import { expect, it } from 'vitest';
import { reportOf } from './scenarios.ts';

it.each([
  ['finished-job-but-fine', 'shop/export-9x8w7 is set up to sign in, but the pod has ended (Succeeded): '],
  [
    'pod-pending-but-fine',
    'shop/web-7d9f-x2k4q is set up to sign in, but the pod has not started yet (Pending): ',
  ],
  ['pod-terminating-but-fine', 'shop/web-7d9f-x2k4q is set up to sign in, but the pod is being deleted: '],
  [
    'namespace-being-deleted-but-fine',
    'shop/web-7d9f-x2k4q is set up to sign in, but its namespace is being deleted: ',
  ],
  ['healthy', 'shop/web-7d9f-x2k4q can sign in: '],
])('%s says whether the pod is there to sign in', (name, words) => {
  const { headline, verdict } = reportOf(name);
  expect(headline).toBe(`${words}every link that was checked is in order`);
  expect(verdict).toBe('healthy');
});
