import { array, assert, asyncProperty, constantFrom, oneof, property, string, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CATALOGUE } from '../../src/aadsts/catalogue/index.ts';
import { explainStream, explainText } from '../../src/aadsts/explain-text.ts';
import type { Explanation } from '../../src/aadsts/explanation.ts';
import { valuesOf } from '../../src/aadsts/read/literal.ts';
import { SYMPTOMS } from '../../src/aadsts/symptoms/index.ts';
import { explanationMarkdown } from '../../src/reporters/explanation-markdown.ts';
import { explanationShort } from '../../src/reporters/explanation-short.ts';
import { explanationTable } from '../../src/reporters/explanation-table.ts';
import { WRONG_SUBJECT } from './sentence.ts';

/** Pieces of real messages in random order with random rubbish between: much nastier than rubbish alone. */
const piece = oneof(
  constantFrom(
    ...CATALOGUE.flatMap((entry) =>
      entry.wordings.map((wording) => `AADSTS${entry.codes[0]}: ${wording.text}`),
    ),
    ...SYMPTOMS.flatMap((symptom) => symptom.wordings),
    WRONG_SUBJECT,
  ),
  constantFrom(
    "'",
    "''",
    '"',
    '\\"',
    '\\r\\n',
    '\n',
    '\u0000',
    '\u001b[31m',
    '│ ',
    '\\\\n',
    '{"error":"',
    'Trace ID: ',
    'AADSTS',
    '70021',
    ':',
    '***',
  ),
  string({ unit: 'binary', maxLength: 60 }),
  string({ maxLength: 60 }),
);
const text = array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

function values(explanation: Explanation): string[] {
  return explanation.errors.flatMap((error) =>
    Object.values(error.fields).flatMap((field) => valuesOf(field)),
  );
}

describe('any text', () => {
  test('is explained without a throw, and every value stands in it', () => {
    assert(
      property(text, (input) => {
        const explanation = explainText(input);
        for (const value of values(explanation)) {
          expect(input).toContain(value);
          expect(value).not.toBe('');
        }
        for (const error of explanation.errors) {
          expect(error.code === null).toBe(error.kind !== undefined);
          expect(error.meaning).not.toBe('');
        }
      }),
      { numRuns: 400 },
    );
  });

  test('codes that are reported stand in it', () => {
    assert(
      property(text, (input) => {
        const digits = input.replace(/\s/g, '');
        const codes = explainText(input).errors.flatMap(({ code }) => (code === null ? [] : [String(code)]));
        expect(codes.filter((code) => !digits.includes(code))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('is rendered without control characters in every format', () => {
    assert(
      property(text, (input) => {
        const explanation = explainText(input);
        const rendered = [
          explanationTable(explanation, { columns: 80, next: null, quiet: false }),
          explanationShort(explanation),
          explanationMarkdown(explanation, { next: null }),
        ].join('');
        // eslint-disable-next-line no-control-regex
        expect(rendered).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
      { numRuns: 200 },
    );
  });
});

test('any bytes in any chunks are read without a throw', async () => {
  await assert(
    asyncProperty(array(uint8Array({ maxLength: 300 }), { maxLength: 20 }), async (chunks) => {
      async function* stream(): AsyncIterable<Uint8Array> {
        yield* chunks;
        yield Buffer.from(`\n${WRONG_SUBJECT}\n`);
      }
      const { errors } = await explainStream(stream());
      expect(Array.isArray(errors)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

/** Texts made to keep a careless pattern busy for ever. */
const BOMBS: Readonly<Record<string, string>> = {
  quotes: `AADSTS700213: ${"assertion subject '".repeat(20_000)}`,
  blanks: `AADSTS700211: assertion issuer${' '.repeat(500_000)}'x'`,
  backslashes: `AADSTS70021: ${'\\'.repeat(500_000)}n`,
  brackets: `AADSTS70025: The client 'a'${'('.repeat(200_000)}`,
  hosts: 'https://login.microsoftonline.com/ context open x509 '.repeat(8_000),
  chains: 'DefaultAzureCredential failed EnvironmentCredential: missing '.repeat(5_000),
  codes: 'AADSTS70021'.repeat(20_000),
  hyphens: `Tenant '${'a-'.repeat(100_000)}' not found AADSTS90002: Tenant '${'a-'.repeat(300)}' not found`,
  entities: `AADSTS70021 ${'&quot;'.repeat(100_000)}`,
  escapes: `AADSTS70021 ${'\u001b['.repeat(100_000)}`,
};

describe('bombs', () => {
  test.each(Object.entries(BOMBS))('%s', (_, bomb) => {
    const start = performance.now();
    explainText(bomb);
    expect(performance.now() - start).toBeLessThan(4000);
  });
});
