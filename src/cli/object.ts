import { CHECKS } from '../../checks/index.ts';
import { diagnose } from '../diagnose.ts';
import { WiDoctorError } from '../errors.ts';
import { concerning } from '../error-target.ts';
import { exitCodeOf } from '../exit-code.ts';
import { deriveFacts } from '../derive/facts.ts';
import type { Earlier } from '../earlier.ts';
import type { FactSet } from '../collected-facts.ts';
import type { Invocation } from '../invocation.ts';
import type { Report, ReportRequest } from '../report.ts';
import { render } from '../reporters/index.ts';
import { ClockWatch } from '../sources/clocks.ts';
import { explainerFor } from './explain-answers.ts';
import { openBundle, type Evidence } from './evidence.ts';
import type { Named } from './follow-controller.ts';
import { gather } from './gather.ts';
import { givenFlags } from './given-flags.ts';
import { keptFlags, type DiagnosisOptions } from './options.ts';
import { startProgress, type Progress } from './progress.ts';
import { selectChecks, type Selection } from './select-checks.ts';
import { checksFor, type TargetKind } from './target-kinds.ts';
import type { Seen } from './wait-for-fix.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Opens the evidence. Credential plug-ins may prompt here, so nothing is drawn before it is over. */
async function openEvidence(
  { bundle, connection }: DiagnosisOptions,
  terminal: Terminal,
  onSlow: (path: string, seconds: number) => void,
): Promise<Evidence> {
  if (bundle !== null) return openBundle(bundle, connection.namespace);
  const { connect } = await import('../kubernetes/connection.ts');
  const { client, context, namespace } = await connect(connection, terminal.env, {
    onSlow,
    stdinIsTerminal: terminal.stdin.isTTY === true,
  });
  return { kind: 'cluster', client, context, namespace };
}

function checkContainer(set: FactSet, container: string | null): void {
  const { workload } = deriveFacts(set);
  if (container === null || workload.state !== 'present' || workload.value.judged.length > 0) return;
  const { object, containers } = workload.value;
  throw new WiDoctorError('NOT_FOUND', `${object.kind} ${object.name} has no container ${container}.`, {
    hint: `Its containers are: ${containers.map(({ name }) => name).join(', ')}.`,
  });
}

async function selectionFor(
  kind: TargetKind,
  { only, skip, checksDir }: DiagnosisOptions,
  { program }: Terminal,
): Promise<Selection> {
  const others = checksDir === null ? [] : await (await import('./load-checks.ts')).loadChecks(checksDir);
  return selectChecks([...checksFor(kind, CHECKS), ...others], only, skip, program);
}

/** Commands run in a container are requested with GET, too. */
const RUNS_COMMAND = /\/exec\?/;

/** Requests that do more than read, for the report to tell. */
function tellingRequests(evidence: Evidence, posts: readonly string[]): ReportRequest[] {
  if (evidence.kind !== 'cluster') return [];
  const atCluster = evidence.client.requests
    .filter(({ method, path }) => method !== 'GET' || RUNS_COMMAND.test(path))
    .map(({ method, path }) => ({ method, target: path }));
  return [...atCluster, ...posts.map((url) => ({ method: 'POST', target: url }))];
}

/** The namespace that is looked at, as far as it is known already. */
function namespaceOf(evidence: Evidence | undefined, { connection }: DiagnosisOptions): string {
  const opened = evidence === undefined || evidence.kind === 'bundle' ? undefined : evidence.namespace;
  return opened ?? connection.namespace ?? '';
}

function contextOf(evidence: Evidence | undefined, { connection }: DiagnosisOptions): string | null {
  if (evidence === undefined) return connection.context ?? null;
  return evidence.kind === 'cluster' ? evidence.context : null;
}

/** The full diagnosis of one object: a pod, a controller, a service account, or the cluster. */
export async function reportOn(
  kind: TargetKind,
  name: string,
  options: DiagnosisOptions,
  terminal: Terminal,
): Promise<Report> {
  const invocation: Invocation = {
    program: terminal.program,
    connectionFlags: keptFlags(options.connection),
    evidenceFlags: givenFlags(options),
  };
  const selection = await selectionFor(kind, options, terminal);
  let progress: Progress | undefined;
  let evidence: Evidence | undefined;
  const posts: string[] = [];
  const onPost = (url: string): unknown => posts.push(url);
  const looking =
    kind.ref === null ? 'looking at the cluster' : `looking at ${kind.kind.toLowerCase()} ${name}`;
  const look = async (
    opened: Evidence,
    named: Named,
    earlier: Earlier | null,
    clocks: ClockWatch,
  ): Promise<Seen> => {
    const set = await gather(opened, { ...named, options, terminal, invocation, onPost, earlier, clocks });
    checkContainer(set, options.container);
    const report = diagnose(selection.checks, set, {
      failOn: options.failOn,
      invocation,
      restriction: selection.restriction,
      requests: tellingRequests(opened, posts),
      ...(opened.kind === 'dumps' ? { dumps: { folder: opened.inFolder ? options.bundle : null } } : {}),
      ...(await explainerFor(set)),
    });
    return { set, report };
  };
  try {
    const opened = await openEvidence(options, terminal, (path, seconds) => progress?.slow(path, seconds));
    evidence = opened;
    if (opened.kind === 'dumps' && !options.quiet) {
      const { tellNotes } = await import('./tell-notes.ts');
      tellNotes(opened.client.notes, options, terminal);
    }
    progress = startProgress(terminal, looking, options.quiet);
    const start = { kind, name };
    const { waitMs, failOn } = options;
    if (waitMs === null) return (await look(opened, start, null, new ClockWatch())).report;
    const { waitForFix } = await import('./wait-for-fix.ts');
    return await waitForFix({
      start,
      checks: selection.checks,
      failOn,
      waitMs,
      progress,
      look: (named, earlier, clocks) => look(opened, named, earlier, clocks),
    });
  } catch (error) {
    throw concerning(error, {
      kind: kind.kind,
      namespace: kind.ref === null ? '' : namespaceOf(evidence, options),
      name,
      context: contextOf(evidence, options),
    });
  } finally {
    progress?.stop();
    if (evidence && evidence.kind !== 'bundle') evidence.client.close();
  }
}

/** Diagnoses one object and prints its report. */
export async function diagnoseObject(
  kind: TargetKind,
  name: string,
  options: DiagnosisOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const report = await reportOn(kind, name, options, terminal);
  const { columns, color } = terminal;
  const { output, verbosity, quiet } = options;
  terminal.stdout.write(await render(report, output, { columns, color, verbosity, quiet }));
  return exitCodeOf(report.verdict);
}
