import { expect, it } from 'vitest';
import { lookUntil, type Pause } from '../../src/cli/wait.ts';

function fakePace(): { pauses: number[]; pace: Parameters<typeof lookUntil>[3]['pace'] & object } {
  let clock = 0;
  const pauses: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    clock += milliseconds;
  };
  return { pauses, pace: { now: () => clock, sleep, firstMs: 5_000, longestMs: 30_000, shortestMs: 2_000 } };
}

it('looks at once, then ever more rarely, and once more when time is up', async () => {
  const { pauses, pace } = fakePace();
  const told: Pause[] = [];
  let looks = 0;
  const seen = await lookUntil(
    async () => ++looks,
    () => false,
    100_000,
    { onPause: (pause) => told.push(pause), pace },
  );
  expect(pauses).toEqual([5_000, 10_000, 20_000, 30_000, 30_000, 5_000]);
  expect(seen).toBe(7);
  expect(told[1]).toEqual({ looks: 2, nextMs: 10_000, leftMs: 95_000 });
});

it('makes no last look right after another', async () => {
  const { pauses, pace } = fakePace();
  await lookUntil(
    async () => 0,
    () => false,
    6_000,
    { onPause: () => undefined, pace },
  );
  expect(pauses).toEqual([5_000]);
});

it('ends as soon as it is good', async () => {
  const { pauses, pace } = fakePace();
  let looks = 0;
  const seen = await lookUntil(
    async () => ++looks,
    (look) => look === 3,
    600_000,
    { onPause: () => undefined, pace },
  );
  expect(seen).toBe(3);
  expect(pauses).toEqual([5_000, 10_000]);
});

it('does not pause when the first look is good', async () => {
  const { pauses, pace } = fakePace();
  await lookUntil(
    async () => 'good',
    () => true,
    600_000,
    { onPause: () => undefined, pace },
  );
  expect(pauses).toEqual([]);
});
