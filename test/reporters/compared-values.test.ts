import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf, markedLines } from '../../src/reporters/compared-values.ts';
import { differingSpans } from '../../src/reporters/differing-spans.ts';
import { textWidth } from '../../src/reporters/text-width.ts';

const CLUSTER = 'https://eastus.oic.prod-aks.azure.com/22222222-2222-4222-8222-222222222222';
const ISSUER = `${CLUSTER}/33333333-3333-4333-8333-333333333333/`;

/** The characters of a line that have a caret below them, `_` where a caret stands below nothing. */
function marked({ text, carets }: { readonly text: string; readonly carets: string }): string {
  return Array.from(carets, (mark, index) => (mark === '^' ? (text[index] ?? '_') : '')).join('');
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
    ['a description instead of a value', 'a node with a kubelet', 'virtual-kubelet', ''],
    ['a sentence instead of a value', 'web', 'there is no such service account', ''],
  ])('mark %s', (_what, expected, observed, carets) => {
    expect(linesOf(expected, 60)).toEqual([expected]);
    expect(markedLines(expected, observed, 60)).toEqual([{ text: observed, carets }]);
  });
});

describe('a value that is longer than a line', () => {
  it('is whole, and folded behind a slash', () => {
    expect(linesOf(ISSUER, 60)).toEqual([
      'https://eastus.oic.prod-aks.azure.com/',
      '22222222-2222-4222-8222-222222222222/',
      '33333333-3333-4333-8333-333333333333/',
    ]);
  });

  it('has the missing slash marked behind its last line', () => {
    const lines = markedLines(ISSUER, ISSUER.slice(0, -1), 60);
    expect(lines.map(({ text }) => text).join('')).toBe(ISSUER.slice(0, -1));
    expect(lines.map(({ carets }) => carets)).toEqual(['', '', `${' '.repeat(36)}^`]);
  });

  it('has the difference marked in the line in which it is', () => {
    const lines = markedLines(ISSUER, ISSUER.replace('/2222', '/2223'), 60);
    expect(lines.map(marked)).toEqual(['', '3', '']);
  });

  it('keeps the words of an answer together', () => {
    const answer =
      'AADSTS700213 (HTTP 401), trace 66666666-6666-4666-8666-666666666666, 2026-11-20T09:30:00Z';
    expect(linesOf(answer, 60).map((line) => line.trimEnd())).toEqual([
      'AADSTS700213 (HTTP 401),',
      'trace 66666666-6666-4666-8666-666666666666,',
      '2026-11-20T09:30:00Z',
    ]);
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

  it('fit the line and are whole', () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 24, max: 110 }), ([expected, observed], room) => {
        const seen = markedLines(expected, observed, room);
        for (const { text, carets } of seen) {
          expect(Math.max(textWidth(text.trimEnd()), carets.length)).toBeLessThanOrEqual(room);
          expect(carets).toMatch(/^(| *\^[ ^]*)$/);
        }
        expect(linesOf(expected, room).join('')).toBe(expected);
        expect(seen.map(({ text }) => text).join('')).toBe(observed);
      }),
    );
  });

  it('are marked where a span says that they differ', () => {
    fc.assert(
      fc.property(pair, ([expected, observed]) => {
        const spans = differingSpans(expected, observed);
        const carets = markedLines(expected, observed, 40).map((line) => line.carets);
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
