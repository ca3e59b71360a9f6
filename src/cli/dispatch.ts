import yargs, { type Argv } from 'yargs';
import type { ExplainedError } from '../aadsts/explanation.ts';
import { WiDoctorError } from '../errors.ts';
import type { Report } from '../report.ts';
import { VERSION } from '../version.ts';
import {
  connectionFlags,
  diagnosisFlags,
  diagnosisOf,
  evidenceFlags,
  outputFlags,
  outputOf,
  rbacFlags,
  rbacOf,
} from './flags.ts';
import { EPILOGUE, EXPLAIN_EPILOGUE, LOOK_UP_EPILOGUE } from './epilogues.ts';
import { text, type Parsed } from './parsed.ts';
import { keptFlags, type DiagnosisOptions } from './options.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import { usageError } from './usage-error.ts';

/** Evidence is about a pod; without one it would be left aside in silence. */
function refuseUnusedEvidence(parsed: Parsed, { program }: Terminal): void {
  const { bundle, federatedCredentials, tokenFile } = diagnosisOf(parsed);
  const flag =
    (bundle !== null && '--bundle') ||
    (federatedCredentials.length > 0 && '--federated-credentials') ||
    (tokenFile !== null && '--token-file');
  if (!flag) return;
  throw new WiDoctorError('USAGE', `${flag} is only used with --pod, which names the pod it is about.`, {
    hint: `Add --pod NAME to hold the text against that pod: ${program} explain TEXT --pod NAME ${flag} …`,
  });
}

/** A positional, its words joined; yargs turns a lone `-` into an empty text, which is undone here. */
function positional(parsed: Parsed, name: string, argv: readonly string[]): string | undefined {
  const value = parsed[name];
  const words = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
  if (words.length === 0) return undefined;
  const joined = words.join(' ');
  return joined === '' && argv.includes('-') ? '-' : joined;
}

interface Recorder {
  option(name: string): Recorder;
}

/** Every flag there is, for guessing at what was meant. */
function flagNames(): string[] {
  const names: string[] = [];
  const recorder: Recorder = {
    option(name) {
      names.push(name);
      return recorder;
    },
  };
  diagnosisFlags(recorder as Argv);
  return names;
}

type Handle = (command: (parsed: Parsed) => Promise<ExitCode>) => (parsed: object) => void;

/** Objects that can be diagnosed by name, as kubectl's users type them. */
const OBJECTS: readonly (readonly [names: readonly string[], what: string])[] = [
  [['pod', 'po', 'pods'], 'Full diagnosis of one pod'],
  [['deployment', 'deploy', 'deployments'], 'Newest pod of a deployment, or why it has none'],
  [['statefulset', 'sts', 'statefulsets'], 'The same for a stateful set'],
  [['daemonset', 'ds', 'daemonsets'], 'The same for a daemon set'],
  [['replicaset', 'rs', 'replicasets'], 'The same for a replica set'],
  [['job', 'jobs'], 'The same for a job'],
  [['cronjob', 'cj', 'cronjobs'], 'The same for a cron job'],
  [
    ['serviceaccount', 'sa', 'serviceaccounts'],
    'A service account without a pod (CSI, External Secrets, operators)',
  ],
];

async function runObject(type: string, parsed: Parsed, terminal: Terminal): Promise<ExitCode> {
  const [{ diagnoseObject }, { targetKindOf }, { resourceNamed }] = await Promise.all([
    import('./object.ts'),
    import('./target-kinds.ts'),
    import('../kubernetes/resources.ts'),
  ]);
  const ref = resourceNamed(type);
  const kind = ref && targetKindOf(ref);
  if (!kind) throw new WiDoctorError('USAGE', `A ${type} cannot be diagnosed.`);
  return diagnoseObject(kind, text(parsed, 'name') ?? '', diagnosisOf(parsed), terminal);
}

/** How an explained error is held against a pod. */
async function podReport(
  name: string,
  options: DiagnosisOptions,
  terminal: Terminal,
): Promise<(errors: readonly ExplainedError[]) => Promise<Report>> {
  const [{ reportOn }, { targetKindOf }, { RESOURCES }] = await Promise.all([
    import('./object.ts'),
    import('./target-kinds.ts'),
    import('../kubernetes/resources.ts'),
  ]);
  const kind = targetKindOf(RESOURCES.pods);
  if (!kind) throw new WiDoctorError('USAGE', 'A pod cannot be diagnosed.');
  return (errors) => reportOn(kind, name, { ...options, error: errors }, terminal);
}

function objectCommands(parser: Argv, handle: Handle, terminal: Terminal): Argv {
  return OBJECTS.reduce(
    (known, [[type = '', ...aliases], what]) =>
      known.command(
        [`${type} <name>`, ...aliases],
        what,
        (y) => diagnosisFlags(y).positional('name', { type: 'string', describe: `Name of the ${type}` }),
        handle((parsed) => runObject(type, parsed, terminal)),
      ),
    parser,
  );
}

/**
 * The command that was asked for, thrown out of the parser: behind a handler that returns, yargs lays out the
 * help of the command, and that costs more than all the rest of a start.
 */
class Chosen {
  readonly run: () => Promise<ExitCode>;

  constructor(run: () => Promise<ExitCode>) {
    this.run = run;
  }
}

/** Parses a command line and runs its command. @throws {WiDoctorError} `USAGE` with what would be right. */
export async function dispatch(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { program } = terminal;
  const handle: Handle = (command) => (parsed) => {
    throw new Chosen(() => command(parsed as Parsed));
  };
  const parser = objectCommands(yargs(), handle, terminal)
    .scriptName(program)
    .usage(`$0: says why a pod cannot sign in to Entra ID, and how to mend it\n\nUsage: $0 COMMAND [flags]`)
    .locale('en')
    .parserConfiguration({
      'parse-positional-numbers': false,
      'camel-case-expansion': false,
      'strip-aliased': true,
      'duplicate-arguments-array': true,
      'greedy-arrays': false,
    })
    .command(
      'cluster',
      'Issuer and webhook of the cluster alone',
      (y) => diagnosisFlags(y),
      handle(async (parsed) => {
        const [{ diagnoseObject }, { CLUSTER }] = await Promise.all([
          import('./object.ts'),
          import('./target-kinds.ts'),
        ]);
        return diagnoseObject(CLUSTER, '', diagnosisOf(parsed), terminal);
      }),
    )
    .command(
      'token [file]',
      'Decode and verify one projected token; prints claims, never the token',
      (y) =>
        evidenceFlags(connectionFlags(outputFlags(y))).positional('file', {
          type: 'string',
          describe: 'FILE, or - for standard input',
        }),
      handle(async (parsed) =>
        (await import('./token.ts')).token(positional(parsed, 'file', argv), diagnosisOf(parsed), terminal),
      ),
    )
    .command(
      'explain [text..]',
      'What an AADSTS code, a finding code or a pasted log means here',
      (y) =>
        evidenceFlags(connectionFlags(outputFlags(y)))
          .option('list', { type: 'boolean', default: false, describe: 'List every code known' })
          .option('pod', {
            type: 'string',
            requiresArg: true,
            describe: 'Hold its values against this pod, and diagnose that',
          })
          .positional('text', {
            type: 'string',
            array: true,
            describe: 'CODE, TEXT, FILE, or - for standard input',
          })
          .epilogue(EXPLAIN_EPILOGUE),
      handle(async (parsed) => {
        const subject = positional(parsed, 'text', argv);
        const { output, verbosity, quiet } = outputOf(parsed);
        const { explain } = await import('./explain.ts');
        const pod = text(parsed, 'pod');
        if (pod === undefined) refuseUnusedEvidence(parsed, terminal);
        const against = pod === undefined ? undefined : await podReport(pod, diagnosisOf(parsed), terminal);
        const list = parsed['list'] === true;
        const { connection } = diagnosisOf(parsed);
        const { namespace } = connection;
        const asked = { subject, output, list, against, verbosity, quiet, namespace };
        return explain({ ...asked, connectionFlags: keptFlags(connection) }, terminal);
      }),
    )
    .command(
      'demo [scenario]',
      'A whole diagnosis on embedded data: no cluster, no network',
      (y) =>
        outputFlags(y)
          .option('list', {
            type: 'boolean',
            default: false,
            describe: 'List the scenarios, or all that fit a layer, a code or a word',
          })
          .positional('scenario', {
            type: 'string',
            describe: 'Name of a scenario, or a finding code for the one that shows it best',
          })
          .epilogue(LOOK_UP_EPILOGUE),
      handle(async (parsed) => {
        const word = text(parsed, 'scenario');
        const options = outputOf(parsed);
        if (parsed['list'] !== true) return (await import('./demo.ts')).demo(word, options, terminal);
        await (await import('./demo-list.ts')).listDemos(word, options, terminal);
        return 0;
      }),
    )
    .command(
      'checks [code]',
      'List of all checks; the page of one',
      (y) =>
        outputFlags(y)
          .positional('code', { type: 'string', describe: 'Finding code or id of a check' })
          .epilogue(LOOK_UP_EPILOGUE),
      handle(async (parsed) =>
        (await import('./checks.ts')).checks(text(parsed, 'code'), outputOf(parsed), terminal),
      ),
    )
    .command(
      'rbac',
      'Roles with exactly the rights that the checks need, to apply',
      (y) => rbacFlags(y),
      handle(async (parsed) => (await import('./rbac.ts')).rbac(rbacOf(parsed), terminal)),
    )
    .demandCommand(1, 'No command was given.')
    .strict()
    .recommendCommands()
    .version(VERSION)
    .help()
    .wrap(Math.min(100, Math.max(60, terminal.columns)))
    .epilogue(EPILOGUE)
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error: Error | undefined) => {
      // Errors of its own are complaints about the command line as well.
      if (error && error.name !== 'YError') throw error;
      const complaint = message ?? error?.message ?? 'The command line is wrong.';
      throw usageError(complaint, argv, flagNames(), program);
    });
  // With a callback yargs prints nothing by itself: help and version come back as text.
  // An alias of help would be stripped before yargs looks for it.
  const words = argv.map((word) => (word === '-h' ? '--help' : word));
  let output = '';
  try {
    await parser.parseAsync(words, {}, (_error: unknown, _parsed: unknown, printed: string) => {
      output = printed;
    });
  } catch (thrown) {
    if (thrown instanceof Chosen) return thrown.run();
    throw thrown;
  }
  if (output !== '') terminal.stdout.write(`${output}\n`);
  return 0;
}
