import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparedRows } from '../../src/reporters/compared-values.ts';
import { differingSpans } from '../../src/reporters/differing-spans.ts';
import { textWidth } from '../../src/reporters/text-width.ts';

const CLUSTER = 'https://eastus.oic.prod-aks.azure.com/22222222-2222-4222-8222-222222222222';
const ISSUER = `${CLUSTER}/33333333-3333-4333-8333-333333333333/`;

/** The characters of `observed` that have a caret below them, `_` where a caret stands below nothing. */
function marked(row: { readonly observed: string; readonly carets: string } | undefined): string {
  const carets = row?.carets ?? '';
  return Array.from(carets, (mark, index) => (mark === '^' ? (row?.observed[index] ?? '_') : '')).join('');
}

describe('two values that fit', () => {
  it.each<[string, string, string, string]>([
    ['a longer name', 'sa:shop:web', 'sa:shop:web-sa', '           ^^^'],
    ['a shorter name', 'sa:shop:web-sa', 'sa:shop:web', '           ^'],
    ['a missing slash', 'https://issuer/a/', 'https://issuer/a', '                ^'],
    ['a slash too many', 'https://issuer/a', 'https://issuer/a/', '                ^'],
    ['a missing beginning', 'https://issuer/a/', 'issuer/a/', '^'],
    ['something missing in the middle', 'sa:shop:web', 'sa:shopweb', '       ^'],
    ['another namespace', 'sa:shop:web', 'sa:shop-old:web', '       ^^^^'],
    ['capitals', 'sa:shop:web', 'Sa:Shop:Web', '^  ^    ^'],
    ['capitals throughout', 'sa:shop', 'SA:SHOP', '^^ ^^^^'],
    ['quotation marks', 'sa:shop:web', '"sa:shop:web"', '^           ^'],
    ['a visible escape', 'sa:shop:web', String.raw`sa:shop:web\n`, '           ^^'],
    ['two letters', 'sa:shop:web', 'sa:shpp:wab', '     ^   ^'],
    ['a wide character', 'sa:shop:web', 'sa:店hop:web', '   ^^'],
    ['a character of two code units', 'sa:😀shop', 'sa:😁shop', '   ^^'],
    ['nothing in common', '11111111-1111', '98765432-2222', ''],
    ['nothing at all', 'sa:shop:web', '', ''],
    ['no difference', 'sa:shop:web', 'sa:shop:web', ''],
    ['a number in words', 'HTTP 200', 'HTTP 404', '     ^^^'],
    ['a sentence instead of a value', 'web', 'there is no such service account', ''],
  ])('mark %s', (_what, expected, observed, carets) => {
    expect(comparedRows(expected, observed, 60)).toEqual([{ expected, observed, carets }]);
  });
});

describe('two values that are longer than a line', () => {
  it('shorten what they share and keep the missing slash in sight', () => {
    const [row, ...others] = comparedRows(ISSUER, ISSUER.slice(0, -1), 60);
    expect(others).toEqual([]);
    expect(row?.expected).toMatch(/^https:\/\/eastus\.oic.*….*333\/$/);
    expect(row?.observed).toBe(row?.expected.slice(0, -1));
    expect(row?.carets).toBe(`${' '.repeat(row?.observed.length ?? 0)}^`);
    expect(row?.carets.length).toBeLessThanOrEqual(60);
  });

  it('shorten on both sides of a difference in the middle', () => {
    const [row, ...others] = comparedRows(ISSUER, ISSUER.replace('/2222', '/2223'), 60);
    expect(others).toEqual([]);
    expect(marked(row)).toBe('3');
    expect(row?.observed).toMatch(/^https.*\/2223.*….*3\/$/);
  });

  it('fold where the difference fills the line itself', () => {
    const other = ISSUER.replaceAll(/[23]/g, '9');
    const rows = comparedRows(ISSUER, other, 60);
    expect(rows.map(({ expected }) => expected).join('')).toBe(ISSUER);
    expect(rows.map(({ observed }) => observed).join('')).toBe(other);
    expect(rows.map(marked).join('')).toContain('99999999-9999');
  });
});

describe('any two values', () => {
  const value = fc.string({
    unit: fc.constantFrom('a', 'b', 'A', ':', '/', '-', '店', '😀'),
    maxLength: 150,
  });
  const pair = fc.oneof(
    fc.tuple(value, value),
    fc.tuple(value, value, value, value).map(([a, b, c, d]) => [a + b + d, a + c + d] as const),
  );

  it('fit the line and never lose their difference', () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 24, max: 110 }), ([expected, observed], room) => {
        const rows = comparedRows(expected, observed, room);
        for (const { expected: wanted, observed: seen, carets } of rows) {
          expect(Math.max(textWidth(wanted), textWidth(seen), carets.length)).toBeLessThanOrEqual(room);
          expect(carets).toMatch(/^(| *\^[ ^]*)$/);
        }
        expect(rows.some((row) => row.expected !== row.observed)).toBe(expected !== observed);
      }),
    );
  });

  it('are marked in every row in which a span says that they differ', () => {
    fc.assert(
      fc.property(pair, ([expected, observed]) => {
        const spans = differingSpans(expected, observed);
        const carets = comparedRows(expected, observed, 40).map((row) => row.carets);
        expect(carets.some((line) => line !== '')).toBe(spans.length > 0);
      }),
    );
  });

  it('are equal once the marked spans are taken out', () => {
    const outside = (text: string, spans: ReturnType<typeof differingSpans>): string =>
      spans.toReversed().reduce((left, { start, end }) => left.slice(0, start) + left.slice(end), text);
    fc.assert(
      fc.property(pair, ([expected, observed]) => {
        const spans = differingSpans(expected, observed);
        fc.pre(spans.length > 0);
        // What is left of `observed` occurs in `expected` in the same order.
        let at = 0;
        for (const character of outside(observed, spans)) {
          at = expected.indexOf(character, at) + character.length;
          expect(at).toBeGreaterThanOrEqual(character.length);
        }
      }),
    );
  });
});
