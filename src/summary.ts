import type { Stage } from './define-check.ts';
import type { Gap } from './verdict.ts';
import type { ReportFinding, Verdict } from './report.ts';
import type { Target } from './collected-facts.ts';
import { printable } from './printable.ts';

const PROPER =
  /^([A-Z][a-z]+[A-Z]|Entra|Azure|AKS|Kubernetes|Microsoft|Helm|Arc|OpenShift|KEDA|[A-Z]+[A-Z_])/;

/** A sentence as it stands behind a colon. */
export function asClause(sentence: string): string {
  const clause = sentence.replace(/\.$/, '');
  return PROPER.test(clause) ? clause : clause.charAt(0).toLowerCase() + clause.slice(1);
}

/** `shop/web`, or the bare name of an object of the whole cluster. */
export function nameOf({ kind, namespace, name }: Target): string {
  const short = namespace === '' ? name : `${namespace}/${name}`;
  return short || kind.toLowerCase();
}

export interface HeadlineInput {
  readonly target: Target;
  readonly verdict: Exclude<Verdict, 'error'>;
  readonly findings: readonly ReportFinding[];
  /** The clause of the first finding that names its cause; empty without any. */
  readonly cause: string;
  readonly gaps: readonly Gap[];
  /** Where in the causal order the first finding stands; null without any. */
  readonly stage: Stage | null;
  /** True when the user brought an error that no finding explains. */
  readonly unexplained: boolean;
  /** True when nothing is broken, and the first finding explains the error that the user brought. */
  readonly explainedAside: boolean;
  /** True when the user asked for a token that could not be had. */
  readonly tokenMissed: boolean;
  /** Why the pod does not just run; null for one that does. */
  readonly standing: string | null;
  /** What `--only` or `--skip` left out, in words; null when everything ran. */
  readonly restriction: string | null;
}

/**
 * What was noticed although nothing is broken: a warning is no good sign, and what explains the error that was
 * brought is what its reader came for. Null where there is neither.
 */
function noticedWords(
  findings: readonly ReportFinding[],
  cause: string,
  explainedAside: boolean,
): string | null {
  const warnings = findings.filter(({ status }) => status === 'warn').length;
  if (explainedAside) {
    const kind = findings[0]?.status === 'warn' ? 'a warning' : 'a note';
    return `, and ${kind} may explain the error you brought: ${asClause(cause)}`;
  }
  if (warnings === 0) return null;
  return warnings === 1
    ? `, with a warning: ${asClause(cause)}`
    : `, with ${warnings} warnings: ${asClause(cause)}`;
}

function storyOf({
  target,
  verdict,
  findings,
  cause,
  gaps,
  stage,
  unexplained,
  explainedAside,
  tokenMissed,
  standing,
  restriction,
}: HeadlineInput): string {
  const name = nameOf(target);
  const [first] = findings;
  if (verdict === 'problem' && first) {
    // What a resource refuses it refuses after the sign-in.
    const fault = stage === 'role' ? ' signs in, but is refused' : ' cannot sign in';
    const verb = first.status === 'fail' && target.kind !== 'Cluster' && target.kind !== 'Token' ? fault : '';
    const tail = unexplained ? ', and that does not explain the error you brought' : '';
    return `${name}${verb}: ${asClause(cause)}${tail}`;
  }
  if (verdict === 'inconclusive') {
    const gap = gaps[0];
    const rest =
      gaps.length > 1 ? `, and ${gaps.length - 1} more ${gaps.length === 2 ? 'reason' : 'reasons'}` : '';
    return gap
      ? `${name} is not proven healthy: no problem found, but ${gap.reason}${rest}`
      : `${name}: nothing could be checked`;
  }
  const noticed = noticedWords(findings, cause, explainedAside);
  const missed = tokenMissed ? ', but the token you asked for could not be looked at' : '';
  const unfound = unexplained ? ', and nothing that was found explains the error you brought' : missed;
  if (target.kind === 'Cluster')
    return `${name}: its issuer and its webhook are in order, as far as they were checked${noticed ?? ''}${unfound}`;
  // With a part of the checks left out nothing follows for the sign-in as a whole.
  if (restriction !== null) return `${name}: what was checked is in order${noticed ?? ''}${unfound}`;
  const able = standing === null ? `${name} can sign in` : `${name} is set up to sign in, but ${standing}`;
  return `${able}${noticed ?? ': every link that was checked is in order'}${unfound}`;
}

/** One sentence: cause, object, value. */
export function headlineOf(input: HeadlineInput): string {
  const story = storyOf(input);
  return printable(input.restriction === null ? story : `${story} (${input.restriction})`);
}
