import type { FixSpec } from './define-check.ts';
import { splitCredentialsArgument } from './credentials-argument.ts';
import type { Controller } from './derive/controller.ts';
import { isDiagnosed, type NamedObject } from './diagnosis-command.ts';
import { shellQuote } from './fill.ts';
import { adaptCommand, looksAgain, type Again, type FlagWords, type Invocation } from './invocation.ts';
import { shellCommands, type ShellCommand } from './shell-commands.ts';

/** Federated credentials that a fix makes, changes or deletes. */
interface ChangedCredentials {
  /** The command that lists them as they are then. */
  readonly list: string;
  /** Whose they are, lower case; null when that is not known. */
  readonly clientId: string | null;
}

/** What fixes do to the evidence that the user brought. */
export interface Changes {
  /** Pods are replaced, so that the next ones have other names and other tokens. */
  readonly restarts: boolean;
  readonly credentials: readonly ChangedCredentials[];
}

/** Words of `az … federated-credential create` that name what holds the credential. */
const HOLDER_FLAGS: ReadonlySet<string> = new Set(['--identity-name', '-g', '--subscription', '--id']);

function listCommands({ words }: ShellCommand): string[] {
  const texts = words.map(({ text }) => text);
  const at = texts.indexOf('federated-credential');
  if (texts[0] !== 'az' || at === -1 || !/^(create|update|delete)$/.test(texts[at + 1] ?? '')) return [];
  const holder = texts.flatMap((text, index) =>
    HOLDER_FLAGS.has(text) ? [text, texts[index + 1] ?? ''] : [],
  );
  return [[...texts.slice(0, at + 1), 'list', ...holder, '-o', 'json'].join(' ')];
}

/**
 * What the fixes of one finding change.
 *
 * @param clientId The client id that the finding is about, if it is about one.
 */
export function changesOf(
  fixes: readonly Pick<FixSpec, 'command' | 'restarts'>[],
  clientId: string | null,
): Changes {
  const lists = fixes.flatMap(({ command }) => (shellCommands(command) ?? []).flatMap(listCommands));
  return {
    restarts: fixes.some(({ restarts }) => restarts),
    credentials: [...new Set(lists)].map((list) => ({ list, clientId: clientId?.toLowerCase() ?? null })),
  };
}

/** The object whose pods are there after a restart; a pod of its own comes back under its own name. */
export function successorOf(target: NamedObject, { kind, namespace, name }: Controller): NamedObject {
  if (target.kind !== 'Pod') return target;
  // Any other controller gives its next pod a name that nobody knows yet.
  return isDiagnosed(kind) ? { kind, namespace, name } : { ...target, name: 'POD' };
}

/** A file of credentials that the user gave, and the command that brings it up to date. */
interface Refreshed {
  readonly given: FlagWords;
  readonly now: FlagWords;
  readonly command: string;
}

function refreshed(flags: readonly FlagWords[], { credentials }: Changes): Refreshed[] {
  const given = flags.filter(([name]) => name === '--federated-credentials');
  const named = given.map(([, value = '']) => splitCredentialsArgument(value).clientId);
  return given.flatMap((flag, index): Refreshed[] => {
    const own = named[index] ?? null;
    const changed = credentials.find(({ clientId }) =>
      own === null ? clientId === null || !named.includes(clientId) : clientId === own,
    );
    if (!changed) return [];
    const file = `${own ?? 'credentials'}.json`;
    return [
      {
        given: flag,
        now: ['--federated-credentials', own === null ? file : `${own}=${file}`],
        command: `${changed.list} > ${shellQuote(file)}`,
      },
    ];
  });
}

export interface Verification {
  readonly command: string;
  /** What is to be known before it is run; null when it only has to be pasted. */
  readonly note: string | null;
}

/**
 * How to see that fixes took: the same look at what is there then. Evidence from before the fix is not looked at
 * again: a bundle gives way to the cluster, files of changed credentials are fetched anew, and the token of a pod
 * that is gone to the one of its successor.
 *
 * @param command The command that looks, as a check or the target gives it.
 * @param tokenRead Whether the finding was read from the token that the user brought.
 */
export function verificationOf(
  command: string,
  changes: Changes,
  tokenRead: boolean,
  again: Again,
  invocation: Invocation,
): Verification {
  const given = invocation.evidenceFlags;
  const flags = given.map(({ words }) => words);
  const fresh = refreshed(flags, changes);
  const oldToken = changes.restarts || tokenRead;
  const exchanges = flags.some(([name]) => name === '--exchange');
  const evidenceFlags = given.flatMap((flag) => {
    const [name] = flag.words;
    if (name === '--bundle') return [];
    if (name === '--token-file' && oldToken) {
      // An exchange gets a token by itself.
      const own: FlagWords = [again.as.kind === 'ServiceAccount' ? '--mint' : '--exec'];
      return exchanges ? [] : [{ ...flag, words: own }];
    }
    const now = fresh.find((one) => one.given === flag.words)?.now;
    return now === undefined ? [flag] : [{ ...flag, words: now }];
  });
  const live = adaptCommand(command, { ...invocation, evidenceFlags }, again);
  const looks = looksAgain(command, again);
  const bundled = looks && flags.some(([name]) => name === '--bundle');
  return {
    command: looks ? [...fresh.map((one) => one.command), live].join(' && ') : live,
    note: bundled ? 'run it against the cluster: the bundle does not show the fix' : null,
  };
}
