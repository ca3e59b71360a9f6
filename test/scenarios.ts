import { readdirSync, readFileSync } from 'node:fs';
import type { Check } from '../src/check.ts';
import { diagnose, type DiagnoseOptions } from '../src/diagnose.ts';
import type { FactSet } from '../src/facts.ts';
import type { Report, ReportFinding } from '../src/report.ts';
import { expandScenario, type Scenario } from '../src/scenario.ts';

/** What a scenario must come to, written by hand in `fixtures/<name>/expected.json`. */
export interface Expected {
  readonly verdict: Report['verdict'];
  readonly exit: 0 | 1 | 2 | 3;
  readonly rootCauses: readonly string[];
  /** `CODE status role Kind/name[/container]`, exactly and in order. */
  readonly findings: readonly string[];
}

const FIXTURES = new URL('../fixtures/', import.meta.url);

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, FIXTURES), 'utf8')) as T;
}

export function scenarioNames(): string[] {
  return readdirSync(FIXTURES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export function readScenario(name: string): Scenario {
  return readJson<Scenario>(`${name}/world.json`);
}

export function readExpected(name: string): Expected {
  return readJson<Expected>(`${name}/expected.json`);
}

/** The full facts of a scenario. */
export function worldOf(name: string): FactSet {
  const scenario = readScenario(name);
  const base = scenario.base === null ? { facts: {}, clients: {} } : worldOf(scenario.base ?? 'healthy');
  return expandScenario(scenario, base);
}

/** Every check in `checks/`, by glob, so that a test sees one that the registry forgot. */
export const CHECKS: readonly Check[] = Object.entries(
  import.meta.glob<{ default: Check }>('../checks/*/*.ts', { eager: true }),
)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([, module]) => module.default);

const OPTIONS: DiagnoseOptions = {
  failOn: 'fail',
  invocation: { program: 'wi-doctor', connectionFlags: [] },
  symptom: null,
  errors: [],
  restriction: null,
  requests: [],
};

export function reportOf(name: string, options: Partial<DiagnoseOptions> = {}): Report {
  return diagnose(CHECKS, worldOf(name), {
    ...OPTIONS,
    failOn: readScenario(name).failOn ?? 'fail',
    ...options,
  });
}

/** A finding in the notation of `expected.json`. */
export function findingLine({ code, status, role, subject }: ReportFinding): string {
  const container = subject.container === null ? '' : `/${subject.container}`;
  return `${code} ${status} ${role} ${subject.kind}/${subject.name}${container}`;
}
