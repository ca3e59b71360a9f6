import type { Check } from '../src/check.ts';
import { diagnose, type DiagnoseOptions } from '../src/diagnose.ts';
import type { FactSet } from '../src/facts.ts';
import type { Report, ReportFinding } from '../src/report.ts';
import { readScenario, worldOf } from './worlds.ts';

export { readExpected, readScenario, scenarioNames, worldOf, type Expected } from './worlds.ts';

/** Every check in `checks/`, by glob, so that a test sees one that the registry forgot. */
export const CHECKS: readonly Check[] = Object.entries(
  import.meta.glob<{ default: Check }>('../checks/*/*.ts', { eager: true }),
)
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([, module]) => module.default);

const OPTIONS: DiagnoseOptions = {
  failOn: 'fail',
  invocation: { program: 'wi-doctor', connectionFlags: [], evidenceFlags: [] },
  restriction: null,
  requests: [],
};

export function reportOf(
  name: string,
  options: Partial<DiagnoseOptions> = {},
  set: FactSet = worldOf(name),
): Report {
  return diagnose(CHECKS, set, {
    ...OPTIONS,
    failOn: readScenario(name).failOn ?? 'fail',
    ...options,
  });
}

/** A finding in the notation of `expected.json`. */
export function findingLine({ code, status, role, explainedBy, subject }: ReportFinding): string {
  const container = subject.container === null ? '' : `/${subject.container}`;
  const causes = explainedBy.length === 0 ? '' : ` by ${explainedBy.join(',')}`;
  return `${code} ${status} ${role} ${subject.kind}/${subject.name}${container}${causes}`;
}
