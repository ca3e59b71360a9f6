import type { FixSpec } from './define-check.ts';
import { managerOf } from './derive/controller.ts';
import type { Workload } from './derive/workload.ts';
import { diagnosisCommand, type NamedObject } from './diagnosis-command.ts';
import type { FactSet, Target } from './collected-facts.ts';
import { fillCommand, fillSentence } from './fill.ts';
import { adaptCommand, type Invocation } from './invocation.ts';
import { sourceOfChange, type ManagedObject } from './managed-objects.ts';
import { printable } from './printable.ts';
import type { RankedResult } from './rank.ts';
import type { ReportFinding, ReportFix } from './report.ts';
import type { Result, Subject } from './run.ts';
import type { DecodedToken } from './sources/token/types.ts';
import { tokenVerification } from './token-fixes.ts';
import { changesOf, successorOf, verificationOf, type Changes } from './verify.ts';

/** What a finding is told against: who asked for what, and which objects a tool keeps as they are. */
export interface FindingContext {
  readonly target: Target;
  readonly invocation: Invocation;
  /** What is judged: not every sentence about a pod fits what stands in its place. */
  readonly judged: Workload['kind'];
  readonly managed: readonly ManagedObject[];
  /** Every name of the object at hand: the target, and the pod that was looked at in its place. */
  readonly names: readonly NamedObject[];
  /** What is there of the target once its pods were replaced. */
  readonly successor: NamedObject;
  /** The token that was given or minted; null without one. */
  readonly token: DecodedToken | null;
  /** What would be seen with the remedy of a finding, where that could be found out. */
  readonly counterfactuals: ReadonlyMap<Result, string>;
}

/** The context of a run. */
export function findingContext(
  { facts }: FactSet,
  workload: Workload | null,
  target: Target,
  invocation: Invocation,
  counterfactuals: ReadonlyMap<Result, string>,
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
  return {
    target,
    invocation,
    judged: workload?.kind ?? 'pod',
    managed,
    names: workload ? [target, workload.object] : [target],
    successor: controller ? successorOf(target, controller) : target,
    token: facts.token?.state === 'present' ? facts.token.value : null,
    counterfactuals,
  };
}

/** The command that shows whether a fix took, where the check names none. */
function rerun({ target, token }: FindingContext, tokenRead: boolean): string {
  if (target.kind !== 'Token') return diagnosisCommand(target);
  const { another, same } = tokenVerification(target, token);
  return tokenRead ? another : same;
}

/** What is said in the place of a pod and of a container that do not exist. */
const STAND_INS: Readonly<Record<Workload['kind'], readonly (readonly [RegExp, string])[]>> = {
  pod: [],
  template: [
    [/\bPod \{name\}/g, 'A pod of {name}'],
    [/\bpod \{name\}/g, 'a pod of {name}'],
  ],
  'service-account': [
    [/\bContainer \{container\}/g, 'Whoever asks for its tokens'],
    [/\bcontainer \{container\}/g, 'whoever asks for its tokens'],
  ],
  cluster: [
    [/\bPod \{name\}/g, 'A labelled pod'],
    [/\bpod \{name\}/g, 'a labelled pod'],
    [/ although it is labelled\b/g, ''],
  ],
};

function sentenceFor(says: string, judged: Workload['kind']): string {
  return STAND_INS[judged].reduce((text, [pattern, words]) => text.replaceAll(pattern, words), says);
}

/** Longer than this a cause is no headline any more. */
const LONGEST_CAUSE = 160;

/**
 * The cause that a finding's sentence gives, without the proof that the finding itself gives in full: what follows
 * a semicolon and, where two issuer URLs would fill the screen, what follows a colon or stands in parentheses.
 */
export function causeOf({ result }: RankedResult, { judged }: FindingContext): string {
  const { spec, words } = result.outcome ?? {};
  if (!spec || !words) return '';
  // Values may hold semicolons of their own.
  const [says = spec.says] = sentenceFor(spec.says, judged).split('; ');
  const cause = fillSentence(says, words).replace(/\.$/, '');
  if (cause.length <= LONGEST_CAUSE) return cause;
  const [bare = cause] = cause.replaceAll(/ \([^()]{40,}\)/g, '').split(/(?<=.{40}): /su);
  return bare;
}

/** The object of a finding; what only stands in for something has no name of its own. */
function subjectOf({ result }: RankedResult, { judged, target }: FindingContext): Subject {
  const about = result.outcome?.options.about;
  const { kind, name, container = null } = about ?? result.subject;
  if (kind === 'Cluster') return { kind, name: target.name, container: null };
  return { kind, name: printable(name), container: judged === 'service-account' ? null : container };
}

/** Without pods there is nothing to restart. */
function fitting(fixes: readonly FixSpec[], judged: Workload['kind']): readonly FixSpec[] {
  if (judged === 'pod' || judged === 'template') return fixes;
  const left = fixes.filter(({ restarts }) => !restarts);
  return left.length > 0 ? left : fixes;
}

function fixOf(fix: ReportFix, { target, invocation, managed, names }: FindingContext): ReportFix {
  const source = sourceOfChange(fix.command, managed);
  const why = source === null ? fix.why : `${fix.why.replace(/\.$/, '')}; ${source}`;
  return { ...fix, command: adaptCommand(fix.command, invocation, { names, as: target }), why };
}

/** The fixes of a result with their words filled in, in nobody's terms yet. */
function fixesOf({ result }: RankedResult, { judged }: FindingContext): ReportFix[] {
  const { outcome } = result;
  if (!outcome || outcome.spec.status === 'pass') return [];
  const { spec, words, options } = outcome;
  return fitting(spec.fix ?? [], judged)
    .filter(({ id }) => options.fix === undefined || id === undefined || options.fix.includes(id))
    .map(({ command, why, actor, restarts, instead }, index) => ({
      command: fillCommand(command, words),
      why: fillSentence(why, words),
      actor,
      restarts,
      // The first way that fits is no other one.
      ...(instead === true && index > 0 ? { instead } : {}),
    }));
}

function changesIn(ranked: RankedResult, context: FindingContext): Changes {
  const clientId = ranked.result.outcome?.words['clientId'];
  return changesOf(fixesOf(ranked, context), typeof clientId === 'string' ? clientId : null);
}

function findingOf(
  ranked: RankedResult,
  context: FindingContext,
  roots: readonly RankedResult[],
): ReportFinding[] {
  const { result, code, status, role, explainedBy } = ranked;
  const { outcome, check, origins } = result;
  if (!outcome || outcome.spec.status === 'pass') return [];
  const { spec, words, options } = outcome;
  const { target, invocation, judged, names, successor } = context;
  // Whoever mends one root mends them all before looking again.
  const changes = [...new Set([...roots, ranked])].map((one) => changesIn(one, context));
  const restarts = changes.some((one) => one.restarts);
  const tokenRead = check.id.startsWith('token/');
  const verification = verificationOf(
    spec.verify === undefined ? rerun(context, tokenRead) : fillCommand(spec.verify, words),
    { restarts, credentials: changes.flatMap(({ credentials }) => credentials) },
    tokenRead,
    { names, as: restarts ? successor : target },
    invocation,
  );
  return [
    {
      code,
      check: check.id,
      status,
      role,
      explainedBy,
      subject: subjectOf(ranked, context),
      title: fillSentence(sentenceFor(spec.title ?? spec.says, judged), words).replace(/\.$/, ''),
      message: fillSentence(sentenceFor(spec.says, judged), words),
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
      counterfactual: context.counterfactuals.get(result) ?? null,
      aadsts: spec.aadsts ?? [],
      fix: fixesOf(ranked, context).map((fix) => fixOf(fix, context)),
      verify: verification.command,
      ...(verification.note === null ? {} : { verifyNote: verification.note }),
      docs: `checks/${check.id}.md`,
    },
  ];
}

/** Ranked results as the report tells them; nothing for one that passed. */
export function findingsOf(ranked: readonly RankedResult[], context: FindingContext): ReportFinding[] {
  const roots = ranked.filter(({ role }) => role === 'root' || role === 'independent');
  return ranked.flatMap((one) => findingOf(one, context, roots));
}
