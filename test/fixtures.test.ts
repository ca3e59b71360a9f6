import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../src/exit-code.ts';
import { findingLine, readExpected, reportOf, scenarioNames } from './scenarios.ts';

describe.each(scenarioNames())('scenario %s', (name) => {
  it('comes to exactly what is expected of it', () => {
    const report = reportOf(name);
    const seen = {
      verdict: report.verdict,
      exit: exitCodeOf(report.verdict),
      rootCauses: report.rootCauses,
      findings: report.findings.map(findingLine),
    };
    expect(seen).toEqual(readExpected(name));
    expect(report.checks.filter(({ status }) => status === 'error')).toEqual([]);
  });
});
