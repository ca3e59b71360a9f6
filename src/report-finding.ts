import { managerOf } from './derive/controller.ts';
import type { Workload } from './derive/workload.ts';
import type { FactSet, Target } from './facts.ts';
import { fillCommand, fillSentence } from './fill.ts';
import { adaptCommand, type Invocation } from './invocation.ts';
import { sourceOfChange, type ManagedObject } from './managed-objects.ts';
import { printable } from './printable.ts';
import type { RankedResult } from './rank.ts';
import type { ReportFinding, ReportFix } from './report.ts';

/** What a finding is told against: who asked for what, and which objects a tool keeps as they are. */
export interface FindingContext {
  readonly target: Target;
  readonly invocation: Invocation;
  /** True when a template stands for a pod that does not exist yet. */
  readonly template: boolean;
  readonly managed: readonly ManagedObject[];
}

/** The context of a run. */
export function findingContext(
  { facts }: FactSet,
  workload: Workload | null,
  target: Target,
  invocation: Invocation,
): FindingContext {
  const { serviceAccount } = facts;
  const account = serviceAccount?.state === 'present' ? serviceAccount.value : null;
  const accountManager = account && managerOf(account);
  const { controller } = workload ?? {};
  const managed: ManagedObject[] = [
    ...(controller?.managedBy
      ? [{ kind: controller.kind, name: controller.name, by: controller.managedBy }]
      : []),
    ...(accountManager
      ? [{ kind: 'ServiceAccount', name: account.metadata?.name ?? '', by: accountManager }]
      : []),
  ];
  return { target, invocation, template: workload?.kind === 'template', managed };
}

/** The command that runs this diagnosis again. */
function rerun({ kind, namespace, name }: Target): string {
  const scope = namespace === '' ? '' : ` -n ${namespace}`;
  if (kind === 'Cluster') return 'wi-doctor cluster';
  return kind === 'Token' ? 'wi-doctor token FILE' : `wi-doctor ${kind.toLowerCase()} ${name}${scope}`;
}

/** A sentence about a pod, where there is only the template of one. */
function aboutTemplate(says: string): string {
  return says
    .replaceAll(/\bPod \{name\}/g, 'A pod of {name}')
    .replaceAll(/\bpod \{name\}/g, 'a pod of {name}');
}

function fixOf(fix: ReportFix, { invocation, managed }: FindingContext): ReportFix {
  const source = sourceOfChange(fix.command, managed);
  const why = source === null ? fix.why : `${fix.why.replace(/\.$/, '')}; ${source}`;
  return { ...fix, command: adaptCommand(fix.command, invocation), why };
}

/** A ranked result as the report tells it; nothing for one that passed. */
export function findingOf(ranked: RankedResult, context: FindingContext): ReportFinding[] {
  const { result, code, status, role, explainedBy } = ranked;
  const { outcome, check, origins } = result;
  if (!outcome || outcome.spec.status === 'pass') return [];
  const { spec, words, options } = outcome;
  const { target, invocation, template } = context;
  const about = options.about;
  const fixes = (spec.fix ?? []).filter(
    ({ id }) => options.fix === undefined || id === undefined || options.fix.includes(id),
  );
  return [
    {
      code,
      check: check.id,
      status,
      role,
      explainedBy,
      subject: about
        ? { kind: about.kind, name: printable(about.name), container: about.container ?? null }
        : { ...result.subject, name: printable(result.subject.name) },
      message: fillSentence(template ? aboutTemplate(spec.says) : spec.says, words),
      evidence: (options.evidence ?? []).map(({ fact, path, observed, expected, difference, labels }) => ({
        source: printable(origins.get(fact) ?? fact),
        path,
        observed: printable(observed),
        expected: expected === undefined ? null : printable(expected),
        difference: difference === undefined ? null : printable(difference),
        ...(labels
          ? { labels: { observed: printable(labels.observed), expected: printable(labels.expected) } }
          : {}),
      })),
      aadsts: spec.aadsts ?? [],
      fix: fixes.map(({ command, why, actor, restarts }) =>
        fixOf(
          { command: fillCommand(command, words), why: fillSentence(why, words), actor, restarts },
          context,
        ),
      ),
      verify: adaptCommand(
        spec.verify === undefined ? rerun(target) : fillCommand(spec.verify, words),
        invocation,
      ),
      docs: `checks/${check.id}.md`,
    },
  ];
}
