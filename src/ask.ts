import { join } from 'node:path';
import type { FindingCode } from './define-check.ts';
import { diagnosisCommand } from './diagnosis-command.ts';
import type { FactSet, Target } from './collected-facts.ts';
import { shellQuote } from './fill.ts';
import { printable } from './printable.ts';
import type { RankedResult } from './rank.ts';
import type { Report, ReportAsk } from './report.ts';
import type { Result } from './run.ts';
import type { Gap } from './verdict.ts';

/** Where dumps are. */
export interface DumpsPlace {
  /** The folder that `--bundle` names; null when it names a single file, beside which nothing is read. */
  readonly folder: string | null;
}

/** What is asked for, and the command that reads it when it is there; null where nothing can be asked for. */
export interface Asking {
  readonly ask: readonly ReportAsk[];
  readonly next: string | null;
}

/** The file that a command saves federated credentials in, and the client id they are of, if it is named. */
const CREDENTIALS = / > (credentials(?:-([0-9a-f-]{36}))?\.json)$/i;

/** Who reaches the cluster is asked first; what the issuer publishes, anybody can fetch. */
const PROGRAMS: readonly string[] = ['kubectl', 'curl', 'az'];

function commandsFor(gaps: readonly Gap[]): ReportAsk[] {
  const asks = new Map<string, ReportAsk>();
  for (const { reason, settle } of gaps) {
    // What reads the answer is our part, not theirs.
    const [command = ''] = settle?.split(/ && (?=wi-doctor )/) ?? [];
    if (command === '' || command.startsWith('wi-doctor ') || asks.has(command)) continue;
    asks.set(command, { command, why: printable(reason) });
  }
  const rank = ({ command }: ReportAsk): number => PROGRAMS.indexOf(command.split(' ', 1)[0] ?? '');
  return [...asks.values()].toSorted((a, b) => rank(a) - rank(b));
}

/**
 * What has to be asked of those who sent dumps: the commands whose output fills the gaps of the verdict, each once.
 */
function askingFor(gaps: readonly Gap[], target: Target, { folder }: DumpsPlace): Asking {
  const ask = commandsFor(gaps);
  if (ask.length === 0) return { ask, next: null };
  const place = folder ?? 'FOLDER';
  const credentials = ask.flatMap(({ command }) => {
    const [, file, clientId] = CREDENTIALS.exec(command) ?? [];
    if (file === undefined) return [];
    return ['--federated-credentials', `${clientId === undefined ? '' : `${clientId}=`}${join(place, file)}`];
  });
  const flags = [...(folder === null ? ['--bundle', place] : []), ...credentials];
  return { ask, next: [diagnosisCommand(target), ...flags.map(shellQuote)].join(' ') };
}

export interface AskInput {
  readonly verdict: Report['verdict'];
  readonly target: Target;
  readonly gaps: readonly Gap[];
  readonly findings: readonly RankedResult[];
  readonly results: readonly Result[];
  readonly facts: FactSet['facts'];
}

/** What to ask of those who sent dumps; nothing where the verdict stands. */
export function askingOf(input: AskInput, place: DumpsPlace): Asking {
  const { verdict, target, gaps, findings, results, facts } = input;
  if (verdict === 'inconclusive') return askingFor([...gaps, ...worthAsking(facts)], target, place);
  const roots = findings.filter(({ role }) => role === 'root' || role === 'independent');
  return { ask: verdict === 'problem' ? askingBehind(roots, results) : [], next: null };
}

/** What no verdict rests on, but shows faults that nothing else does: it costs the sender one command more. */
function worthAsking({ apiServerKeys: keys }: FactSet['facts']): Gap[] {
  return keys?.state === 'unknown' && keys.settle !== undefined
    ? [{ title: '', reason: keys.reason, settle: keys.settle }]
    : [];
}

/**
 * What has to be asked for to be sure of the causes of a problem: what would show whether something lies behind
 * them that could not be looked at.
 */
function askingBehind(roots: readonly RankedResult[], results: readonly Result[]): ReportAsk[] {
  const behind = new Set(roots.flatMap(({ result }) => explainers(result)));
  const open = results.filter(
    ({ status, check }) =>
      status === 'unknown' &&
      Object.values(check.outcomes).some((outcome) => 'code' in outcome && behind.has(outcome.code)),
  );
  return commandsFor(
    open.map(({ check, reason, settle }) => ({ title: check.title, reason: reason ?? '', settle })),
  );
}

/** Codes whose failure would account for a finding. */
function explainers({ outcome }: Result): readonly FindingCode[] {
  return outcome && 'explainedBy' in outcome.spec ? (outcome.spec.explainedBy ?? []) : [];
}
