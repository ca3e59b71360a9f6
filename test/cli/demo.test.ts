import { describe, expect, it } from 'vitest';
import { typicalScenario } from '../../src/cli/scenarios.ts';
import { codesOf } from '../../src/cli/select-checks.ts';
import { CHECKS, readExpected, readScenario, scenarioNames } from '../scenarios.ts';
import { runMain } from './run-main.ts';

const listed = scenarioNames().filter((name) => readScenario(name).hidden !== true);

describe('the list of demos', () => {
  it('has a line for each code at a terminal, none wider than 80 columns', async () => {
    const { code, out } = await runMain(['demo', '--list'], { isTTY: true });
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const codes = lines.flatMap((line) => /^ {2}([A-Z]+-\d+) /.exec(line)?.[1] ?? []);
    expect(new Set(codes).size).toBe(codes.length);
    const roots = new Set(listed.flatMap((name) => readExpected(name).rootCauses.slice(0, 1)));
    expect([...roots].filter((one) => !codes.includes(one))).toEqual([]);
  });

  it('is one line for each scenario through a pipe', async () => {
    const { out } = await runMain(['demo', '--list']);
    const lines = out.trimEnd().split('\n');
    expect(new Set(lines.map((line) => line.split('\t')[0]))).toEqual(new Set(listed));
    expect(lines.every((line) => /^[\w-]+\t[^\t]+$/.test(line))).toBe(true);
  });

  it.each([
    ['FIC', /^(?:issuer|subject|audience|.*credential|overwritten|.*-for-)/],
    ['federated credential', /./],
    ['slash', /slash/],
    ['FIC-03', /slash|slip/],
  ])('is narrowed by %s', async (word, expected) => {
    const { out } = await runMain(['demo', '--list', word]);
    const lines = out.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(listed.length / 2);
    expect(lines.some((line) => expected.test(line))).toBe(true);
    const { out: wide } = await runMain(['demo', '--list', word], { isTTY: true });
    for (const line of lines) expect(wide).toContain(line.split('\t')[0]);
  });

  it('is one document in JSON', async () => {
    const { out } = await runMain(['demo', '--list', '-o', 'json']);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 'wi-doctor.demo/v1',
      scenarios: expect.arrayContaining([
        expect.objectContaining({ name: 'issuer-without-slash', codes: ['FIC-03'] }),
      ]) as unknown,
    });
  });

  it('says what could be asked when nothing fits', async () => {
    const { code, err } = await runMain(['demo', '--list', 'zzzz']);
    expect(code).toBe(2);
    expect(err).toMatch(/Give a layer \(CL, WH,.*a finding code or a word/);
  });
});

describe('the demo of a code', () => {
  it('is there for every code that a check gives', () => {
    expect([...new Set(CHECKS.flatMap(codesOf))].filter((code) => !typicalScenario(code))).toEqual([]);
  });

  it('shows that code as the headline where one can be', async () => {
    const roots = new Set(listed.flatMap((name) => readExpected(name).rootCauses.slice(0, 1)));
    const others = [...roots].filter(
      (code) => readExpected(typicalScenario(code) ?? '').rootCauses[0] !== code,
    );
    expect(others).toEqual([]);
  });

  it('runs, in small letters too', async () => {
    const { code, out } = await runMain(['demo', 'fic-03']);
    expect(code).toBe(0);
    expect(out).toMatch(/This was the demo "issuer-without-slash"/);
  });

  it.each([
    ['FIC-99', /No demo scenario shows FIC-99\.\nDid you mean: FIC-09/],
    [
      'issuer-witout-slash',
      /There is no demo scenario "issuer-witout-slash"\.\nDid you mean: issuer-without-slash/,
    ],
  ])('%s is not there: a usage error with what is', async (word, expected) => {
    const { code, err } = await runMain(['demo', word]);
    expect(code).toBe(2);
    expect(err).toMatch(expected);
  });
});
