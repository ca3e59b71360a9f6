import type { Report, ReportFinding } from '../report.ts';

/** A root cause as it is shown: the same fault in several containers is one problem. */
export interface Problem {
  readonly finding: ReportFinding;
  readonly containers: readonly string[];
  /** Findings that follow from it. */
  readonly consequences: readonly ReportFinding[];
}

function sameFault(a: ReportFinding, b: ReportFinding): boolean {
  const fault = ({ code, message, evidence, fix }: ReportFinding): string =>
    JSON.stringify([code, message, evidence, fix]);
  return fault(a) === fault(b);
}

/** Code of the root that accounts for a finding, by way of other consequences where need be. */
function rootOf(
  finding: ReportFinding,
  findings: readonly ReportFinding[],
  seen: readonly string[] = [],
): string {
  for (const code of finding.explainedBy) {
    const cause = findings.find((other) => other.code === code);
    if (!cause || seen.includes(code)) continue;
    if (cause.role !== 'consequence') return code;
    const root = rootOf(cause, findings, [...seen, code]);
    if (root !== '') return root;
  }
  return '';
}

/** The problems of a report, the headline's first, each with what follows from it. */
export function problemsOf({ findings }: Report): Problem[] {
  const groups: ReportFinding[][] = [];
  for (const finding of findings) {
    if (finding.role !== 'root' && finding.role !== 'independent') continue;
    const group = groups.find(([first]) => first && sameFault(first, finding));
    if (group) group.push(finding);
    else groups.push([finding]);
  }
  const codes: string[] = groups.map(([first]) => first?.code ?? '');
  const consequences = findings.filter(({ role }) => role === 'consequence');
  return groups.flatMap((group, index) => {
    const [finding] = group;
    if (!finding) return [];
    // Nothing is dropped: what cannot be traced to a root stands below the first.
    const own = consequences.filter(
      (consequence) => Math.max(0, codes.indexOf(rootOf(consequence, findings))) === index,
    );
    const containers = group.flatMap(({ subject }) =>
      subject.container === null ? [] : [subject.container],
    );
    return [{ finding, containers: [...new Set(containers)], consequences: own }];
  });
}

/** A sentence about a problem with the containers it concerns, where there are several and it names none. */
export function withContainers(
  sentence: string,
  { containers }: Problem,
  { containers: judged }: Report,
): string {
  const unnamed = containers.filter((name) => !sentence.includes(name));
  if (judged.length < 2 || unnamed.length === 0) return sentence;
  const words = `${containers.length === 1 ? 'container' : 'containers'} ${containers.join(', ')}`;
  if (sentence === '') return words;
  return sentence.endsWith('.') ? `${sentence.slice(0, -1)} (${words}).` : `${sentence} (${words})`;
}
