import { shellQuote } from './fill.ts';

/** How the user called wi-doctor, for every command that is suggested to them. */
export interface Invocation {
  readonly program: 'wi-doctor' | 'kubectl wi-doctor';
  /** The connection flags the user gave, in kubectl's spelling: `--context`, `prod`, `--kubeconfig`, `x`. */
  readonly connectionFlags: readonly string[];
}

/** A suggested command in the user's own terms: the program as they call it, with their context and kubeconfig. */
export function adaptCommand(command: string, { program, connectionFlags }: Invocation): string {
  const flags = connectionFlags.length > 0 ? ` ${connectionFlags.map(shellQuote).join(' ')}` : '';
  return command
    .split(' && ')
    .map((part) => {
      if (part.startsWith('wi-doctor ')) return `${program}${part.slice('wi-doctor'.length)}${flags}`;
      // Flags go before a `--` that starts a command of the pod's own, and before a pipe.
      if (part.startsWith('kubectl ')) return part.replace(/(?= -- | \| |$)/, flags);
      return part.replaceAll(/(?<=\$\()kubectl .*?(?= \| |\))/g, (asked) => asked + flags);
    })
    .join(' && ');
}
