import type { Target } from './collected-facts.ts';
import type { Fact } from './fact.ts';
import { shellQuote } from './fill.ts';
import type { Workload } from './derive/workload.ts';
import type { Result } from './run.ts';
import type { Verdict } from './report.ts';

/** Something the verdict rests on that could not be looked at. */
export interface Gap {
  /** Title of the check that could not answer. */
  readonly title: string;
  readonly reason: string;
  readonly settle: string | null;
}

/** Whether a healthy verdict needs an answer from this result. */
function restsOn({ check }: Result, workload: Fact<Workload>): boolean {
  if (check.restsOn === 'never') return false;
  if (check.restsOn === 'always') return true;
  // A pod with its token in place has the webhook behind it.
  return (
    workload.state !== 'present' ||
    workload.value.kind === 'cluster' ||
    !workload.value.judged.every(({ wiring }) => wiring.state === 'wired')
  );
}

/** The gaps in what a healthy verdict rests on, one per reason, in the order of the checks. */
export function gapsOf(results: readonly Result[], workload: Fact<Workload>): Gap[] {
  const gaps = new Map<string, Gap>();
  const unseen = workload.state === 'present' ? workload.value.unseen : null;
  // A template shows what the next pod will be, which says nothing of those that run.
  if (unseen !== null) {
    const { reason, settle = null } = unseen;
    gaps.set(reason, { title: 'the pods can be seen', reason, settle });
  }
  for (const result of results) {
    if (result.status !== 'unknown' && result.status !== 'error') continue;
    if (!restsOn(result, workload)) continue;
    const reason = result.reason ?? 'it could not be looked at';
    const known = gaps.get(reason);
    gaps.set(reason, {
      title: known?.title ?? result.check.title,
      reason,
      settle: known?.settle ?? result.settle,
    });
  }
  return [...gaps.values()];
}

/**
 * The one command that would settle an inconclusive verdict: that of the first gap that has one.
 *
 * @param target Whose namespace rights are to be granted for.
 */
export function settleOf(gaps: readonly Gap[], { namespace }: Target): string | null {
  const settle = gaps.find((gap) => gap.settle !== null)?.settle ?? null;
  return namespace === ''
    ? settle
    : (settle?.replace(/^wi-doctor rbac /, `wi-doctor rbac -n ${shellQuote(namespace)} `) ?? null);
}

/**
 * The verdict of a run.
 *
 * Healthy needs more than silence: every check it rests on has answered, and at least one of them passed.
 */
export function verdictOf(
  results: readonly Result[],
  workload: Fact<Workload>,
  failOn: 'fail' | 'warn',
): Exclude<Verdict, 'error'> {
  const problem = results.some(({ status }) => status === 'fail' || (status === 'warn' && failOn === 'warn'));
  if (problem) return 'problem';
  const answered = results.some(
    ({ check, status }) =>
      check.restsOn !== 'never' && (status === 'pass' || status === 'info' || status === 'warn'),
  );
  return gapsOf(results, workload).length > 0 || !answered ? 'inconclusive' : 'healthy';
}
