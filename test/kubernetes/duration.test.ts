import { expect, test } from 'vitest';
import { parseDuration, requestTimeout } from '../../src/kubernetes/duration.ts';

test.each([
  ['30', 30_000],
  ['0', 0],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['500ms', 500],
  ['.5s', 500],
  ['2µs', 0.002],
  ['', undefined],
  ['s', undefined],
  ['1x', undefined],
  ['1m 2s', undefined],
  ['-1s', undefined],
])('%s is %s ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test('no limit means the standard one, and none is longer than a timer can be', () => {
  expect(requestTimeout(undefined, 7)).toBe(7);
  expect(requestTimeout('0', 7)).toBe(7);
  expect(requestTimeout('0s', 7)).toBe(7);
  expect(requestTimeout('1ns', 7)).toBe(1);
  expect(requestTimeout('99999h', 7)).toBe(2 ** 31 - 1);
});
