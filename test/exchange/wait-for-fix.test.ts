import { describe, expect, it } from 'vitest';
import type { Named } from '../../src/cli/follow-controller.ts';
import { targetKindOf } from '../../src/cli/target-kinds.ts';
import { waitForFix, type Seen, type Waiting } from '../../src/cli/wait-for-fix.ts';
import type { Earlier } from '../../src/earlier.ts';
import { WiDoctorError } from '../../src/errors.ts';
import { unknown, type FactSet } from '../../src/facts.ts';
import { RESOURCES } from '../../src/kubernetes/resources.ts';
import { CHECKS, reportOf, worldOf } from '../scenarios.ts';

function kindOf(name: 'pods' | 'deployments'): Named['kind'] {
  const kind = targetKindOf(RESOURCES[name]);
  if (!kind) throw new Error('no such kind');
  return kind;
}

const POD: Named = { kind: kindOf('pods'), name: 'web-7d9f-x2k4q' };
const BROKEN = 'subject-of-another-service-account';
const MENDED = 'healthy';
/** Nobody looked into Azure. */
const UNSEEN = 'no-azure-evidence';

function seen(name: string, change: Partial<FactSet['facts']> = {}): Seen {
  const set = worldOf(name);
  return { report: reportOf(name), set: { ...set, facts: { ...set.facts, ...change } } };
}

type Step = Seen | Error;

interface Run {
  readonly notes: string[];
  readonly shown: string[];
  readonly looks: { readonly named: Named; readonly earlier: Earlier | null }[];
  readonly result: ReturnType<typeof waitForFix>;
}

/** Looks that show one thing after the other, and the last for ever, in a minute by a clock of their own. */
function waitThrough(steps: readonly Step[], more: Partial<Waiting> = {}): Run {
  const notes: string[] = [];
  const shown: string[] = [];
  const looks: Run['looks'] = [];
  let clock = 0;
  const result = waitForFix({
    start: POD,
    checks: CHECKS,
    failOn: 'fail',
    waitMs: 60_000,
    progress: { show: (text) => shown.push(text), note: (text) => notes.push(text) },
    look: async (named, earlier) => {
      const step = steps[Math.min(looks.length, steps.length - 1)];
      looks.push({ named, earlier });
      if (step === undefined || step instanceof Error) throw step ?? new Error('no step');
      return step;
    },
    pace: {
      now: () => clock,
      sleep: async (milliseconds) => {
        clock += milliseconds;
      },
      firstMs: 5_000,
      longestMs: 30_000,
      shortestMs: 2_000,
    },
    ...more,
  });
  return { notes, shown, looks, result };
}

const AWAY = new WiDoctorError('CLUSTER', 'The API server cannot be reached.');

describe('waiting for a fix', () => {
  it('ends with the look that finds all in order', async () => {
    const run = waitThrough([seen(BROKEN), seen(BROKEN), seen(MENDED)]);
    expect((await run.result).verdict).toBe('healthy');
    expect(run.looks.map(({ earlier }) => earlier && [...earlier.again].toSorted())).toEqual([
      null,
      ['credentials'],
      ['credentials'],
    ]);
    expect(run.notes).toEqual([]);
    expect(run.shown[0]).toMatch(
      /^FIC-05 still there\n {2}looked once, next look in 5 seconds, 1 minute left$/,
    );
  });

  it('tells how long a new credential may need', async () => {
    const young = seen('exchange-fails-with-a-young-credential');
    const run = waitThrough([young, seen(MENDED)]);
    await run.result;
    expect(run.shown[0]).toMatch(
      /^FIC-11 still there\n {2}credential web-fed was created \d+ minutes?.* ago; Entra may need 10 minutes to know it everywhere\n/,
    );
    expect([...(run.looks[1]?.earlier?.again ?? [])].toSorted()).toEqual(['credentials', 'exchange']);
  });

  it('is not ended by a later look that fails, which is told once', async () => {
    const run = waitThrough([seen(BROKEN), AWAY, AWAY, seen(MENDED)]);
    expect((await run.result).verdict).toBe('healthy');
    expect(run.notes).toEqual(['The API server cannot be reached; trying again.']);
  });

  it('is ended by a first look that fails', async () => {
    await expect(waitThrough([AWAY]).result).rejects.toThrow('cannot be reached');
  });

  it('is ended by a bug, whenever it shows', async () => {
    await expect(waitThrough([seen(BROKEN), new TypeError('a bug')]).result).rejects.toThrow('a bug');
  });

  it('takes a pod that cannot be seen for no news', async () => {
    const blind = seen(MENDED, { pod: unknown('the API server answers 503') });
    const run = waitThrough([seen(BROKEN), blind, seen(BROKEN), blind]);
    expect((await run.result).rootCauses).toEqual(['FIC-05']);
    expect(run.notes).toEqual([
      'the API server answers 503; trying again.',
      'the API server answers 503; trying again.',
      expect.stringMatching(/^the last look came to nothing; the report is \d+ seconds old\.$/),
    ]);
  });

  it('goes on while what failed cannot be seen', async () => {
    const run = waitThrough([seen(BROKEN), seen(UNSEEN), seen(UNSEEN), seen(UNSEEN), seen(MENDED)]);
    expect((await run.result).verdict).toBe('healthy');
    expect(run.shown[1]).toMatch(/^what failed cannot be seen now\n/);
  });

  it('ends when nothing fails and the rest stays out of sight', async () => {
    const run = waitThrough([seen(UNSEEN)]);
    expect((await run.result).verdict).toBe('inconclusive');
    expect(run.looks).toHaveLength(2);
  });

  it('looks at all of a controller once its pod is being deleted', async () => {
    const { pod } = worldOf(BROKEN).facts;
    if (pod?.state !== 'present') throw new Error('no pod');
    const metadata = { ...pod.value.metadata, deletionTimestamp: '2026-11-20T09:31:00Z' };
    const leaving = seen(BROKEN, { pod: { ...pod, value: { ...pod.value, metadata } } });
    const run = waitThrough([seen(BROKEN), leaving, seen(MENDED)]);
    expect((await run.result).verdict).toBe('healthy');
    expect(run.looks.map(({ named }) => `${named.kind.kind} ${named.name}`)).toEqual([
      'Pod web-7d9f-x2k4q',
      'Pod web-7d9f-x2k4q',
      'Deployment web',
    ]);
    expect(run.looks[2]?.earlier).toBeNull();
    expect(run.notes).toEqual(['pod web-7d9f-x2k4q is gone; looking at deployment web from now on.']);
  });
});
