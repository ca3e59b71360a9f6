import type { Check } from './define-check.ts';
import type { Change } from './derive/change.ts';
import { givenClientIds, newlyAccepted } from './counterfactual-effects.ts';
import { changedAll } from './derive/change.ts';
import { deriveFacts } from './derive/facts.ts';
import type { FactSet } from './collected-facts.ts';
import { fillSentence } from './fill.ts';
import { printable } from './printable.ts';
import { rank, type RankedResult } from './rank.ts';
import { runChecks, type Result } from './run.ts';
import { asClause } from './summary.ts';
import { verdictOf } from './verdict.ts';

/** What is run again, and what counts as a problem in it. */
export interface CounterfactualOptions {
  readonly checks: readonly Check[];
  readonly failOn: 'fail' | 'warn';
  /** True when `--only` or `--skip` left checks out, so that silence proves little. */
  readonly partial: boolean;
}

type ChangedResult = RankedResult & { readonly result: Result & { outcome: NonNullable<Result['outcome']> } };

function isRoot({ role }: RankedResult): boolean {
  return role === 'root' || role === 'independent';
}

/** A root that says how it would be mended, in words and as a change of facts. */
function isChangeable(ranked: RankedResult): ranked is ChangedResult {
  const { outcome } = ranked.result;
  return (
    isRoot(ranked) &&
    outcome !== null &&
    outcome.spec.status !== 'pass' &&
    outcome.spec.whatIf !== undefined &&
    outcome.options.change !== undefined
  );
}

function changeOf({ result }: ChangedResult): Change {
  return result.outcome.options.change ?? {};
}

function makesNewPod({ annotations, template }: Change): boolean {
  return annotations !== undefined || template !== undefined;
}

function sameSubject(a: Result, b: Result): boolean {
  return a.check.id === b.check.id && a.subject.container === b.subject.container;
}

/** What the reader sees of a finding besides: the remedy and the proof. */
function isShown({ result: { outcome } }: ChangedResult, phrase: string, value: string): boolean {
  const { evidence = [] } = outcome.options;
  return (
    phrase.includes(value) ||
    evidence.some(({ observed, expected }) => observed === value || expected === value)
  );
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

function titleOf({ spec, words }: NonNullable<Result['outcome']>): string {
  const title = spec.status === 'pass' ? undefined : spec.title;
  return asClause(fillSentence(title ?? spec.says, words));
}

/** What would be left to mend: as a clause behind the effects, with its own punctuation. */
function restOf(
  results: readonly Result[],
  known: ReadonlySet<string>,
  after: FactSet,
  { failOn, partial }: CounterfactualOptions,
): string {
  const roots = rank(results, failOn, null).findings.filter(isRoot);
  const codes = [...new Set(roots.map(({ code }) => code))];
  const still = codes.filter((code) => known.has(code));
  const next = roots.find(({ code }) => !known.has(code));
  const outcome = next?.result.outcome;
  const parts = [
    ...(still.length > 0 ? [`${listed(still)} would still fail`] : []),
    ...(next && outcome ? [`${next.code} would come next: ${titleOf(outcome)}`] : []),
  ];
  if (parts.length > 0) return `; ${parts.join('; ')}`;
  const healthy = verdictOf(results, deriveFacts(after).workload, failOn) === 'healthy';
  return healthy && !partial ? ' and nothing else would fail' : ', and nothing else is seen to fail';
}

/** Whether the pod that a change makes may be refused for a reason that is seen already, or fears it. */
function mayBeRefused(finding: RankedResult, findings: readonly RankedResult[]): boolean {
  return findings.some(
    ({ result, status }) =>
      status !== 'info' && result.check.stage === 'rejected' && result.check.id !== finding.result.check.id,
  );
}

/** Roots that are about the same credential: to match, it has to be mended in all of its fields. */
function aboutSameCredential(finding: ChangedResult, all: readonly ChangedResult[]): ChangedResult[] {
  const { credential } = changeOf(finding);
  return all.filter((other) => {
    const { credential: theirs } = changeOf(other);
    return theirs && theirs.name === credential?.name && theirs.clientId === credential.clientId;
  });
}

function phraseOf({ result: { outcome } }: ChangedResult): string {
  const { spec, words } = outcome;
  return spec.status === 'pass' ? '' : fillSentence(spec.whatIf ?? '', words);
}

/** Whether an answer of the same check about the same subject is a failure, or open, in other facts. */
function isOpen(finding: RankedResult, results: readonly Result[]): boolean {
  return results.some(
    (result) =>
      result.status === 'error' ||
      (sameSubject(result, finding.result) && (result.status === 'fail' || result.status === 'unknown')),
  );
}

function sentenceFor(
  finding: ChangedResult,
  together: readonly ChangedResult[],
  set: FactSet,
  findings: readonly RankedResult[],
  options: CounterfactualOptions,
): string | null {
  const after = changedAll(set, together.map(changeOf));
  if (after === null) return null;
  const results = runChecks(options.checks, after);
  if (isOpen(finding, results)) return null;
  const accepted = newlyAccepted(set, after);
  const { credential } = changeOf(finding);
  const matches = accepted.some(
    ({ clientId, credential: name }) => clientId === credential?.clientId && name === credential.name,
  );
  // Unlike any other fault that is gone, a credential that still does not match is no step forward.
  if (credential && !matches) return null;
  const phrase = together
    .map((one, index) => (index === 0 ? phraseOf(one) : asClause(phraseOf(one))))
    .join(' and ');
  const effects = [
    ...givenClientIds(set, after)
      .filter((id) => !isShown(finding, phrase, id))
      .map((id) => `the webhook would set client id ${id}`),
    ...new Set(
      accepted.map(({ credential: name, identity, butForIssuer }) => {
        const words = `credential ${name} of ${identity} would match`;
        return butForIssuer ? `${words} but for its issuer, which could not be compared` : words;
      }),
    ),
  ];
  const effect = effects.length > 0 ? effects.join(', ') : 'this failure would be gone';
  const known = new Set(findings.map(({ code }) => code));
  return printable(`${phrase}, ${effect}${restOf(results, known, after, options)}.`);
}

function counterfactual(
  finding: ChangedResult,
  set: FactSet,
  findings: readonly RankedResult[],
  options: CounterfactualOptions,
): string | null {
  if (makesNewPod(changeOf(finding)) && mayBeRefused(finding, findings)) return null;
  const alone = sentenceFor(finding, [finding], set, findings, options);
  if (alone !== null) return alone;
  const together = aboutSameCredential(finding, findings.filter(isChangeable));
  return together.length > 1 ? sentenceFor(finding, together, set, findings, options) : null;
}

/**
 * For each root that knows its remedy: what would be seen with that one change, as one sentence.
 *
 * The change is made to the facts and everything is judged again, so what is said was seen to happen: the failure
 * is gone, this credential matches, and that is what is left.
 */
export function counterfactualsOf(
  set: FactSet,
  findings: readonly RankedResult[],
  options: CounterfactualOptions,
): ReadonlyMap<Result, string> {
  return new Map(
    findings.filter(isChangeable).flatMap((finding) => {
      const sentence = counterfactual(finding, set, findings, options);
      return sentence === null ? [] : [[finding.result, sentence] as const];
    }),
  );
}
