import { main } from '../../src/cli/main.ts';
import type { ExitCode } from '../../src/cli/terminal.ts';
import { fakeTerminal } from '../generate/fake-terminal.ts';

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, on 80 columns without colour. */
export async function runMain(argv: readonly string[], options: { isTTY?: boolean } = {}): Promise<Ran> {
  const terminal = fakeTerminal();
  const errors: string[] = [];
  const { stderr, stdout } = terminal;
  stderr.write = ((chunk: string) => errors.push(chunk) > 0) as typeof stderr.write;
  if (options.isTTY === true) Object.assign(stdout, { isTTY: true });
  const code = await main(argv, terminal);
  return { code, out: terminal.out(), err: errors.join('') };
}
