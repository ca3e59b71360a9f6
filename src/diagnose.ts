import { adaptError } from './adapt-explanation.ts';
import { chainOf } from './chain.ts';
import { askingOf, type DumpsPlace } from './ask.ts';
import type { Check } from './define-check.ts';
import { counterfactualsOf } from './counterfactual.ts';
import type { Complaint } from './derive/complaints.ts';
import { deriveFacts } from './derive/facts.ts';
import { standingOf } from './derive/standing.ts';
import { symptomOf } from './derive/symptom.ts';
import type { ContainerView, EffectiveValue } from './derive/workload.ts';
import type { FactSet, Target } from './collected-facts.ts';
import type { FactName } from './facts.ts';
import { factWords } from './fact-words.ts';
import { adaptCommand, type Invocation } from './invocation.ts';
import { printable } from './printable.ts';
import { rank } from './rank.ts';
import {
  REPORT_SCHEMA_VERSION,
  type Report,
  type ReportCheck,
  type ReportContainer,
  type ReportError,
  type ReportRequest,
  type ReportUnseen,
  type ReportValue,
} from './report.ts';
import { causeOf, findingContext, findingsOf } from './report-finding.ts';
import { runChecks, type Result } from './run.ts';
import { headlineOf } from './summary.ts';
import { gapsOf, settleOf, verdictOf } from './verdict.ts';
import { VERSION } from './version.ts';

export interface DiagnoseOptions {
  readonly failOn: 'fail' | 'warn';
  readonly invocation: Invocation;
  /** What `--only` or `--skip` left out, in words; null when every check runs. */
  readonly restriction: string | null;
  readonly requests: readonly ReportRequest[];
  /** For evidence out of dumps: where they are. */
  readonly dumps?: DumpsPlace;
  /** Explains what Entra answered to exchanges; handed in, because most runs make none. */
  readonly explain?: (set: FactSet) => readonly ReportError[];
}

const RANKS: readonly (ReportCheck['status'] | 'unseeable')[] = [
  'error',
  'fail',
  'unknown',
  'warn',
  'info',
  'unseeable',
  'pass',
  'skip',
];

function rankOf({ status, unseeable }: Result): number {
  return RANKS.indexOf(unseeable ? 'unseeable' : status);
}

/** One line per check: the worst of its answers. */
function checkLines(results: readonly Result[]): ReportCheck[] {
  const worst = new Map<string, Result>();
  for (const result of results) {
    const known = worst.get(result.check.id);
    if (!known || rankOf(result) < rankOf(known)) worst.set(result.check.id, result);
  }
  return [...worst.values()].map(({ check, status, reason, unseeable }) => ({
    id: check.id,
    title: check.title,
    status,
    reason: reason === null ? null : printable(reason),
    ...(unseeable ? { unseeable } : {}),
  }));
}

function reportValue(value: EffectiveValue): ReportValue {
  if (value.state === 'unset') return { value: null, from: null };
  if (value.state === 'unknown') return { value: null, from: 'unknown', reason: printable(value.reason) };
  return { value: printable(value.value), from: value.from };
}

function reportContainer({ name, effective }: ContainerView): ReportContainer {
  const { clientId, tenantId, tokenFile, authorityHost, audience, expirationSeconds } = effective;
  return {
    name: printable(name),
    effective: {
      clientId: reportValue(clientId),
      tenantId: reportValue(tenantId),
      tokenFile: reportValue(tokenFile),
      authorityHost: reportValue(authorityHost),
      audience: reportValue(audience),
      expirationSeconds: reportValue(expirationSeconds),
    },
  };
}

/** An error with what it came to; its values print as they were logged, the reporters make them harmless. */
function reportError({ origin, error, matches }: Complaint): ReportError {
  return { ...error, origin, ...(matches.length > 0 ? { matches } : {}) };
}

/** Collected facts that could not be had and for whose reason no check stands: a refused read is never silent. */
function unseenOf({ facts }: FactSet, results: readonly Result[]): ReportUnseen[] {
  const told = new Set(
    results.flatMap(({ status, reason }) => (status === 'unknown' && reason !== null ? [reason] : [])),
  );
  // A fact that is not known because of another one ends in that one's reason.
  const isTold = (reason: string): boolean => [...told].some((one) => reason.endsWith(one));
  return Object.entries(facts).flatMap(([name, fact]) =>
    fact.state === 'unknown' && !isTold(fact.reason)
      ? [{ what: factWords(name as FactName), reason: printable(fact.reason) }]
      : [],
  );
}

const NO_TARGET: Target = { kind: '', namespace: '', name: '', context: null };

/**
 * The story of one diagnosis: facts → checks → ranking → report. Pure: the same facts and options give the
 * same report, byte for byte.
 */
export function diagnose(checks: readonly Check[], set: FactSet, options: DiagnoseOptions): Report {
  const { failOn, invocation, restriction, requests } = options;
  const { workload, complaints } = deriveFacts(set);
  const target = set.facts.target?.state === 'present' ? set.facts.target.value : NO_TARGET;
  const results = runChecks(checks, set);
  const ranking = rank(results, failOn, symptomOf(set.facts.errors));
  const verdict = verdictOf(results, workload, failOn);
  const gaps = gapsOf(results, workload);
  const context = findingContext(
    set,
    workload.state === 'present' ? workload.value : null,
    target,
    invocation,
    counterfactualsOf(set, ranking.findings, { checks, failOn, partial: restriction !== null }),
  );
  const findings = findingsOf(ranking.findings, context);
  const [first] = ranking.findings;
  const roots = findings.filter(({ role }) => role === 'root' || role === 'independent');
  const settle = verdict === 'inconclusive' ? settleOf(gaps, target) : null;
  const { ask, next } = options.dumps
    ? askingOf(
        { verdict, target, gaps, findings: ranking.findings, results, facts: set.facts },
        options.dumps,
      )
    : { ask: [], next: null };
  const then = next ?? settle;
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    tool: { name: 'wi-doctor', version: VERSION },
    target,
    verdict,
    headline: headlineOf({
      target,
      verdict,
      findings,
      cause: first ? causeOf(first, context) : '',
      gaps,
      stage: first?.result.check.stage ?? null,
      unexplained: ranking.unexplained,
      explainedAside: ranking.explainedAside,
      tokenMissed: set.facts.token?.state === 'unknown',
      standing: standingOf(set),
      restriction,
    }),
    rootCauses: [...new Set(roots.map(({ code }) => code))],
    findings,
    checks: checkLines(results),
    chain: chainOf(results, ranking.findings, set, workload),
    containers:
      workload.state === 'present' && workload.value.kind !== 'service-account'
        ? workload.value.judged.map(reportContainer)
        : [],
    errors: [
      ...(complaints.state === 'present' ? complaints.value.map(reportError) : []),
      ...(options.explain?.(set) ?? []),
    ].map((error) => adaptError(error, invocation)),
    ...(ask.length === 0 ? {} : { ask }),
    next: then === null ? null : adaptCommand(then, invocation, { names: context.names, as: target }),
    unseen: restriction === null ? unseenOf(set, results) : [],
    requests,
  };
}
