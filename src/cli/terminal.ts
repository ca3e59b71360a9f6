import type { Readable, Writable } from 'node:stream';

/** The streams and surroundings of one run; the only door through which a command talks to its user. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Characters per line of stdout: the terminal's, or 80 when stdout is no terminal. */
  readonly columns: number;
  /** True when colour may be written to stdout: a terminal, no NO_COLOR, no TERM=dumb, no --no-color; FORCE_COLOR wins over the terminal test. */
  readonly color: boolean;
  /** True when progress may be drawn on stderr. */
  readonly progress: boolean;
  /** How the user called us, for usage text and suggested commands. */
  readonly program: 'wi-doctor' | 'kubectl wi-doctor';
}

/** Process exit codes, the same in every output format. */
export type ExitCode = 0 | 1 | 2 | 3;
