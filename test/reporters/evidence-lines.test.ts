import { describe, expect, it } from 'vitest';
import { evidenceLines } from '../../src/reporters/evidence-lines.ts';
import { PLAIN } from '../../src/reporters/ink.ts';
import { reportOf, scenarioNames } from '../scenarios.ts';

const PLACE = { indent: 10 };
const EVIDENCE = scenarioNames().flatMap((name) =>
  reportOf(name).findings.flatMap(({ code, evidence }) => evidence.map((one) => ({ name, code, one }))),
);
const OPTIONS = { differenceSaid: true, source: false };
/** What is broken nowhere if it fits: ids, subjects, URLs and paths. */
const UNBROKEN =
  /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b|\bsystem:serviceaccount:[\w.-]+:[\w.-]+|https?:\/\/[^\s"'(),<>]+|(?<![\w:/])\/[\w./-]+/gi;

describe.each([60, 80, 100, 120])('evidence on %i columns', (columns) => {
  it('breaks no value that fits on a line of its own', () => {
    const broken = EVIDENCE.flatMap(({ name, code, one }) => {
      const lines = evidenceLines(one, { ...PLACE, columns }, PLAIN, OPTIONS);
      const values = [one.observed, one.expected ?? ''].flatMap((text) => text.match(UNBROKEN) ?? []);
      return values
        .filter((value) => value.length + 6 <= columns && !lines.some((line) => line.includes(value)))
        .map((value) => `${name} ${code} ${value}`);
    });
    expect(broken).toEqual([]);
  });

  it('has every caret below the value it marks', () => {
    const token = 'https://oidc.example/clusters/one/22222222-2222-4222-8222-222222222222/';
    const evidence = {
      source: 'azure: federatedCredentials',
      path: 'issuer',
      observed: token.slice(0, -1),
      expected: token,
      difference: null,
      labels: { observed: 'web-fed', expected: 'token' },
    };
    const lines = evidenceLines(evidence, { ...PLACE, columns }, PLAIN, OPTIONS);
    const marks = lines.findIndex((line) => line.trim() === '^');
    expect(lines[marks]?.indexOf('^')).toBe(lines[marks - 1]?.length);
    expect(lines[marks - 1]).toMatch(/22222222-2222-4222-8222-222222222222$/);
  });
});
