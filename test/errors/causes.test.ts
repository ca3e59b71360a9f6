import { describe, expect, it } from 'vitest';
import { candidateCauses } from '../../src/aadsts/candidate-causes.ts';
import { explainCode } from '../../src/aadsts/explain-code.ts';
import { explainText } from '../../src/aadsts/explain-text.ts';
import { diagnose } from '../../src/diagnose.ts';
import { present, type FactSet } from '../../src/facts.ts';
import type { Report } from '../../src/report.ts';
import { CHECKS, readScenario, reportOf, scenarioNames, worldOf } from '../scenarios.ts';

/** The diagnosis of a scenario whose user brings a bare code besides. */
function broughtTo(name: string, code: number): Report {
  const set = worldOf(name);
  const { errors } = explainCode(String(code)) ?? explainText(`AADSTS${code}`);
  const facts: FactSet['facts'] = {
    ...set.facts,
    errors: present(
      errors.map((error) => ({ origin: '--error', from: 'user', container: null, error }) as const),
      '--error',
    ),
  };
  return diagnose(
    CHECKS,
    { ...set, facts },
    {
      failOn: readScenario(name).failOn ?? 'fail',
      invocation: { program: 'wi-doctor', connectionFlags: [], evidenceFlags: [] },
      restriction: null,
      requests: [],
    },
  );
}

const problems = scenarioNames()
  .filter((name) => readScenario(name).brought === undefined)
  .map((name) => ({ name, report: reportOf(name) }))
  .filter(({ report }) => report.verdict === 'problem');
const withCodes = problems.flatMap(({ name, report }) => {
  const root = report.findings[0];
  return (root?.aadsts ?? []).map((code) => ({ name, code, root: root?.code ?? '' }));
});

describe('the order of findings after a code that the user brought', () => {
  it.each(withCodes)('$name: AADSTS$code keeps $root in front', ({ name, code, root }) => {
    const report = broughtTo(name, code);
    expect(report.findings[0]).toMatchObject({ code: root, role: 'root' });
    expect(report.headline).not.toMatch(/does not explain/);
  });

  it.each(problems.map(({ name, report }) => ({ name, report })))(
    '$name: a sign-in of a user (AADSTS50076) changes nothing',
    ({ name, report }) => {
      const { errors, ...rest } = broughtTo(name, 50076);
      const { errors: none, ...before } = report;
      const checks = (all: Report['checks']): unknown =>
        all.filter(({ status }) => status !== 'skip' && status !== 'pass');
      expect(errors.map(({ unrelated }) => unrelated)).toEqual([true]);
      expect(none).toEqual([]);
      expect({ ...rest, checks: checks(rest.checks), chain: [] }).toEqual({
        ...before,
        checks: checks(before.checks),
        chain: [],
      });
    },
  );

  it('puts the fault first that can cause the error, whatever the causal order says, and keeps the exit', () => {
    const name = 'two-faults-placeholder-tenant-and-other-subject';
    expect(reportOf(name).rootCauses).toEqual(['POD-08', 'FIC-05']);
    const report = broughtTo(name, 700213);
    expect(report.rootCauses).toEqual(['FIC-05']);
    expect(report.findings.map(({ code, status, role }) => `${code} ${status} ${role}`)).toEqual([
      'FIC-05 fail root',
      'POD-08 fail noticed',
    ]);
    expect(report.verdict).toBe('problem');
    expect(broughtTo(name, 90002).rootCauses).toEqual(['POD-08']);
  });

  it('says when none of the faults can cause it', () => {
    const report = broughtTo('two-faults-placeholder-tenant-and-other-subject', 7000112);
    expect(report.rootCauses).toEqual(['POD-08', 'FIC-05']);
    expect(report.headline).toMatch(/, and that does not explain the error you brought$/);
  });
});

describe('candidate causes of the catalogue', () => {
  it('hold every code that the checks say Entra answers', () => {
    const missing = CHECKS.flatMap(({ id, outcomes }) =>
      Object.values(outcomes).flatMap((spec) => {
        // Failures that tell of an answer list what they are read from; those of a pair are tested above.
        if (spec.status === 'pass' || id.startsWith('exchange/')) return [];
        return (spec.aadsts ?? []).flatMap((code) => {
          const { errors = [] } = explainCode(String(code)) ?? {};
          return errors.length === 0 ? [`${spec.code}: AADSTS${code} is not in the catalogue`] : [];
        });
      }),
    );
    expect(missing).toEqual([]);
  });

  it('leave out what the text itself makes unlikely', () => {
    const { errors } = explainText(
      'AADSTS700024: Client assertion is not within its valid time range. Current time: 2026-11-20T09:00:00Z, assertion valid from 2026-11-20T10:00:00Z, expiry time of assertion 2026-11-20T11:00:00Z.',
    );
    const { codes } = candidateCauses(errors);
    expect(codes.has('TOK-06')).toBe(true);
    expect(codes.has('SDK-10')).toBe(false);
  });
});
