import type { ExitCode } from './cli/terminal.ts';
import type { Verdict } from './report.ts';

const EXIT_CODES: Readonly<Record<Verdict, ExitCode>> = { healthy: 0, problem: 1, error: 2, inconclusive: 3 };

/** The process exit code of a verdict, the same in every output format. */
export function exitCodeOf(verdict: Verdict): ExitCode {
  return EXIT_CODES[verdict];
}
