import type { ExplainedError } from '../aadsts/explanation.ts';
import { present, type Fact } from '../fact.ts';
import type { FactSet } from '../collected-facts.ts';
import type { BroughtError } from '../sources/errors/brought-error.ts';
import type { Match } from './correlation/match.ts';
import { matchTimes } from './correlation/times.ts';
import { matchValues } from './correlation/values.ts';
import type { SignIn } from './sign-ins.ts';
import type { Workload } from './workload.ts';

/** An error that was brought or logged, with its values held against what is there now. */
export interface Complaint extends BroughtError {
  /** Empty where nothing of the error can be compared. */
  readonly matches: readonly Match[];
}

/** The errors of a run, each held against pod, service account, issuer and identity. */
export function complaintsFact(
  set: FactSet,
  workload: Fact<Workload>,
  tokenIssuer: Fact<string>,
  signIns: Fact<readonly SignIn[]>,
): Fact<readonly Complaint[]> {
  const { errors = { state: 'absent', origin: 'no error was brought' } } = set.facts;
  if (errors.state !== 'present') return errors;
  if (workload.state !== 'present')
    return present(
      errors.value.map((error) => ({ ...error, matches: [] })),
      errors.origin,
    );
  const live = {
    workload: workload.value,
    tokenIssuer,
    signIns: signIns.state === 'present' ? signIns.value : [],
    set,
  };
  return present(
    errors.value.map((brought) => ({
      ...brought,
      // What the webhook logs is about the pods of everybody.
      matches:
        brought.from === 'webhook'
          ? []
          : [
              ...matchValues(brought.error, live, brought.container),
              ...matchTimes(brought.error.fields, live, brought.container),
            ],
    })),
    errors.origin,
  );
}

/** Whether an error is about workload identity and not overruled by another member of its credential chain. */
export function counts({ unrelated, decides }: ExplainedError): boolean {
  return !unrelated && decides !== false;
}

/** Which errors a check knows. */
export interface Wanted {
  readonly aadsts?: readonly number[];
  readonly kinds?: readonly string[];
}

/**
 * The first error that counts and is of a wanted kind, if there is one that still holds.
 *
 * @param container Errors that another container logged are left out; null takes all.
 */
export function complaintOf(
  complaints: readonly Complaint[],
  { aadsts = [], kinds = [] }: Wanted,
  container: string | null = null,
): Complaint | undefined {
  return complaints.find(
    (complaint) =>
      counts(complaint.error) &&
      (container === null || complaint.container === null || complaint.container === container) &&
      (complaint.error.code === null
        ? kinds.includes(complaint.error.kind ?? '')
        : aadsts.includes(complaint.error.code)),
  );
}

/** What an error is older than, if it tells of a state that may be gone: `pod shop/web`; null when it is of now. */
export function outdatedBy({ matches }: Complaint): string | null {
  return (
    matches.find(
      ({ field, relation }) => relation === 'other' && (field === 'timestamp' || field === 'currentTime'),
    )?.with ?? null
  );
}
