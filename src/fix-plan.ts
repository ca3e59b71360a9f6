import type { FindingCode } from './define-check.ts';
import { joinLocalEdits, podCommand } from './pod-commands.ts';
import type { ReportFix } from './report.ts';

/** A fix and the findings it mends. */
export interface PlannedFix extends ReportFix {
  readonly codes: readonly FindingCode[];
}

/** What is to be run, top to bottom, and what could be run in its place. */
export interface FixPlan {
  readonly steps: readonly PlannedFix[];
  /** Other ways to mend a finding, each whole in itself. */
  readonly otherWays: readonly (readonly PlannedFix[])[];
}

interface Mended {
  readonly code: FindingCode;
  readonly fix: readonly ReportFix[];
}

/** The ways to mend one finding: a fix marked `instead` begins another. */
function waysOf({ code, fix }: Mended): PlannedFix[][] {
  const ways: PlannedFix[][] = [];
  for (const one of fix) {
    const way = ways.at(-1);
    const step = { ...one, codes: [code] };
    if (way === undefined || one.instead === true) ways.push([step]);
    else way.push(step);
  }
  return ways;
}

/** One step in the place of two, for the findings of both. */
function merged(one: PlannedFix, other: PlannedFix, command: string): PlannedFix {
  return {
    ...one,
    command,
    codes: [...new Set([...one.codes, ...other.codes])],
    why: one.why.includes(other.why) ? one.why : `${one.why.replace(/\.$/, '')}; ${other.why}`,
  };
}

/** Each command once, with the reasons and findings of all that asked for it. */
function withoutRepeats(steps: readonly PlannedFix[]): PlannedFix[] {
  const byCommand = new Map<string, PlannedFix>();
  for (const step of steps) {
    const known = byCommand.get(step.command);
    byCommand.set(step.command, known === undefined ? step : merged(known, step, step.command));
  }
  return [...byCommand.values()];
}

/** What stands before the first step that replaces pods, and what behind it needs the new pods. */
function halves(way: readonly PlannedFix[]): { before: PlannedFix[]; after: PlannedFix[] } {
  const first = way.findIndex(({ restarts }) => restarts);
  const end = first === -1 ? way.length : first;
  return { before: way.slice(0, end), after: way.slice(end).filter(({ restarts }) => !restarts) };
}

/** Changes of one manifest as one command. */
function withJoinedEdits(steps: readonly PlannedFix[]): PlannedFix[] {
  return steps.reduce<PlannedFix[]>((done, step) => {
    const last = done.at(-1);
    const command = last ? joinLocalEdits(last.command, step.command) : null;
    return last && command !== null ? [...done.slice(0, -1), merged(last, step, command)] : [...done, step];
  }, []);
}

/** Pods are replaced once: by the last change of their template, else by a restart behind all changes. */
function replacing(steps: readonly PlannedFix[]): PlannedFix[] {
  const restarting = withoutRepeats(steps.filter(({ restarts }) => restarts));
  const isRestart = ({ command }: PlannedFix): boolean => podCommand(command).does === 'restart';
  const changes = withJoinedEdits(restarting.filter((step) => !isRestart(step)));
  const restarts: PlannedFix[] = [];
  for (const restart of restarting.filter(isRestart)) {
    const { template } = podCommand(restart.command);
    const at = changes.findLastIndex(
      ({ command }) => template !== null && podCommand(command).template === template,
    );
    const change = changes[at];
    // What the reader is told to do before the restart has to be done before the change.
    if (change) changes[at] = merged(change, restart, change.command);
    else restarts.push(restart);
  }
  return [...changes, ...restarts];
}

/** Several findings mended in one go: what new pods read comes before the pods, and what needs them behind. */
function joined(ways: readonly (readonly PlannedFix[])[]): PlannedFix[] {
  return withoutRepeats([
    ...ways.flatMap((way) => halves(way).before),
    ...replacing(ways.flat()),
    ...ways.flatMap((way) => halves(way).after),
  ]);
}

/**
 * The fixes of one or several findings as one sequence to paste from top to bottom.
 *
 * @param findings In the order in which they are told.
 */
export function fixPlan(findings: readonly Mended[]): FixPlan {
  const all = findings.map(waysOf);
  const first = all.flatMap((ways) => ways.slice(0, 1));
  const otherWays = all.flatMap((ways) => ways.slice(1));
  const [only = []] = first;
  return { steps: first.length > 1 ? joined(first) : withoutRepeats(only), otherWays };
}
