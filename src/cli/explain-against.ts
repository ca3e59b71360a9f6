import { once } from 'node:events';
import type { Explanation } from '../aadsts/explanation.ts';
import type { Report } from '../report.ts';
import { render } from '../reporters/index.ts';
import type { ExplainFormat } from './explain-format.ts';
import type { ExitCode, Terminal } from './terminal.ts';

interface Surroundings {
  readonly output: ExplainFormat;
  readonly verbosity?: number | undefined;
  readonly quiet?: boolean | undefined;
  readonly terminal: Terminal;
  /** Without a next step: it is taken in the same breath. */
  readonly rendered: (explanation: Explanation, output: ExplainFormat) => Promise<string>;
}

/** The explanation with what its values are in the cluster. */
function withMatches(explanation: Explanation, { errors }: Report): Explanation {
  return {
    ...explanation,
    errors: explanation.errors.map((error, index) => {
      const matches = errors[index]?.matches;
      return matches === undefined ? error : { ...error, matches };
    }),
  };
}

/**
 * Prints an explanation and the diagnosis of the pod it was held against; documents for programs stay one
 * explanation.
 *
 * @param sentence What is said when nothing was recognised.
 * @returns 0 if something was recognised, 3 if not, whatever the diagnosis came to.
 */
export async function explainAgainst(
  explanation: Explanation,
  sentence: string,
  report: Report,
  { output, verbosity = 0, quiet = false, terminal, rendered }: Surroundings,
): Promise<ExitCode> {
  const nothing = explanation.errors.length === 0;
  const exit = nothing ? 3 : 0;
  const { columns, color, stdout } = terminal;
  const held = withMatches(explanation, report);
  let text: string;
  if (output === 'json' || output === 'yaml') {
    text = await rendered(nothing ? { ...held, headline: sentence } : held, output);
  } else {
    const first = nothing ? `${sentence}\n` : await rendered(held, output);
    text = `${first}\n${await render(report, output, { columns, color, verbosity, quiet })}`;
  }
  if (!stdout.write(text)) await once(stdout, 'drain');
  return exit;
}
