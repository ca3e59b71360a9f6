import { readdirSync, readFileSync } from 'node:fs';
import { CHECKS } from '../../checks/index.ts';
import { diagnose } from '../diagnose.ts';
import { WiDoctorError } from '../errors.ts';
import { explainerFor } from './explain-answers.ts';
import { exitCodeOf } from '../exit-code.ts';
import type { FactSet } from '../collected-facts.ts';
import { nearestNames } from '../kubernetes/nearest.ts';
import { packageFile } from '../package-file.ts';
import type { Report } from '../report.ts';
import { render } from '../reporters/index.ts';
import { expandScenario, type Scenario } from '../scenario.ts';
import type { OutputOptions } from './options.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** The scenario that shows most of what a diagnosis is. */
export const DEFAULT_SCENARIO = 'subject-of-another-service-account';

export interface DemoOptions extends OutputOptions {
  readonly list: boolean;
}

function readScenario(name: string): Scenario {
  return JSON.parse(readFileSync(packageFile(`fixtures/${name}/world.json`), 'utf8')) as Scenario;
}

function scenarioNames(): string[] {
  return readdirSync(packageFile('fixtures'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

async function worldOf(scenario: Scenario): Promise<FactSet> {
  const base =
    scenario.base === null
      ? { facts: {}, clients: {} }
      : await worldOf(readScenario(scenario.base ?? 'healthy'));
  // The explainer is loaded only for a scenario that brings an error.
  const explain = scenario.brought ? (await import('../aadsts/explain-text.ts')).explainText : undefined;
  return expandScenario(scenario, base, explain);
}

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

async function list(options: DemoOptions, terminal: Terminal): Promise<void> {
  const shown = scenarioNames()
    .map((name) => ({ name, title: readScenario(name).title, hidden: readScenario(name).hidden }))
    .filter(({ hidden }) => hidden !== true);
  const rows = await Promise.all(
    shown.map(async ({ name, title }) => ({
      name,
      codes: (await reportOf(name, terminal)).rootCauses,
      title,
    })),
  );
  if (options.output === 'json') {
    terminal.stdout.write(`${JSON.stringify({ scenarios: rows }, null, 2)}\n`);
    return;
  }
  const { drawTable } = await import('../reporters/draw-table.ts');
  const lines = rows.map(({ name, codes, title }) => [
    name,
    codes.length === 0 ? title : `${title} (${codes.join(', ')})`,
  ]);
  terminal.stdout.write(drawTable(['scenario', 'what is wrong (finding code)'], lines, terminal.columns));
  terminal.stdout.write(`\nRun one: ${terminal.program} demo ${DEFAULT_SCENARIO}\n`);
}

function unknownScenario(name: string, terminal: Terminal): WiDoctorError {
  const near = nearestNames(name, scenarioNames());
  const all = `See them all: ${terminal.program} demo --list`;
  return new WiDoctorError('USAGE', `There is no demo scenario "${name}".`, {
    hint: near.length > 0 ? `Did you mean: ${near.join(', ')}? ${all}` : all,
  });
}

/** `wi-doctor demo [SCENARIO]`: a whole diagnosis on embedded data. Exits 0 and says what a real run would give. */
export async function demo(
  name: string | undefined,
  options: DemoOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.list) {
    await list(options, terminal);
    return 0;
  }
  const chosen = name ?? DEFAULT_SCENARIO;
  if (!scenarioNames().includes(chosen)) throw unknownScenario(chosen, terminal);
  const report = await reportOf(chosen, terminal);
  const { columns, color } = terminal;
  terminal.stdout.write(
    await render(report, options.output, {
      columns,
      color,
      verbosity: options.verbosity,
      quiet: options.quiet,
    }),
  );
  // Documents for programs stay alone on stdout.
  const aside = options.output === 'table' ? terminal.stdout : terminal.stderr;
  if (!options.quiet) {
    aside.write(
      `\nThis was the demo "${chosen}": a real run would exit with code ${exitCodeOf(report.verdict)}.\n`,
    );
    aside.write(`Other scenarios: ${terminal.program} demo --list\n`);
  }
  return 0;
}
