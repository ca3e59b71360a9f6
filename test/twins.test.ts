import { describe, expect, it } from 'vitest';
import { runChecks } from '../src/run.ts';
import { CHECKS, readExpected, readScenario, scenarioNames, worldOf } from './scenarios.ts';

/** Where a world differs from the healthy one, with what is there instead. */
type Difference = ReadonlyMap<string, string>;

function nameIn(item: unknown): string | null {
  if (typeof item !== 'object' || item === null) return null;
  const { name, metadata } = item as { name?: unknown; metadata?: { name?: unknown } };
  const found = name ?? metadata?.name;
  return typeof found === 'string' ? found : null;
}

/** Every value of a world by its place; members of lists go by their names. */
function placesOf(value: unknown, place: string, into: Map<string, string>): Map<string, string> {
  if (Array.isArray(value)) {
    into.set(`${place}#`, String(value.length));
    value.forEach((item, index) => placesOf(item, `${place}[${nameIn(item) ?? index}]`, into));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) placesOf(member, `${place}.${key}`, into);
  } else {
    into.set(place, JSON.stringify(value));
  }
  return into;
}

const healthy = placesOf(worldOf('healthy'), '', new Map());

function differenceOf(name: string): Difference {
  const places = placesOf(worldOf(name), '', new Map());
  const all = new Set([...healthy.keys(), ...places.keys()]);
  return new Map(
    [...all].flatMap((place) => {
      const here = places.get(place);
      return here === healthy.get(place) ? [] : [[place, here ?? '(none)'] as const];
    }),
  );
}

const differences = new Map(scenarioNames().map((name) => [name, differenceOf(name)]));

function differenceTo(name: string): Difference {
  return differences.get(name) ?? new Map();
}

/** In how many places two worlds differ. */
function distance(a: Difference, b: Difference): number {
  const places = new Set([...a.keys(), ...b.keys()]);
  return [...places].filter((place) => a.get(place) !== b.get(place)).length;
}

function isSilent(name: string): boolean {
  const { verdict, findings } = readExpected(name);
  return verdict !== 'problem' && findings.every((line) => line.split(' ')[1] === 'info');
}

const silent = scenarioNames().filter((name) => name !== 'healthy' && isSilent(name));

/** Whether a silent scenario has some of the same oddities, and is nearer than the healthy world. */
function hasNearMiss(name: string): boolean {
  const own = differenceTo(name);
  return silent.some((other) => {
    const its = differenceTo(other);
    return [...own.keys()].some((place) => its.has(place)) && distance(own, its) < own.size;
  });
}

/** The fact, or the identity, that a place is in. */
function areaOf(place: string): string {
  return place.split(/[.[]/).slice(1, 4).join('.');
}

describe('near misses', () => {
  const reached = new Map<string, Set<string>>();
  for (const name of scenarioNames()) {
    for (const { check, outcome, status } of runChecks(CHECKS, worldOf(name))) {
      if (!outcome || (status !== 'fail' && status !== 'warn')) continue;
      const key = `${check.id}:${outcome.id}`;
      reached.set(key, (reached.get(key) ?? new Set()).add(name));
    }
  }

  it('stay silent for each outcome that fails or warns', () => {
    const alone = [...reached].filter(
      ([, names]) => ![...names].some((name) => readScenario(name).twin !== undefined || hasNearMiss(name)),
    );
    expect(alone.map(([outcome, names]) => `${outcome} (${[...names].join(', ')})`)).toEqual([]);
    expect(reached.size).toBeGreaterThan(200);
  });

  it('are silent, and about the same thing, where a scenario names them', () => {
    const named = scenarioNames().flatMap((name) => {
      const { twin } = readScenario(name);
      return twin === undefined ? [] : [{ name, twin }];
    });
    expect(named.filter(({ twin }) => !silent.includes(twin))).toEqual([]);
    const apart = named.filter(({ name, twin }) => {
      const areas = new Set([...differenceTo(name).keys()].map(areaOf));
      return ![...differenceTo(twin).keys()].some((place) => areas.has(areaOf(place)));
    });
    expect(apart).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
  });

  it('are what a name says that ends in "but-fine"', () => {
    const loud = scenarioNames().filter((name) => name.endsWith('-but-fine') && !isSilent(name));
    expect(loud).toEqual([]);
  });
});
