import { expect, it } from 'vitest';
import type { FactSet } from '../src/facts.ts';
import { reportOf, worldOf } from './scenarios.ts';

const SCENARIO = 'sign-in-through-a-proxy-but-fine';
const PLAIN = 'http://proxy.shop.example:3128';

it.each([
  ['http://user:canary@proxy.shop.example:3128', PLAIN],
  ['user:canary@proxy.shop.example:3128', 'proxy.shop.example:3128'],
  ['http://user:can/canary@proxy.shop.example:3128', PLAIN],
  ['http://user:can@canary@proxy.shop.example:3128', PLAIN],
])('%s comes to a report without its password', (address, shown) => {
  const set = JSON.parse(JSON.stringify(worldOf(SCENARIO)).replaceAll(PLAIN, address)) as FactSet;
  const report = reportOf(SCENARIO, {}, set);
  expect(report.findings.map(({ message }) => message)).toEqual([
    `Container app sends its sign-in through the proxy ${shown}, since NO_PROXY does not name login.microsoftonline.com.`,
  ]);
  expect(JSON.stringify(report)).not.toContain('canary');
});
