import type { ChainLink } from './define-check.ts';
import type { Workload } from './derive/workload.ts';
import type { Fact } from './fact.ts';
import type { CollectedFacts, FactSet } from './collected-facts.ts';
import { printable } from './printable.ts';
import type { RankedResult } from './rank.ts';
import type { ChainState, ReportLink } from './report.ts';
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

interface LinkState {
  readonly state: ChainState;
  readonly detail: string;
}

/** What a link stands for: where any of it could not be seen, checks that passed by other evidence do not vouch for it. */
const SEEN_IN: Readonly<Partial<Record<ChainLink, readonly (keyof CollectedFacts)[]>>> = {
  webhook: ['webhookConfigurations', 'webhookDeployments', 'webhookConfig'],
  token: ['token'],
};

/** Links that nothing was looked at of, although checks answered for what was judged in their place. */
const STOOD_IN: Readonly<Record<Workload['kind'], Readonly<Partial<Record<ChainLink, string>>>>> = {
  pod: {},
  template: { pod: 'there is no pod; its template was judged in its place' },
  'service-account': {
    pod: 'no pod was looked at',
    webhook: 'no pod was looked at that would pass it',
  },
  cluster: { pod: 'no pod was looked at', serviceAccount: 'no pod was looked at' },
};

/** A link that was not seen itself; null where its checks speak for it. */
function notSeen(link: ChainLink, { facts }: FactSet, workload: Fact<Workload>): LinkState | null {
  const { kind, unseen } =
    workload.state === 'present' ? workload.value : ({ kind: 'pod', unseen: null } as const);
  if (link === 'pod' && unseen !== null) return { state: 'unknown', detail: unseen.reason };
  const stoodIn = STOOD_IN[kind][link];
  if (stoodIn !== undefined) return { state: 'not-reached', detail: stoodIn };
  for (const name of SEEN_IN[link] ?? []) {
    const fact = facts[name];
    if (fact?.state === 'unknown') return { state: 'unknown', detail: fact.reason };
  }
  const asked = facts.token?.state === 'present' || kind === 'pod';
  return link === 'token' && !asked ? { state: 'not-reached', detail: 'no token was looked at' } : null;
}

function linkOf(
  link: ChainLink,
  results: readonly Result[],
  findings: readonly RankedResult[],
  unseen: LinkState | null,
): LinkState {
  const own = results.filter(({ check }) => check.link === link);
  const failed = findings.filter(({ result, status }) => result.check.link === link && status === 'fail');
  if (failed.some(({ role }) => role !== 'consequence'))
    return { state: 'broken', detail: failed.map(({ code }) => code).join(', ') };
  if (failed[0]) return { state: 'not-reached', detail: `because of ${failed[0].explainedBy.join(', ')}` };
  const open = own.find(
    ({ status, check }) => (status === 'unknown' || status === 'error') && check.restsOn !== 'never',
  );
  if (open) return { state: 'unknown', detail: open.reason ?? '' };
  if (unseen && own.length > 0) return unseen;
  const passed = own.filter(
    ({ status }) => status === 'pass' || status === 'info' || status === 'warn',
  ).length;
  if (passed > 0) return { state: 'ok', detail: `${passed} fine` };
  const other = own.find(({ status }) => status === 'unknown' || status === 'error');
  return other
    ? { state: 'unknown', detail: other.reason ?? '' }
    : { state: 'not-reached', detail: own[0]?.reason ?? 'not asked' };
}

/**
 * The state of each link. A link is fine only where it was looked at itself and something of it was found right.
 *
 * @param workload What was judged: for a template, a service account or a cluster no pod was.
 */
export function chainOf(
  results: readonly Result[],
  findings: readonly RankedResult[],
  set: FactSet,
  workload: Fact<Workload>,
): ReportLink[] {
  return CHAIN.map(({ link }) => {
    const { state, detail } = linkOf(link, results, findings, notSeen(link, set, workload));
    return { link, state, detail: printable(detail) };
  });
}
