import yargs, { type Argv } from 'yargs';
import { WiDoctorError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { REPORT_FORMATS, type DiagnosisOptions, type OutputOptions, type ReportFormat } from './options.ts';
import type { ExitCode, Terminal } from './terminal.ts';

const EPILOGUE = `Exit codes:
  0  healthy: no problem found, and everything the verdict rests on was checked
  1  problem: at least one failure was found
  2  the command line, a file or the cluster connection is wrong
  3  inconclusive: no problem proven, but something could not be looked at

Read-only: gets and lists only. --mint asks for one token and says so. No telemetry.`;

function outputFlags(argv: Argv): Argv {
  return argv
    .option('output', {
      alias: 'o',
      type: 'string',
      choices: REPORT_FORMATS,
      default: 'table',
      describe: 'Format of the report',
    })
    .option('v', { type: 'boolean', count: true, describe: 'Show what was checked too; repeats add detail' })
    .option('quiet', {
      alias: 'q',
      type: 'boolean',
      default: false,
      describe: 'Only the headline and what to do',
    })
    .option('color', {
      type: 'boolean',
      default: true,
      describe: 'Colour on a terminal; --no-color turns it off',
    });
}

function connectionFlags(argv: Argv): Argv {
  const group = 'Connection (as in kubectl):';
  return argv
    .option('namespace', {
      alias: 'n',
      type: 'string',
      requiresArg: true,
      group,
      describe: "Namespace; the context's if not given",
    })
    .option('context', { type: 'string', requiresArg: true, group, describe: 'Kubeconfig context' })
    .option('cluster', { type: 'string', requiresArg: true, group, describe: 'Kubeconfig cluster' })
    .option('user', { type: 'string', requiresArg: true, group, describe: 'Kubeconfig user' })
    .option('kubeconfig', { type: 'string', requiresArg: true, group, describe: 'Path of the kubeconfig' })
    .option('as', { type: 'string', requiresArg: true, group, describe: 'User to impersonate' })
    .option('as-group', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      group,
      describe: 'Group to impersonate; repeatable',
    })
    .option('as-uid', { type: 'string', requiresArg: true, group, describe: 'UID to impersonate' })
    .option('request-timeout', {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Longest wait for one answer, such as 30s',
    })
    .option('server', {
      alias: 's',
      type: 'string',
      requiresArg: true,
      group,
      describe: 'URL of the API server',
    })
    .option('token', {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Bearer token for the API server',
    })
    .option('tls-server-name', {
      type: 'string',
      requiresArg: true,
      group,
      describe: "Name in the API server's certificate",
    })
    .option('certificate-authority', {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Path of a CA certificate',
    })
    .option('client-certificate', {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Path of a client certificate',
    })
    .option('client-key', { type: 'string', requiresArg: true, group, describe: 'Path of its key' })
    .option('insecure-skip-tls-verify', {
      type: 'boolean',
      group,
      describe: "Do not check the API server's certificate",
    });
}

function evidenceFlags(argv: Argv): Argv {
  return argv
    .option('bundle', {
      type: 'string',
      requiresArg: true,
      describe: 'Read a bundle or a folder of kubectl dumps; no network',
    })
    .option('federated-credentials', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: '[CLIENT_ID=]FILE: JSON of az identity (or az ad app) federated-credential list',
    })
    .option('token-file', {
      type: 'string',
      requiresArg: true,
      describe: "FILE or -: use this token as the pod's",
    })
    .option('allow-private-issuer', {
      type: 'boolean',
      default: false,
      describe: 'A private issuer is fine, and is fetched',
    });
}

function diagnosisFlags(argv: Argv): Argv {
  return evidenceFlags(connectionFlags(outputFlags(argv)))
    .option('container', {
      alias: 'c',
      type: 'string',
      requiresArg: true,
      describe: 'Judge this container, which must have the token',
    })
    .option('mint', {
      type: 'boolean',
      default: false,
      describe: 'Ask the API server for a token of the pod (TokenRequest)',
    })
    .option('fail-on', {
      type: 'string',
      choices: ['fail', 'warn'],
      default: 'fail',
      describe: 'From which status on it is a problem',
    });
}

type Parsed = Readonly<Record<string, unknown>>;

function text(parsed: Parsed, name: string): string | undefined {
  const value = parsed[name];
  if (Array.isArray(value))
    throw new WiDoctorError('USAGE', `--${name} was given more than once.`, { hint: 'Give it once.' });
  return typeof value === 'string' ? value : undefined;
}

function texts(parsed: Parsed, name: string): string[] {
  const value = parsed[name];
  return Array.isArray(value) ? value.map(String) : [];
}

function outputOf(parsed: Parsed): OutputOptions {
  return {
    output: (text(parsed, 'output') ?? 'table') as ReportFormat,
    verbosity: Number(parsed['v'] ?? 0),
    quiet: parsed['quiet'] === true,
  };
}

function diagnosisOf(parsed: Parsed): DiagnosisOptions {
  return {
    ...outputOf(parsed),
    connection: {
      kubeconfig: text(parsed, 'kubeconfig'),
      context: text(parsed, 'context'),
      cluster: text(parsed, 'cluster'),
      user: text(parsed, 'user'),
      namespace: text(parsed, 'namespace'),
      as: text(parsed, 'as'),
      asGroup: texts(parsed, 'as-group'),
      asUid: text(parsed, 'as-uid'),
      requestTimeout: text(parsed, 'request-timeout'),
      server: text(parsed, 'server'),
      token: text(parsed, 'token'),
      insecureSkipTlsVerify: parsed['insecure-skip-tls-verify'] === true ? true : undefined,
      tlsServerName: text(parsed, 'tls-server-name'),
      certificateAuthority: text(parsed, 'certificate-authority'),
      clientCertificate: text(parsed, 'client-certificate'),
      clientKey: text(parsed, 'client-key'),
    },
    container: text(parsed, 'container') ?? null,
    bundle: text(parsed, 'bundle') ?? null,
    federatedCredentials: texts(parsed, 'federated-credentials'),
    tokenFile: text(parsed, 'token-file') ?? null,
    mint: parsed['mint'] === true,
    allowPrivateIssuer: parsed['allow-private-issuer'] === true,
    failOn: parsed['fail-on'] === 'warn' ? 'warn' : 'fail',
  };
}

/** What yargs says, as a sentence that names what is missing or unknown. */
function usageSentence(message: string): string {
  const sentence = message.replaceAll('\n', ' ').replace(/\s+/g, ' ').trim();
  if (/^Not enough non-option arguments/.test(sentence)) return 'The name is missing behind the command.';
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(sentence)?.[1];
  if (unknown) return `Unknown command or flag: ${unknown}.`;
  const meant = /^Did you mean (\S+?)\?$/.exec(sentence)?.[1];
  return meant ? `There is no such command. Did you mean ${meant}?` : sentence;
}

/** Parses a command line and runs its command. @throws {WiDoctorError} `USAGE` with what would be right. */
export async function dispatch(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { program } = terminal;
  let exit: ExitCode = 0;
  const handle =
    (command: (parsed: Parsed) => Promise<ExitCode>) =>
    async (parsed: object): Promise<void> => {
      exit = await command(parsed as Parsed);
    };
  const parser = yargs()
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
      ['pod <name>', 'po', 'pods'],
      'Full diagnosis of one pod',
      (y) => diagnosisFlags(y).positional('name', { type: 'string', describe: 'Name of the pod' }),
      handle(async (parsed) =>
        (await import('./pod.ts')).pod(text(parsed, 'name') ?? '', diagnosisOf(parsed), terminal),
      ),
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
        (await import('./token.ts')).token(text(parsed, 'file'), diagnosisOf(parsed), terminal),
      ),
    )
    .command(
      'explain [text]',
      'What an AADSTS code, a finding code or a pasted log means here',
      (y) =>
        y
          .option('output', {
            alias: 'o',
            type: 'string',
            choices: REPORT_FORMATS,
            default: 'table',
            describe: 'Format',
          })
          .option('list', { type: 'boolean', default: false, describe: 'List every code known' })
          .option('color', { type: 'boolean', default: true, describe: 'Colour on a terminal' })
          .positional('text', { type: 'string', describe: 'CODE, TEXT, FILE, or - for standard input' }),
      handle(async (parsed) => {
        const subject = text(parsed, 'text');
        const { output } = outputOf(parsed);
        // The pages of the checks are loaded only when one is asked for.
        const pageOf = /^\w+-\d+$/.test(subject ?? '') ? (await import('./checks.ts')).pageOf : undefined;
        const { explain } = await import('./explain.ts');
        return explain({ subject, output, list: parsed['list'] === true, pageOf }, terminal);
      }),
    )
    .command(
      'demo [scenario]',
      'A whole diagnosis on embedded data: no cluster, no network',
      (y) =>
        outputFlags(y)
          .option('list', { type: 'boolean', default: false, describe: 'List the scenarios' })
          .positional('scenario', { type: 'string', describe: 'Name of a scenario' }),
      handle(async (parsed) =>
        (await import('./demo.ts')).demo(
          text(parsed, 'scenario'),
          { ...outputOf(parsed), list: parsed['list'] === true },
          terminal,
        ),
      ),
    )
    .command(
      'checks [code]',
      'List of all checks; the page of one',
      (y) => outputFlags(y).positional('code', { type: 'string', describe: 'Finding code or id of a check' }),
      handle(async (parsed) =>
        (await import('./checks.ts')).checks(text(parsed, 'code'), outputOf(parsed), terminal),
      ),
    )
    .demandCommand(1, 'No command was given.')
    .strict()
    .recommendCommands()
    .version(VERSION)
    .alias('help', 'h')
    .help()
    .wrap(Math.min(100, Math.max(60, terminal.columns)))
    .epilogue(EPILOGUE)
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error: Error | undefined) => {
      if (error) throw error;
      throw new WiDoctorError('USAGE', usageSentence(message ?? 'The command line is wrong.'), {
        hint: `See: ${program} --help`,
      });
    });
  // With a callback yargs prints nothing by itself: help and version come back as text.
  let output = '';
  await parser.parseAsync([...argv], {}, (_error: unknown, _parsed: unknown, printed: string) => {
    output = printed;
  });
  if (output !== '') terminal.stdout.write(`${output}\n`);
  return exit;
}
