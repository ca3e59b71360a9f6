import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Report } from '../../src/report.ts';
import { runCli, type RunOptions, type RunResult } from '../support/run-cli.ts';
import type { LiveScenario } from './start-scenario.ts';

const validate: ValidateFunction = new Ajv2020({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
}).compile(
  JSON.parse(readFileSync(new URL('../../src/report.schema.json', import.meta.url), 'utf8')) as object,
);

/** The one document on stdout, held against the published schema. */
export function reportIn({ stdout, stderr }: Pick<RunResult, 'stdout' | 'stderr'>): Report {
  let report: unknown;
  try {
    report = JSON.parse(stdout);
  } catch {
    throw new Error(`stdout is not one JSON document:\n${stdout}\nstderr:\n${stderr}`);
  }
  if (!validate(report)) {
    const complaints = (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath} ${message}`,
    );
    throw new Error(`the report breaks its schema:\n${complaints.join('\n')}`);
  }
  return report as Report;
}

/** The command line for the scenario's own object, as its user would type it. */
export function commandFor({ target, flags }: LiveScenario): string[] {
  const { kind, name, namespace } = target;
  const object = kind === 'Cluster' ? ['cluster'] : [kind.toLowerCase(), name, '-n', namespace];
  return [...object, ...flags];
}

/** Runs `wi-doctor pod NAME` (or of whatever kind it is) on the scenario's own object. */
export function runPod(
  live: LiveScenario,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<RunResult> {
  return runCli([...commandFor(live), ...args], {
    kubeconfig: live.kubeconfig,
    hosts: live.hosts,
    ...options,
    env: { ...live.env, ...options.env },
  });
}

/** The same with `-o json`. */
export async function diagnosePod(
  live: LiveScenario,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<RunResult & { report: Report }> {
  const run = await runPod(live, [...args, '-o', 'json'], options);
  return { ...run, report: reportIn(run) };
}
