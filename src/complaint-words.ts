import { valuesOf } from './aadsts/read/literal.ts';
import type { Evidence } from './define-check.ts';
import type { Complaint } from './derive/complaints.ts';

/** `AADSTS700024`, or the name of a message without a code. */
export function complaintName({ error }: Complaint): string {
  return error.code === null ? (error.kind ?? 'the error') : `AADSTS${error.code}`;
}

/** An error as evidence: its name and how often it happened, and the value that tells most. */
export function complaintEvidence(
  complaint: Complaint,
  field?: keyof Complaint['error']['fields'],
): readonly [Evidence] {
  const { origin, error } = complaint;
  const value = field === undefined ? undefined : valuesOf(error.fields[field])[0];
  const times = error.count === undefined ? '' : ` (${error.count} times)`;
  return [
    {
      fact: 'complaints',
      path: origin,
      labels: { observed: origin, expected: 'expected' },
      observed: `${complaintName(complaint)}${times}${value === undefined ? '' : `: ${value}`}`,
    },
  ];
}
