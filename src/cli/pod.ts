import { CHECKS } from '../../checks/index.ts';
import { collectPod } from '../collect.ts';
import { diagnose } from '../diagnose.ts';
import { WiDoctorError } from '../errors.ts';
import { exitCodeOf } from '../exit-code.ts';
import { deriveFacts } from '../derive/facts.ts';
import type { FactSet, RequestOptions, Target } from '../facts.ts';
import { shellQuote } from '../fill.ts';
import type { Invocation } from '../invocation.ts';
import { RESOURCES } from '../kubernetes/resources.ts';
import type { Report, ReportRequest } from '../report.ts';
import { render } from '../reporters/index.ts';
import { clientFactsOf, readSupplied } from '../sources/client-facts.ts';
import { openBundle, type Evidence } from './evidence.ts';
import { noSuchObject } from './no-such-object.ts';
import { keptFlags, type DiagnosisOptions } from './options.ts';
import { startProgress, type Progress } from './progress.ts';
import type { ExitCode, Terminal } from './terminal.ts';

async function openEvidence(
  options: DiagnosisOptions,
  terminal: Terminal,
  progress: Progress,
): Promise<Evidence> {
  if (options.bundle !== null) return openBundle(options.bundle, options.connection.namespace);
  const { connect } = await import('../kubernetes/connection.ts');
  const connection = await connect(options.connection, terminal.env, {
    onSlow: (path, seconds) => progress.slow(path, seconds),
  });
  return {
    kind: 'cluster',
    client: connection.client,
    context: connection.context,
    namespace: connection.namespace,
  };
}

/** `wi-doctor pod NAME -n NS` with the flags that give the same evidence again. */
function rerunCommand(name: string, namespace: string, { bundle, container }: DiagnosisOptions): string {
  const flags = [
    ...(container === null ? [] : ['-c', container]),
    ...(bundle === null ? [] : ['--bundle', bundle]),
  ];
  return ['wi-doctor', 'pod', name, '-n', namespace, ...flags].map(shellQuote).join(' ');
}

function checkContainer(set: FactSet, container: string | null): void {
  const { workload } = deriveFacts(set);
  if (container === null || workload.state !== 'present' || workload.value.judged.length > 0) return;
  const names = workload.value.containers.map(({ name }) => name);
  throw new WiDoctorError('NOT_FOUND', `Pod ${workload.value.object.name} has no container ${container}.`, {
    hint: `Its containers are: ${names.join(', ')}.`,
  });
}

/** A bundle is judged as it is; only what the command line adds is laid over it. */
async function fromBundle(set: FactSet, name: string, options: DiagnosisOptions): Promise<FactSet> {
  const target = set.facts.target?.state === 'present' ? set.facts.target.value : null;
  const namespace = options.connection.namespace;
  if (!target || target.name !== name || (namespace !== undefined && target.namespace !== namespace)) {
    throw new WiDoctorError(
      'NOT_FOUND',
      `The bundle holds no pod ${name}${namespace === undefined ? '' : ` in namespace ${namespace}`}.`,
      {
        hint: target
          ? `It was collected for: wi-doctor ${target.kind.toLowerCase()} ${target.name} -n ${target.namespace}`
          : 'Collect it again.',
      },
    );
  }
  const asked: RequestOptions = {
    container: options.container,
    allowPrivateIssuer: options.allowPrivateIssuer,
  };
  const facts: FactSet['facts'] = {
    ...set.facts,
    options: { state: 'present', value: asked, origin: 'command line' },
  };
  const supplied = await readSupplied(options.federatedCredentials);
  if (supplied.length === 0) return { ...set, facts };
  const rerun = rerunCommand(name, target.namespace, options);
  return { facts, clients: { ...set.clients, ...clientFactsOf(Object.keys(set.clients), supplied, rerun) } };
}

async function fromClient(
  evidence: Exclude<Evidence, { kind: 'bundle' }>,
  name: string,
  options: DiagnosisOptions,
  terminal: Terminal,
  invocation: Invocation,
): Promise<FactSet> {
  const { client, namespace } = evidence;
  const target: Target = {
    kind: 'Pod',
    namespace,
    name,
    context: evidence.kind === 'cluster' ? evidence.context : null,
  };
  const supplied = await readSupplied(options.federatedCredentials);
  const { tokenFile } = options;
  const tokenText =
    tokenFile === null
      ? null
      : {
          file: tokenFile === '-' ? 'standard input' : tokenFile,
          text: await (await import('../sources/token/read.ts')).readTokenFile(tokenFile, terminal.stdin),
        };
  const set = await collectPod({
    client,
    target,
    options: { container: options.container, allowPrivateIssuer: options.allowPrivateIssuer },
    now: new Date().toISOString(),
    network: evidence.kind === 'cluster',
    supplied,
    tokenText,
    mint: options.mint && evidence.kind === 'cluster',
    rerun: rerunCommand(name, namespace, options),
  });
  if (set.facts.pod?.state === 'absent') {
    throw await noSuchObject(
      client,
      { ref: RESOURCES.pods, namespace, name, namespaceExists: set.facts.namespace?.state !== 'absent' },
      invocation,
    );
  }
  return set;
}

/** Requests that do more than read, for the report to tell. */
function tellingRequests(evidence: Evidence): ReportRequest[] {
  if (evidence.kind !== 'cluster') return [];
  return evidence.client.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => ({ method, target: path }));
}

/** `wi-doctor pod NAME`: the full diagnosis of one pod. */
export async function pod(name: string, options: DiagnosisOptions, terminal: Terminal): Promise<ExitCode> {
  const invocation: Invocation = {
    program: terminal.program,
    connectionFlags: keptFlags(options.connection),
  };
  const progress = startProgress(terminal, `looking at pod ${name}`, options.quiet);
  let report: Report;
  let evidence: Evidence | undefined;
  try {
    evidence = await openEvidence(options, terminal, progress);
    const set =
      evidence.kind === 'bundle'
        ? await fromBundle(evidence.set, name, options)
        : await fromClient(evidence, name, options, terminal, invocation);
    checkContainer(set, options.container);
    report = diagnose(CHECKS, set, {
      failOn: options.failOn,
      invocation,
      symptom: null,
      errors: [],
      restriction: null,
      requests: tellingRequests(evidence),
    });
  } finally {
    progress.stop();
    if (evidence && evidence.kind !== 'bundle') evidence.client.close();
  }
  const { columns, color } = terminal;
  terminal.stdout.write(
    await render(report, options.output, {
      columns,
      color,
      verbosity: options.verbosity,
      quiet: options.quiet,
    }),
  );
  return exitCodeOf(report.verdict);
}
