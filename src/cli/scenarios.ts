import { readdirSync, readFileSync } from 'node:fs';
import type { FactSet } from '../facts.ts';
import { packageFile } from '../package-file.ts';
import { expandScenario, type Scenario } from '../scenario.ts';

/** The scenario that shows most of what a diagnosis is. */
export const DEFAULT_SCENARIO = 'subject-of-another-service-account';

/** A scenario as a list shows it; what it comes to is written beside it, so that nothing has to be diagnosed. */
export interface ListedScenario {
  readonly name: string;
  readonly title: string;
  /** Its root causes, the headline's first. */
  readonly codes: readonly string[];
  /** Every code that it shows, warnings and notes included. */
  readonly shown: readonly string[];
  /** False for twins and variants that are not interesting by themselves. */
  readonly isListed: boolean;
  /** True where an error or an answer of Entra is part of it. */
  readonly hasAnswer: boolean;
}

function readFixture(path: string): unknown {
  return JSON.parse(readFileSync(packageFile(`fixtures/${path}`), 'utf8'));
}

export function readScenario(name: string): Scenario {
  return readFixture(`${name}/world.json`) as Scenario;
}

export function scenarioNames(): string[] {
  return readdirSync(packageFile('fixtures'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

/** The full facts of a scenario. */
export async function worldOf(scenario: Scenario): Promise<FactSet> {
  const base =
    scenario.base === null
      ? { facts: {}, clients: {} }
      : await worldOf(readScenario(scenario.base ?? 'healthy'));
  // The explainer is loaded only for a scenario that brings an error.
  const explain = scenario.brought ? (await import('../aadsts/explain-text.ts')).explainText : undefined;
  return expandScenario(scenario, base, explain);
}

function listed(name: string): ListedScenario {
  const { title, hidden, brought, patch } = readScenario(name);
  const { rootCauses, findings } = readFixture(`${name}/expected.json`) as {
    readonly rootCauses: readonly string[];
    /** `CODE status role …`. */
    readonly findings: readonly string[];
  };
  return {
    name,
    title,
    codes: rootCauses,
    shown: [...new Set(findings.map((line) => line.slice(0, line.indexOf(' '))))],
    isListed: hidden !== true,
    hasAnswer: brought !== undefined || Object.hasOwn(patch ?? {}, 'exchanges'),
  };
}

/** How far a scenario is from showing nothing but its cause; the smallest is the most instructive. */
function distraction({ name, codes, shown, hasAnswer }: ListedScenario): number {
  if (name === DEFAULT_SCENARIO || name === 'healthy') return -1;
  return codes.length * 10 + shown.length + (hasAnswer ? 5 : 0);
}

/** Every scenario, the most instructive first. */
export function listedScenarios(): ListedScenario[] {
  return scenarioNames()
    .map(listed)
    .toSorted((a, b) => distraction(a) - distraction(b));
}

/** The scenario that shows a finding code best; undefined when none shows it. */
export function typicalScenario(code: string): string | undefined {
  const all = listedScenarios();
  const wanted: readonly ((scenario: ListedScenario) => boolean)[] = [
    ({ codes, isListed }) => isListed && codes[0] === code,
    ({ codes }) => codes[0] === code,
    ({ shown, isListed }) => isListed && shown.includes(code),
    ({ shown }) => shown.includes(code),
  ];
  return wanted.map((fits) => all.find(fits)?.name).find((name) => name !== undefined);
}
