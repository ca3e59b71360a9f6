import type { SymptomRole } from '../symptoms/entry.ts';

/** The beginning of a failed chain; the words recur inside its message, but not with `failed`. */
const HEADER =
  /(?:DefaultAzureCredential|ChainedTokenCredential)\b[^\n\v]{0,30}?(?:failed|authentication failed)/g;
/** A member at the head of its own message. */
const MEMBER = /\b([A-Z][A-Za-z]{2,40}Credential)\b/g;
const NO_MEMBERS = new Set(['DefaultAzureCredential', 'ChainedTokenCredential', 'TokenCredential']);

/** Where the failed credential chains of a text begin. */
export function chainStarts(text: string): readonly number[] {
  return Array.from(text.matchAll(HEADER), (match) => match.index);
}

/** Number of the chain a position belongs to, or 0 outside of every chain. */
export function chainAt(starts: readonly number[], position: number, recordStart: number): number {
  let number = 0;
  starts.forEach((start, index) => {
    if (start <= position && start >= recordStart) number = index + 1;
  });
  return number;
}

/** The member whose message a position belongs to. */
export function memberAt(text: string, chainStart: number, position: number): string | undefined {
  const before = text.slice(Math.max(chainStart, position - 4000), position);
  let member: string | undefined;
  for (const match of before.matchAll(MEMBER)) {
    const name = match[1] ?? '';
    // Some SDKs name the variables of other members in their hints; only the head of a message counts.
    if (!NO_MEMBERS.has(name) && !/ and $| or $/.test(before.slice(0, match.index))) member = name;
  }
  return member;
}

/** Members that present the federated token. */
const FEDERATED = /^(?:WorkloadIdentity|ClientAssertion|AzurePipelines|OnBehalfOf)Credential$/;

/** What an error weighs among the members of one chain; the lowest number decides. */
export function weight(error: {
  readonly code: number | null;
  readonly role: SymptomRole | undefined;
  readonly member: string | undefined;
}): number {
  if (error.code !== null) return error.member === undefined || FEDERATED.test(error.member) ? 0 : 1;
  if (error.role === 'decisive') return 2;
  if (error.role === 'member') return 3;
  return error.role === 'wrapper' ? 4 : 5;
}
