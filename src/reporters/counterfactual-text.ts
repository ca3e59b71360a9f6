import type { Report, ReportFinding } from '../report.ts';

/** What would be seen with the remedy of a finding; null where an earlier finding with the same remedy has said it. */
export function counterfactualText({ findings }: Report, finding: ReportFinding): string | null {
  const { counterfactual } = finding;
  const first = findings.find((other) => other.counterfactual === counterfactual);
  return first === finding ? counterfactual : null;
}
