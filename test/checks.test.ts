import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deriveFacts } from '../src/derive/facts.ts';
import type { FactName } from '../src/facts.ts';
import { runChecks } from '../src/run.ts';
import { CHECKS, scenarioNames, worldOf } from './scenarios.ts';

const HEADINGS = [
  'What this means',
  'Common causes',
  'How to fix it',
  'How to confirm by hand',
  'When this is not a problem',
];
const DOMAIN_CODE = /^(CL|WH|SA|POD|TOK|ISS|FIC|ENT|NET|SDK|RBAC|IB|OP)-\d{2}$/;

const results = scenarioNames().flatMap((name) =>
  runChecks(CHECKS, worldOf(name)).map((result) => ({ name, result })),
);
const reached = new Set(
  results.flatMap(({ result }) => (result.outcome ? [`${result.check.id}:${result.outcome.id}`] : [])),
);
const codes = new Set(
  CHECKS.flatMap(({ outcomes }) =>
    Object.values(outcomes).flatMap((spec) => (spec.status === 'pass' ? [] : [spec.code])),
  ),
);

describe.each(CHECKS.map((check) => ({ id: check.id, check })))('check $id', ({ id, check }) => {
  const page = new URL(`../checks/${id}.md`, import.meta.url);

  it('lives where its id says and has a page with the house headings', () => {
    expect(existsSync(new URL(`../checks/${id}.ts`, import.meta.url))).toBe(true);
    const text = readFileSync(page, 'utf8');
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(HEADINGS);
  });

  it('has a scenario for each outcome', () => {
    expect(Object.keys(check.outcomes).filter((outcome) => !reached.has(`${id}:${outcome}`))).toEqual([]);
  });

  it('uses row ids of the field, and gives every failure a fix', () => {
    const specs = Object.entries(check.outcomes).flatMap(([name, spec]) =>
      spec.status === 'pass' ? [] : [{ name, spec }],
    );
    expect(specs.filter(({ spec }) => !DOMAIN_CODE.test(spec.code)).map(({ name }) => name)).toEqual([]);
    const withoutFix = specs.filter(({ spec }) => spec.status === 'fail' && (spec.fix ?? []).length === 0);
    expect(withoutFix.map(({ name }) => name)).toEqual([]);
  });

  it('gives every finding a title: a short statement of its own, not the sentence once more', () => {
    const untold = Object.entries(check.outcomes).filter(
      ([, spec]) =>
        spec.status !== 'pass' &&
        (!/^(?:[A-Z{]|aad-|cert-|external-).{8,68}[^.]$/.test(spec.title ?? '') ||
          spec.says.includes((spec.title ?? '').slice(1))),
    );
    expect(untold.map(([name]) => name)).toEqual([]);
  });

  it('names only codes that exist in what explains it', () => {
    const named = Object.values(check.outcomes).flatMap((spec) =>
      spec.status === 'pass' ? [] : (spec.explainedBy ?? []),
    );
    expect(named.filter((code) => !codes.has(code))).toEqual([]);
  });

  it('reads exactly the facts it declares', () => {
    const read = new Set<string>();
    const spy = {
      ...check,
      run: (facts: never) =>
        check.run(
          new Proxy(facts, {
            get(target, name) {
              read.add(String(name));
              return Reflect.get(target, name) as unknown;
            },
          }),
        ),
    };
    for (const name of scenarioNames()) runChecks([spy], worldOf(name));
    const declared: FactName[] = [...check.needs, ...check.orAbsent, ...check.orUnknown];
    expect([...read].toSorted()).toEqual([...new Set(declared)].toSorted());
  });
});

describe('all checks', () => {
  it('have an id of their own', () => {
    expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
  });

  it('do not share a finding code with another check', () => {
    const owners = new Map<string, Set<string>>();
    for (const { id, outcomes } of CHECKS) {
      for (const spec of Object.values(outcomes)) {
        // An exchange gives the code of the fault that Entra names; that it never gives it twice is tested below.
        if (spec.status !== 'pass' && !id.startsWith('exchange/'))
          owners.set(spec.code, (owners.get(spec.code) ?? new Set()).add(id));
      }
    }
    // A difference in one field of a credential has the code of its kind, whichever field it is in.
    const shared = new Set(['FIC-09']);
    expect(
      [...owners].filter(([code, ids]) => ids.size > 1 && !shared.has(code)).map(([code]) => code),
    ).toEqual([]);
  });

  it('do not name one fault twice, by its evidence and by the answer of Entra', () => {
    const failing = results.filter(({ result }) => result.status === 'fail');
    const codeOf = ({ result }: (typeof failing)[number]): string | null =>
      result.outcome && result.outcome.spec.status !== 'pass' ? result.outcome.spec.code : null;
    const fromAnswer = failing.filter(({ result }) => result.check.id.startsWith('exchange/'));
    const twice = fromAnswer.filter((one) =>
      failing.some(
        (other) =>
          other.name === one.name &&
          !other.result.check.id.startsWith('exchange/') &&
          codeOf(other) === codeOf(one),
      ),
    );
    expect(twice.map(({ name, result }) => `${name}: ${result.check.id}`)).toEqual([]);
    expect(fromAnswer.length).toBeGreaterThan(20);
  });

  it('are never crashed by facts that are all unknown', () => {
    const crashed = runChecks(CHECKS, { facts: {}, clients: {} }).filter(({ status }) => status === 'error');
    expect(crashed).toEqual([]);
    expect(deriveFacts({ facts: {}, clients: {} }).workload.state).toBe('unknown');
  });
});
