import { exitCodeOf } from '../../src/exit-code.ts';
import { render } from '../../src/reporters/index.ts';
import { readScenario, reportOf } from '../scenarios.ts';

const WIDTH = 80;

/** What the live command prints for a scenario, at 80 columns without colour. */
export async function screenOf(name: string): Promise<string> {
  return render(reportOf(name), 'table', { columns: WIDTH, color: false, verbosity: 0, quiet: false });
}

/** The command that a user of the scenario would type. */
export function commandOf(name: string): string {
  const { target } = reportOf(name);
  const scope = target.namespace === '' ? '' : ` -n ${target.namespace}`;
  return `wi-doctor ${target.kind.toLowerCase()} ${target.name}${scope}`;
}

/** `fixtures/<name>/transcript.md`: command, output and exit code, as a reader of the repository sees them. */
export async function transcriptText(name: string): Promise<string> {
  const report = reportOf(name);
  return `# ${name}

${readScenario(name).title}

\`\`\`console
$ ${commandOf(name)}
${(await screenOf(name)).trimEnd()}
\`\`\`

Exit code: ${exitCodeOf(report.verdict)}
`;
}
