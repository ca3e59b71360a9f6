import { describe, expect, it } from 'vitest';
import { ROWS } from '../checks/rows.ts';
import { UNDECIDABLE } from '../checks/undecidable.ts';
import { codesOf } from '../src/cli/select-checks.ts';
import { holesIn } from './generate/coverage.ts';
import { CHECKS } from './scenarios.ts';

/** How many failure modes each layer has. */
const LAYERS = {
  CL: 14,
  WH: 15,
  SA: 14,
  POD: 28,
  TOK: 11,
  ISS: 8,
  FIC: 20,
  ENT: 9,
  NET: 5,
  SDK: 10,
  RBAC: 4,
  IB: 7,
  OP: 9,
};

describe('the failure modes of the field', () => {
  it('are all named, and no code is left out', () => {
    const codes = Object.entries(LAYERS).flatMap(([layer, count]) =>
      Array.from({ length: count }, (_, index) => `${layer}-${String(index + 1).padStart(2, '0')}`),
    );
    expect(Object.keys(ROWS).filter((code) => codes.includes(code))).toEqual(codes);
    expect(codes.length).toBe(154);
  });

  it('are each found by a check, or said to be undecidable', () => {
    expect(holesIn(CHECKS)).toEqual([]);
  });

  it('have a name for each code that a check gives', () => {
    expect(CHECKS.flatMap(codesOf).filter((code) => !Object.hasOwn(ROWS, code))).toEqual([]);
  });
});

describe('what cannot be decided', () => {
  it.each(UNDECIDABLE)('$code says why, and names the one command that settles it', (row) => {
    expect(Object.hasOwn(ROWS, row.code)).toBe(true);
    expect(row.because).toMatch(/^[a-z].{20,}[^.]$/);
    expect(row.command).toMatch(/^(kubectl|az) \S+/);
    expect(row.actor).not.toBe('');
    expect(CHECKS.flatMap(codesOf)).not.toContain(row.code);
  });
});
