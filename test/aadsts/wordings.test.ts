import { describe, expect, test } from 'vitest';

import { CATALOGUE } from '../../src/aadsts/catalogue/index.ts';
import { CAUSE_TEXTS } from '../../src/aadsts/causes/index.ts';
import { explainText } from '../../src/aadsts/explain-text.ts';
import type { FieldName } from '../../src/aadsts/explanation.ts';
import { SYMPTOMS } from '../../src/aadsts/symptoms/index.ts';

/** A believable value for every placeholder a wording may have. */
const VALUES: Partial<Record<FieldName, string>> = {
  issuer:
    'https://westeurope.oic.prod-aks.azure.com/11111111-1111-1111-1111-111111111111/22222222-2222-2222-2222-222222222222/',
  subject: 'system:serviceaccount:billing:invoices',
  audience: 'api://AzureADTokenExchange',
  appId: '33333333-3333-3333-3333-333333333333',
  tenant: '44444444-4444-4444-4444-444444444444',
  currentTime: '2026-03-01T12:00:00.1234567Z',
  validFrom: '2026-03-01T09:00:00.0000000Z',
  validTo: '2026-03-01T10:00:00.0000000Z',
  keyId: '0123456789ABCDEF0123456789ABCDEF01234567',
  parameter: 'client_id',
  resource: 'https://prices.example',
  scope: 'all-prices',
};

const TRACE = '55555555-5555-5555-5555-555555555555';
const CORRELATION = '66666666-6666-6666-6666-666666666666';
const TIME = '2026-03-01 12:00:00Z';
const TAILS = {
  'one blank': `Trace ID: ${TRACE} Correlation ID: ${CORRELATION} Timestamp: ${TIME}`,
  'line ends': `\r\nTrace ID: ${TRACE}\r\nCorrelation ID: ${CORRELATION}\r\nTimestamp: ${TIME}`,
  'escaped once': `\\r\\nTrace ID: ${TRACE}\\r\\nCorrelation ID: ${CORRELATION}\\r\\nTimestamp: ${TIME}`,
  'escaped twice': `\\\\r\\\\nTrace ID: ${TRACE}\\\\r\\\\nCorrelation ID: ${CORRELATION}\\\\r\\\\nTimestamp: ${TIME}`,
};

function filled(text: string): { sentence: string; used: Partial<Record<FieldName, string>> } {
  const used: Partial<Record<FieldName, string>> = {};
  const sentence = text.replace(/\{(\w+)\}/g, (all, name: FieldName) => {
    const value = VALUES[name];
    if (value === undefined) return all;
    used[name] = value;
    return value;
  });
  return { sentence, used };
}

const cases = CATALOGUE.flatMap((entry) =>
  entry.codes.flatMap((code) =>
    entry.wordings.flatMap((wording) =>
      Object.entries(TAILS).map(([name, tail]) => ({
        code,
        wording: wording.text,
        tail,
        name,
        user: entry.about === 'user',
      })),
    ),
  ),
);

describe('wordings of the catalogue', () => {
  test.each(cases)('AADSTS$code, tail with $name: $wording', ({ code, wording, tail, user }) => {
    const { sentence, used } = filled(wording);
    const { errors } = explainText(`error: AADSTS${code}: ${sentence} ${tail}`);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code, unrelated: user });
    expect(errors[0]?.fields).toEqual({
      ...used,
      traceId: TRACE,
      correlationId: CORRELATION,
      timestamp: TIME,
    });
  });

  test('codes stand in one entry each', () => {
    const codes = CATALOGUE.flatMap((entry) => entry.codes);
    expect(codes).toEqual([...new Set(codes)]);
  });
});

describe('messages without a code', () => {
  const messages = SYMPTOMS.flatMap((symptom) =>
    symptom.wordings.map((wording) => ({ kind: symptom.kind, wording })),
  );

  test.each(messages)('$kind: $wording', ({ kind, wording }) => {
    const { errors } = explainText(wording);
    expect(errors[0]?.kind).toBe(kind);
    expect(errors[0]).toMatchObject({ code: null, unrelated: false });
  });

  test.each(messages)('$kind inside a JSON line, escaped: $wording', ({ kind, wording }) => {
    const line = JSON.stringify({
      level: 'error',
      ts: '2026-03-01T12:00:00Z',
      msg: 'failed',
      error: wording,
    });
    expect(explainText(`${line}\n`).errors[0]?.kind).toBe(kind);
  });

  test('kinds are in kebab-case and stand once', () => {
    const kinds = SYMPTOMS.map((symptom) => symptom.kind);
    expect(kinds).toEqual([...new Set(kinds)]);
    for (const kind of kinds) expect(kind).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
  });

  test('every trigger is in lower case and long enough for the scanner', () => {
    for (const trigger of SYMPTOMS.flatMap((symptom) => symptom.triggers)) {
      expect(trigger).toBe(trigger.toLowerCase());
      expect(trigger.length).toBeGreaterThanOrEqual(6);
    }
  });
});

test('every cause has words of its own', () => {
  const causes = [...CATALOGUE, ...SYMPTOMS].flatMap((entry) => entry.causes.map((cause) => cause.code));
  expect([...new Set(causes)].filter((code) => CAUSE_TEXTS[code] === undefined)).toEqual([]);
});

test('every entry says where it comes from and when that was read', () => {
  for (const entry of [...CATALOGUE, ...SYMPTOMS]) {
    expect(entry.sources.length).toBeGreaterThan(0);
    for (const source of entry.sources) {
      expect(source.url).toMatch(/^https:\/\//);
      expect(source.read).toMatch(/^\d{4}-\d\d$/);
    }
  }
});
