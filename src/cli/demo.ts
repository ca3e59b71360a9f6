import { CHECKS } from '../../checks/index.ts';
import { diagnose } from '../diagnose.ts';
import { WiDoctorError } from '../errors.ts';
import { exitCodeOf } from '../exit-code.ts';
import { nearestNames } from '../kubernetes/nearest.ts';
import type { Report } from '../report.ts';
import { render } from '../reporters/index.ts';
import { explainerFor } from './explain-answers.ts';
import type { OutputOptions } from './options.ts';
import { DEFAULT_SCENARIO, readScenario, scenarioNames, typicalScenario, worldOf } from './scenarios.ts';
import type { ExitCode, Terminal } from './terminal.ts';

const FINDING_CODE = /^[A-Za-z]{2,4}-\d{2}$/;

async function reportOf(name: string, terminal: Terminal): Promise<Report> {
  const scenario = readScenario(name);
  const world = await worldOf(scenario);
  return diagnose(CHECKS, world, {
    failOn: scenario.failOn ?? 'fail',
    invocation: { program: terminal.program, connectionFlags: [], evidenceFlags: [] },
    restriction: null,
    requests: [],
    ...(await explainerFor(world)),
  });
}

async function unknownScenario(name: string, { program }: Terminal): Promise<WiDoctorError> {
  const all = `See them all: ${program} demo --list`;
  if (FINDING_CODE.test(name)) {
    const { nearestPages } = await import('./check-page.ts');
    const near = nearestPages(name).filter((code) => typicalScenario(code) !== undefined);
    return new WiDoctorError('USAGE', `No demo scenario shows ${name.toUpperCase()}.`, {
      hint: near.length > 0 ? `Did you mean: ${near.join(', ')}? ${all}` : all,
    });
  }
  const near = nearestNames(name, scenarioNames());
  return new WiDoctorError('USAGE', `There is no demo scenario "${name}".`, {
    hint: near.length > 0 ? `Did you mean: ${near.join(', ')}? ${all}` : all,
  });
}

/** The scenario of a name, or the one that shows a finding code best. @throws {WiDoctorError} `USAGE` for neither. */
async function scenarioFor(word: string | undefined, terminal: Terminal): Promise<string> {
  if (word === undefined) return DEFAULT_SCENARIO;
  const typical = FINDING_CODE.test(word) ? typicalScenario(word.toUpperCase()) : undefined;
  if (typical !== undefined) return typical;
  if (scenarioNames().includes(word)) return word;
  throw await unknownScenario(word, terminal);
}

/**
 * `wi-doctor demo [SCENARIO|CODE]`: a whole diagnosis on embedded data. Exits 0 and says what a real run would give.
 */
export async function demo(
  word: string | undefined,
  { output, verbosity, quiet }: OutputOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const chosen = await scenarioFor(word, terminal);
  const report = await reportOf(chosen, terminal);
  const { columns, color } = terminal;
  terminal.stdout.write(await render(report, output, { columns, color, verbosity, quiet }));
  // Documents for programs stay alone on stdout.
  const aside = output === 'table' ? terminal.stdout : terminal.stderr;
  if (!quiet) {
    aside.write(
      `\nThis was the demo "${chosen}": a real run would exit with code ${exitCodeOf(report.verdict)}.\n`,
    );
    aside.write(`Other scenarios: ${terminal.program} demo --list\n`);
  }
  return 0;
}
