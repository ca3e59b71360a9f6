import { readdirSync, readFileSync } from 'node:fs';
import { explainText } from '../src/aadsts/explain-text.ts';
import type { FactSet } from '../src/facts.ts';
import type { Report } from '../src/report.ts';
import { expandScenario, type Scenario } from '../src/scenario.ts';

/** What a scenario must come to, written by hand in `fixtures/<name>/expected.json`. */
export interface Expected {
  readonly verdict: Report['verdict'];
  readonly exit: 0 | 1 | 2 | 3;
  readonly rootCauses: readonly string[];
  /** `CODE status role Kind/name[/container][ by CODE,CODE]`, exactly and in order; `by` names what explains it. */
  readonly findings: readonly string[];
}

const FIXTURES = new URL('../fixtures/', import.meta.url);

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, FIXTURES), 'utf8'));
}

export function scenarioNames(): string[] {
  return readdirSync(FIXTURES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

export function readScenario(name: string): Scenario {
  return readJson(`${name}/world.json`) as Scenario;
}

export function readExpected(name: string): Expected {
  return readJson(`${name}/expected.json`) as Expected;
}

const worlds = new Map<string, FactSet>();

/** The full facts of a scenario; expanded once, since facts never change. */
export function worldOf(name: string): FactSet {
  const known = worlds.get(name);
  if (known) return known;
  const scenario = readScenario(name);
  const base = scenario.base === null ? { facts: {}, clients: {} } : worldOf(scenario.base ?? 'healthy');
  const world = expandScenario(scenario, base, explainText);
  worlds.set(name, world);
  return world;
}
