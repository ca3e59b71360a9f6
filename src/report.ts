import type { ExplainedError } from './aadsts/explanation.ts';
import type { ChainLink, CheckStatus, FindingCode } from './define-check.ts';
import type { Match } from './derive/correlation/match.ts';
import type { EffectiveValues } from './derive/workload.ts';
import type { Target } from './collected-facts.ts';
import type { Role } from './rank.ts';
import type { Subject } from './run.ts';

export const REPORT_SCHEMA_VERSION = 'wi-doctor.report/v1';

export type Verdict = 'healthy' | 'problem' | 'inconclusive' | 'error';

/** What was seen, where, and what would have been right. */
export interface ReportEvidence {
  /** Origin of the fact: `kubernetes: serviceaccounts/web`, `file: creds.json`, `https://…`. */
  readonly source: string;
  /** Dotted place inside it. */
  readonly path: string;
  readonly observed: string;
  readonly expected: string | null;
  readonly difference: string | null;
  readonly labels?: { readonly observed: string; readonly expected: string };
}

export interface ReportFix {
  readonly command: string;
  readonly why: string;
  readonly actor: string;
  readonly restarts: boolean;
  /** True when it begins another way to mend the same; left out otherwise. */
  readonly instead?: true;
}

export interface ReportFinding {
  readonly code: FindingCode;
  readonly check: string;
  readonly status: 'fail' | 'warn' | 'info';
  readonly role: Role;
  readonly explainedBy: readonly FindingCode[];
  readonly subject: Subject;
  /** The fault in a few words, without a full stop. */
  readonly title: string;
  readonly message: string;
  readonly evidence: readonly ReportEvidence[];
  /** What would be seen with the remedy, found out by judging the changed facts; null where it cannot be. */
  readonly counterfactual: string | null;
  readonly aadsts: readonly number[];
  readonly fix: readonly ReportFix[];
  readonly verify: string;
  /** What is to be known before `verify` is run, one clause; left out when it only has to be pasted. */
  readonly verifyNote?: string;
  readonly docs: string;
}

export interface ReportCheck {
  readonly id: string;
  /** The healthy condition in words. */
  readonly title: string;
  readonly status: CheckStatus;
  readonly reason: string | null;
  /** True for an unknown that nobody could settle by looking from outside; left out otherwise. */
  readonly unseeable?: true;
}

export type ChainState = 'ok' | 'broken' | 'unknown' | 'not-reached';

export interface ReportLink {
  readonly link: ChainLink;
  readonly state: ChainState;
  readonly detail: string;
}

/** A value and where it came from; both null when it is not set, the value null when it cannot be seen. */
export interface ReportValue {
  readonly value: string | null;
  readonly from: string | null;
  /** Why it cannot be seen. */
  readonly reason?: string;
}

export interface ReportContainer {
  readonly name: string;
  readonly effective: { readonly [Name in keyof EffectiveValues]: ReportValue };
}

/**
 * An error that was brought or logged, held against the live facts, or what Entra answered to an exchange; as the
 * explain document has it.
 */
export interface ReportError extends ExplainedError {
  /** `--error`, `log of container app (previous)`, `webhook log`, `exchange with login.microsoftonline.com`. */
  readonly origin?: string;
  /** Left out where nothing of it can be compared. */
  readonly matches?: readonly Match[];
}

/** A fact that could not be had. */
export interface ReportUnseen {
  /** In words: `namespace`, `webhook endpoints`. */
  readonly what: string;
  readonly reason: string;
}

/** A command for those who sent a dump: its output is what the verdict still rests on. */
export interface ReportAsk {
  readonly command: string;
  /** What is missing, one clause. */
  readonly why: string;
}

/** One request that the run made. */
export interface ReportRequest {
  readonly method: string;
  readonly target: string;
}

/** The document of `-o json` and the input of every reporter. Additive changes only. */
export interface Report {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  readonly tool: { readonly name: 'wi-doctor'; readonly version: string };
  readonly target: Target;
  readonly verdict: Verdict;
  readonly headline: string;
  readonly rootCauses: readonly FindingCode[];
  readonly findings: readonly ReportFinding[];
  readonly checks: readonly ReportCheck[];
  readonly chain: readonly ReportLink[];
  readonly containers: readonly ReportContainer[];
  readonly errors: readonly ReportError[];
  /** The one command that would settle an inconclusive verdict; null otherwise. */
  readonly next: string | null;
  /**
   * Of dumps: what an inconclusive verdict lacks, which `next` then reads; or what would show whether something
   * lies behind the causes of a problem. Left out where there is nothing to ask for.
   */
  readonly ask?: readonly ReportAsk[];
  /** Facts that could not be had and that no check speaks of, so that a missing right is never silent. */
  readonly unseen: readonly ReportUnseen[];
  /** Requests that change or mint something, were they asked for: `--mint`, `--exec`, `--exchange`. */
  readonly requests: readonly ReportRequest[];
}
