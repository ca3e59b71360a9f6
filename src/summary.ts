import type { ChainLink, Stage } from './check.ts';
import type { Gap } from './verdict.ts';
import type { ReportFinding, ReportLink, Verdict } from './report.ts';
import type { Target } from './facts.ts';
import { printable } from './printable.ts';
import type { RankedResult } from './rank.ts';
import type { Result } from './run.ts';

/** The links in order from the pod to Entra, with their names on the screen. */
export const CHAIN: readonly { readonly link: ChainLink; readonly label: string }[] = [
  { link: 'pod', label: 'pod' },
  { link: 'serviceAccount', label: 'service account' },
  { link: 'webhook', label: 'webhook' },
  { link: 'token', label: 'token' },
  { link: 'issuer', label: 'issuer' },
  { link: 'federatedCredential', label: 'federated credential' },
  { link: 'identity', label: 'identity' },
  { link: 'exchange', label: 'exchange' },
];

function linkOf(link: ChainLink, results: readonly Result[], findings: readonly RankedResult[]): ReportLink {
  const own = results.filter(({ check }) => check.link === link);
  const failed = findings.filter(({ result, status }) => result.check.link === link && status === 'fail');
  if (failed.some(({ role }) => role !== 'consequence'))
    return { link, state: 'broken', detail: failed.map(({ code }) => code).join(', ') };
  if (failed[0])
    return { link, state: 'not-reached', detail: `because of ${failed[0].explainedBy.join(', ')}` };
  const open = own.find(
    ({ status, check }) => (status === 'unknown' || status === 'error') && check.restsOn !== 'never',
  );
  if (open) return { link, state: 'unknown', detail: open.reason ?? '' };
  const passed = own.filter(
    ({ status }) => status === 'pass' || status === 'info' || status === 'warn',
  ).length;
  if (passed > 0) return { link, state: 'ok', detail: `${passed} fine` };
  const other = own.find(({ status }) => status === 'unknown' || status === 'error');
  return other
    ? { link, state: 'unknown', detail: other.reason ?? '' }
    : { link, state: 'not-reached', detail: own[0]?.reason ?? 'not asked' };
}

export function chainOf(results: readonly Result[], findings: readonly RankedResult[]): ReportLink[] {
  return CHAIN.map(({ link }) => {
    const { state, detail } = linkOf(link, results, findings);
    return { link, state, detail: printable(detail) };
  });
}

const PROPER =
  /^([A-Z][a-z]+[A-Z]|Entra|Azure|AKS|Kubernetes|Microsoft|Helm|Arc|OpenShift|KEDA|[A-Z]+[A-Z_])/;

function asClause(sentence: string): string {
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
  /** What `--only` or `--skip` left out, in words; null when everything ran. */
  readonly restriction: string | null;
}

function storyOf({
  target,
  verdict,
  findings,
  cause,
  gaps,
  stage,
  unexplained,
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
      gaps.length > 1 ? ` (and ${gaps.length - 1} more ${gaps.length === 2 ? 'reason' : 'reasons'})` : '';
    return gap
      ? `${name} is not proven healthy: no problem found, but ${gap.reason}${rest}`
      : `${name}: nothing could be checked`;
  }
  const tail = unexplained ? ', and nothing that was found explains the error you brought' : '';
  if (target.kind === 'Cluster')
    return `${name}: its issuer and its webhook are in order, as far as they were checked${tail}`;
  // With a part of the checks left out nothing follows for the sign-in as a whole.
  if (restriction !== null) return `${name}: what was checked is in order${tail}`;
  return `${name} can sign in: every link that was checked is in order${tail}`;
}

/** One sentence: cause, object, value. */
export function headlineOf(input: HeadlineInput): string {
  const story = storyOf(input);
  return printable(input.restriction === null ? story : `${story} (${input.restriction})`);
}
