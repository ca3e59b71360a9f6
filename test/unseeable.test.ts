import { describe, expect, it } from 'vitest';
import { defineCheck, type Check } from '../src/check.ts';
import { diagnose } from '../src/diagnose.ts';
import type { Report } from '../src/report.ts';
import { render } from '../src/reporters/index.ts';
import { worldOf } from './scenarios.ts';

const REASON = 'it is written in the image';

function checkOf(id: `test/${string}`, how: 'unknown' | 'unseeable' | 'pass'): Check {
  return defineCheck({
    id,
    title: `the answer to ${id} is right`,
    link: 'pod',
    stage: 'values',
    per: 'workload',
    restsOn: how === 'pass' ? 'always' : 'never',
    needs: [],
    sources: ['https://example.com/rule'],
    outcomes: { right: { status: 'pass', says: 'It is right.' } },
    run: (_facts, say) => (how === 'pass' ? say('right', {}) : say[how](REASON)),
  });
}

function reportOf(...checks: readonly Check[]): Report {
  return diagnose(checks, worldOf('healthy'), {
    failOn: 'fail',
    invocation: { program: 'wi-doctor', connectionFlags: [], evidenceFlags: [] },
    restriction: 'only some checks',
    requests: [],
  });
}

function screen(report: Report, verbosity: number): Promise<string> {
  return render(report, 'table', { columns: 120, color: false, verbosity, quiet: false });
}

describe('what nobody can see from outside', () => {
  const report = reportOf(checkOf('test/fine', 'pass'), checkOf('test/image', 'unseeable'));

  it('is unknown, and says so in the report', () => {
    expect(report.checks.find(({ id }) => id === 'test/image')).toMatchObject({
      status: 'unknown',
      reason: REASON,
      unseeable: true,
    });
    expect(report.verdict).toBe('healthy');
    expect(report.chain[0]).toMatchObject({ link: 'pod', state: 'ok' });
  });

  it('is not counted among the gaps that could be closed, but told to those who want all', async () => {
    expect(await screen(report, 0)).not.toContain(REASON);
    expect(await screen(report, 0)).not.toContain('could not be checked');
    expect(await screen(report, 1)).toContain(
      `? the answer to test/image is right: cannot be seen from outside, ${REASON}`,
    );
  });

  it('is other than what could not be looked at', async () => {
    const open = reportOf(checkOf('test/fine', 'pass'), checkOf('test/image', 'unknown'));
    expect(await screen(open, 0)).toContain(
      `1 could not be checked: whether the answer to test/image is right`,
    );
    expect(open.checks.find(({ id }) => id === 'test/image')).not.toHaveProperty('unseeable');
  });
});
