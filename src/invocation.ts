import { shortKind } from './commands.ts';
import { splitCredentialsArgument } from './credentials-argument.ts';
import { DIAGNOSES, diagnoses, type NamedObject } from './diagnosis-command.ts';
import { shellQuote } from './fill.ts';
import { shellCommands, type ShellCommand, type ShellWord } from './shell-commands.ts';

/** A flag as it is typed, with its value if it takes one; not quoted. */
export type FlagWords = readonly [name: string, value?: string];

/** A flag the user gave that changes what is seen: repeated where a suggested command looks again. */
export interface GivenFlag {
  readonly words: FlagWords;
  /** Whether it fits any diagnosis in the same cluster, or only one of the same object. */
  readonly fits: 'every object' | 'the object';
}

/** How the user called wi-doctor, for every command that is suggested to them. */
export interface Invocation {
  readonly program: 'wi-doctor' | 'kubectl wi-doctor';
  /** The connection flags the user gave, in kubectl's spelling: `--context prod`, `--kubeconfig x`. */
  readonly connectionFlags: readonly FlagWords[];
  /** What else they gave that changes the evidence, in a fixed order. */
  readonly evidenceFlags: readonly GivenFlag[];
}

/** Which commands diagnose the object at hand again, and as what. */
export interface Again {
  /** Every name that the object at hand goes by: the target, and the pod that stands for it. */
  readonly names: readonly NamedObject[];
  /** What those commands are to look at. */
  readonly as: NamedObject;
}

/** Flags that a diagnosis of a bundle cannot have. */
const LIVE: readonly string[] = ['--mint', '--exec', '--exchange', '--wait'];

/** helm's own names for the connection flags of kubectl; it has none for the rest. */
const HELM_FLAGS: Readonly<Record<string, string>> = {
  '--kubeconfig': '--kubeconfig',
  '--context': '--kube-context',
  '--as': '--kube-as-user',
  '--as-group': '--kube-as-group',
  '--server': '--kube-apiserver',
  '--certificate-authority': '--kube-ca-file',
  '--tls-server-name': '--kube-tls-server-name',
  '--insecure-skip-tls-verify': '--kube-insecure-skip-tls-verify',
};

/** Whether a command has a flag already, in any of its forms. */
function has(words: readonly ShellWord[], [name, value = '']: FlagWords): boolean {
  return words.some(({ text }, index) => {
    if (text !== name && !text.startsWith(`${name}=`)) return false;
    if (name !== '--federated-credentials') return true;
    const given = text === name ? (words[index + 1]?.text ?? '') : text.slice(name.length + 1);
    return splitCredentialsArgument(given).clientId === splitCredentialsArgument(value).clientId;
  });
}

/** The user's flags that a diagnosis is to be run with again. */
function repeated(
  { words }: ShellCommand,
  { evidenceFlags }: Invocation,
  same: boolean,
): readonly FlagWords[] {
  const texts = words.map(({ text }) => text);
  const live = LIVE.some((flag) => texts.includes(flag));
  // Whoever is told to get a new token is not to look at the old one.
  const fresh = texts.includes('--mint') || texts.includes('--exec');
  return evidenceFlags
    .filter(({ fits }) => same || fits === 'every object')
    .map((flag) => flag.words)
    .filter(([name]) => !(live && name === '--bundle') && !(fresh && name === '--token-file'))
    .filter((flag) => !has(words, flag));
}

/** What stands in the place of a stretch of the line. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function appended(command: ShellCommand, flags: readonly FlagWords[]): Edit[] {
  const words = flags.flatMap((flag) => flag.filter((word) => word !== undefined).map(shellQuote));
  if (words.length === 0) return [];
  return [{ start: command.flagsAt, end: command.flagsAt, text: ` ${words.join(' ')}` }];
}

function ownEdits(command: ShellCommand, invocation: Invocation, again: Again | null): Edit[] {
  const { words } = command;
  const [program, verb] = words;
  if (!program || !verb) return [];
  const named: Edit = { start: program.start, end: program.end, text: invocation.program };
  if (verb.text === 'token') {
    const allowed = repeated(command, invocation, false).filter(
      ([name]) => name === '--allow-private-issuer',
    );
    return [named, ...appended(command, allowed)];
  }
  if (!DIAGNOSES.has(verb.text)) return [named];
  const same = again !== null && again.names.some((object) => diagnoses(command, object));
  const flags = [...invocation.connectionFlags, ...repeated(command, invocation, same)];
  const object = words[2];
  const renamed: Edit[] =
    same && object && again.as.kind !== 'Cluster'
      ? [
          {
            start: verb.start,
            end: object.end,
            text: `${shortKind(again.as.kind)} ${shellQuote(again.as.name)}`,
          },
        ]
      : [];
  return [named, ...renamed, ...appended(command, flags)];
}

function editsOf(command: ShellCommand, invocation: Invocation, again: Again | null): Edit[] {
  const { connectionFlags } = invocation;
  switch (command.words[0]?.text ?? '') {
    case 'wi-doctor':
      return ownEdits(command, invocation, again);
    case 'kubectl':
      return appended(command, connectionFlags);
    case 'helm':
      return appended(
        command,
        connectionFlags.flatMap(([name, value]): FlagWords[] => {
          const own = HELM_FLAGS[name];
          return own === undefined ? [] : [value === undefined ? [own] : [own, value]];
        }),
      );
    default:
      return [];
  }
}

/** Whether any command of a line looks at the object at hand again. */
export function looksAgain(line: string, { names }: Again): boolean {
  return (shellCommands(line) ?? []).some((command) => names.some((object) => diagnoses(command, object)));
}

/**
 * A suggested command in the user's own terms: the program as they call it, with their context and kubeconfig, and
 * with what they gave besides wherever it looks again.
 *
 * @param again Which commands look at the object at hand again; none when left out.
 */
export function adaptCommand(line: string, invocation: Invocation, again: Again | null = null): string {
  const edits = (shellCommands(line) ?? []).flatMap((command) => editsOf(command, invocation, again));
  return edits
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), line);
}
