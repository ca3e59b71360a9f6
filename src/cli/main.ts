import { WiDoctorError } from '../errors.ts';
import { VERSION } from '../version.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** One word in front of the colon of every message on stderr. */
const NAME = 'wi-doctor';

const TYPE_NAME =
  /^(pods?|po|deploy(?:ments?)?|statefulsets?|sts|daemonsets?|ds|replicasets?|rs|jobs?|cronjobs?|cj|serviceaccounts?|sa)(?:\.[a-z0-9.]+)?\/([^/]+)$/i;

/** Commands whose argument is no object of a cluster: `checks pod/labelled` asks for a page. */
const WITHOUT_OBJECT: ReadonlySet<string> = new Set(['checks', 'demo', 'explain', 'rbac', 'token']);

/** `pod/web` is `pod web`, as in kubectl; a flag's value in that form is left alone. */
function splitTypeNames(argv: readonly string[]): string[] {
  if (WITHOUT_OBJECT.has(argv[0] ?? '')) return [...argv];
  const position = argv.findIndex((word, index) => TYPE_NAME.test(word) && !argv[index - 1]?.startsWith('-'));
  const [, type = '', name = ''] = TYPE_NAME.exec(argv[position] ?? '') ?? [];
  if (position === -1) return [...argv];
  return [...argv.slice(0, position), type.toLowerCase(), name, ...argv.slice(position + 1)];
}

/** A bare `--wait` takes no word that is no duration: in `--wait web` the word is a name. */
function ownWait(argv: readonly string[]): string[] {
  return argv.map((word, index) =>
    word === '--wait' && !/^[\d.]/.test(argv[index + 1] ?? '') ? '--wait=' : word,
  );
}

/** The format asked for, as far as it can be told from a command line that may be wrong. */
function asksForJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) =>
      /^(-o|--output)=?json$/.test(word) ||
      ((word === '-o' || word === '--output') && argv[index + 1] === 'json'),
  );
}

async function writeError(error: unknown, argv: readonly string[], terminal: Terminal): Promise<void> {
  const expected = error instanceof WiDoctorError;
  const message = error instanceof Error ? error.message : String(error);
  const hint = expected
    ? error.hint
    : 'This is a bug of wi-doctor. Please report it with the command you typed and this line.';
  const { printable } = await import('../printable.ts');
  const lines = (text: string): string => text.split('\n').map(printable).join('\n');
  if (asksForJson(argv)) {
    const { errorReport } = await import('../error-report.ts');
    const { targetOfError } = await import('../error-target.ts');
    const { askedTarget } = await import('./asked-target.ts');
    const target = targetOfError(error) ?? askedTarget(splitTypeNames(argv));
    terminal.stdout.write(`${JSON.stringify(errorReport(error, target), null, 2)}\n`);
  }
  const sentence = /[.?!)]$/.test(message) ? message : `${message}.`;
  terminal.stderr.write(`${NAME}: ${expected ? '' : 'unexpected failure: '}${lines(sentence)}\n`);
  if (hint !== undefined) terminal.stderr.write(`${lines(hint)}\n`);
}

/**
 * Runs one command line.
 *
 * @param argv Without the program's own name.
 * @returns The process exit code; nothing is thrown.
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    // The commonest short answers must not wait for a parser to load.
    if (argv.length === 1 && argv[0] === '--version') {
      terminal.stdout.write(`${VERSION}\n`);
      return 0;
    }
    if (argv[0] === 'explain' && argv.length === 2 && /^(AADSTS)?\d+$/i.test(argv[1] ?? '')) {
      const { explain } = await import('./explain.ts');
      return await explain({ subject: argv[1] }, terminal);
    }
    const { dispatch } = await import('./dispatch.ts');
    return await dispatch(ownWait(splitTypeNames(argv)), terminal);
  } catch (error) {
    await writeError(error, argv, terminal);
    return 2;
  }
}
