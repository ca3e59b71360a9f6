import type { FindingCode, Stage } from './define-check.ts';
import type { Result } from './run.ts';

/** A finding's place in the story. */
export type Role = 'root' | 'consequence' | 'independent' | 'noticed';

/** What the user saw go wrong: the codes that could have produced it. */
export interface Symptom {
  readonly aadsts: ReadonlySet<number>;
  readonly codes: ReadonlySet<string>;
}

export interface RankedResult {
  readonly result: Result;
  readonly code: FindingCode;
  readonly status: 'fail' | 'warn' | 'info';
  readonly role: Role;
  /** Codes that account for a consequence. */
  readonly explainedBy: readonly FindingCode[];
}

export interface Ranking {
  /** Roots first, then consequences, then what was noticed besides. */
  readonly findings: readonly RankedResult[];
  /** True when a symptom was given and no failure can cause it, nor, without any failure, what was noticed. */
  readonly unexplained: boolean;
  /** True when a symptom was given and only what was noticed can cause it; that comes first then. */
  readonly explainedAside: boolean;
}

const STAGES: readonly Stage[] = [
  'rejected',
  'injection',
  'values',
  'token',
  'issuer',
  'credential',
  'identity',
  'egress',
  'role',
];
const SEVERITY = { fail: 0, warn: 1, info: 2 } as const;
const ROLES: readonly Role[] = ['root', 'independent', 'consequence', 'noticed'];

interface Candidate {
  readonly result: Result;
  readonly code: FindingCode;
  readonly status: 'fail' | 'warn' | 'info';
  readonly explainedBy: readonly FindingCode[];
  readonly aadsts: readonly number[];
  /** What Entra answered, for a finding that tells of a refusal. */
  readonly answered: readonly number[];
}

function candidateOf(result: Result): Candidate[] {
  const spec = result.outcome?.spec;
  if (!spec || spec.status === 'pass') return [];
  return [
    {
      result,
      code: spec.code,
      status: spec.status,
      explainedBy: spec.explainedBy ?? [],
      aadsts: spec.aadsts ?? [],
      answered: result.outcome?.options.answered ?? [],
    },
  ];
}

function sameContainer(a: Candidate, b: Candidate): boolean {
  const first = a.result.subject.container;
  const second = b.result.subject.container;
  return first === null || second === null || first === second;
}

function causalOrder(a: Candidate, b: Candidate): number {
  return (
    SEVERITY[a.status] - SEVERITY[b.status] ||
    STAGES.indexOf(a.result.check.stage) - STAGES.indexOf(b.result.check.stage)
  );
}

/**
 * Whether a failure brings the answer that another finding was read from. What was itself read from an answer
 * accounts for the bare refusal only, never for another reading.
 */
function bringsAnswer(cause: Candidate, { answered, aadsts }: Candidate): boolean {
  return (
    (cause.answered.length === 0 || aadsts.length === 0) &&
    answered.some((number) => cause.aadsts.includes(number))
  );
}

/** The codes among `others` that account for a finding, left out where the two would explain each other. */
function causesOf(candidate: Candidate, others: readonly Candidate[]): FindingCode[] {
  const causes = others.filter(
    (other) =>
      other !== candidate &&
      (candidate.explainedBy.includes(other.code) || bringsAnswer(other, candidate)) &&
      sameContainer(candidate, other) &&
      !(other.explainedBy.includes(candidate.code) && causalOrder(candidate, other) < 0),
  );
  return [...new Set(causes.map(({ code }) => code))];
}

function explains({ code, aadsts, answered }: Candidate, symptom: Symptom): boolean {
  return symptom.codes.has(code) || [...aadsts, ...answered].some((number) => symptom.aadsts.has(number));
}

/**
 * What brings Entra's answer goes first. An exchange stops at its first obstacle, so unlike an error the user
 * brought it says nothing against the failures behind that one.
 */
function answeredFirst(
  candidates: readonly Candidate[],
  problems: readonly Candidate[],
  accounts: (candidate: Candidate, wanted: Symptom) => boolean,
): Candidate[] {
  const aadsts = new Set(problems.flatMap(({ answered }) => answered));
  const brings = (candidate: Candidate): boolean =>
    candidate.answered.length > 0 || accounts(candidate, { aadsts, codes: new Set() });
  return [...candidates.filter(brings), ...candidates.filter((candidate) => !brings(candidate))];
}

/**
 * Orders findings: the smallest set of roots first, their consequences below them, the rest as noticed.
 *
 * @param failOn The status from which a finding is a problem.
 * @param symptom The error the user brought; failures that cannot cause it are only noticed.
 */
export function rank(results: readonly Result[], failOn: 'fail' | 'warn', symptom: Symptom | null): Ranking {
  const candidates = results.flatMap(candidateOf).toSorted(causalOrder);
  const problems = candidates.filter(
    ({ status }) => status === 'fail' || (status === 'warn' && failOn === 'warn'),
  );
  const causes = new Map(problems.map((candidate) => [candidate, causesOf(candidate, problems)]));
  const independent = problems.filter((candidate) => causes.get(candidate)?.length === 0);
  // A root also explains what its consequences explain.
  const accounts = (candidate: Candidate, wanted: Symptom): boolean =>
    explains(candidate, wanted) ||
    problems.some((other) => causes.get(other)?.includes(candidate.code) && explains(other, wanted));
  const explaining =
    symptom === null ? independent : independent.filter((candidate) => accounts(candidate, symptom));
  const roots =
    symptom === null
      ? answeredFirst(independent, problems, accounts)
      : explaining.length > 0
        ? explaining
        : independent;
  const roleOf = (candidate: Candidate): Role => {
    const position = roots.indexOf(candidate);
    if (position === 0) return 'root';
    // The same cause in a second container is the same root.
    if (position > 0) return candidate.code === roots[0]?.code ? 'root' : 'independent';
    return (causes.get(candidate)?.length ?? 0) > 0 ? 'consequence' : 'noticed';
  };
  const explainsIt = (candidate: Candidate): boolean => symptom !== null && explains(candidate, symptom);
  const explainedAside = problems.length === 0 && candidates.some(explainsIt);
  const findings = candidates
    .toSorted((a, b) => (explainedAside ? Number(explainsIt(b)) - Number(explainsIt(a)) : 0))
    .map((candidate) => ({
      result: candidate.result,
      code: candidate.code,
      status: candidate.status,
      role: roleOf(candidate),
      explainedBy: causes.get(candidate) ?? [],
    }))
    .toSorted((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
  const explained = symptom === null || explaining.length > 0 || explainedAside;
  return { findings, unexplained: !explained, explainedAside };
}
