import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readKeySet, withoutSecretMembers } from '../../../src/sources/issuer/keys.ts';
import type { JsonValue } from '../../../src/sources/issuer/types.ts';
import { signingKey } from '../../support/signing-key.ts';

const { n, e } = signingKey().jwk;
const good = { kty: 'RSA', kid: 'a', alg: 'RS256', use: 'sig', n, e };

function kinds(json: unknown): readonly string[] {
  return readKeySet(json).problems.map(({ kind }) => kind);
}

test('a key set as the API server writes it has no problems', () => {
  const { keys, problems } = readKeySet({ keys: [good, { ...good, kid: 'b' }] });
  expect(problems).toEqual([]);
  expect(keys).toEqual([
    { kid: 'a', kty: 'RSA', alg: 'RS256', use: 'sig', bits: 2048, jwk: good },
    { kid: 'b', kty: 'RSA', alg: 'RS256', use: 'sig', bits: 2048, jwk: { ...good, kid: 'b' } },
  ]);
});

test('alg and use may be missing', () => {
  expect(kinds({ keys: [{ kty: 'RSA', kid: 'a', n, e }] })).toEqual([]);
});

const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });

test.each([
  ['an array', [good], ['not-a-key-set']],
  ['null', null, ['not-a-key-set']],
  ['an HTML page', '<html>', ['not-a-key-set']],
  ['keys of the wrong type', { keys: {} }, ['not-a-key-set']],
  ['no keys', { keys: [] }, ['empty']],
  ['a key that is no object', { keys: [7] }, ['malformed']],
  ['no type', { keys: [{ kid: 'a' }] }, ['malformed']],
  ['no modulus', { keys: [{ ...good, n: undefined }] }, ['malformed']],
  ['a modulus of zeros', { keys: [{ ...good, n: 'AAAA' }] }, ['malformed']],
  ['an exponent of zero', { keys: [{ ...good, e: 'AA' }] }, ['malformed']],
  ['a modulus in base64', { keys: [{ ...good, n: 'a+b/' }] }, ['malformed']],
  ['no kid', { keys: [{ ...good, kid: undefined }] }, ['no-kid']],
  ['an empty kid', { keys: [{ ...good, kid: '' }] }, ['no-kid']],
  ['a kid twice', { keys: [good, good] }, ['duplicate-kid']],
  ['a symmetric key', { keys: [{ kty: 'oct', kid: 'a', k: 'AAAA' }] }, ['symmetric']],
  ['a private key', { keys: [{ ...good, d: 'AAAA' }] }, ['private']],
  ['an elliptic curve', { keys: [signingKey('ec', 'ES256').jwk] }, ['not-rsa']],
  ['1024 bits', { keys: [{ ...small, kid: 'a' }] }, ['short-rsa']],
  ['for encryption', { keys: [{ ...good, use: 'enc' }] }, ['not-for-rs256']],
  ['for another algorithm', { keys: [{ ...good, alg: 'RS512' }] }, ['not-for-rs256']],
  ['several faults', { keys: [good, { ...small, use: 'enc' }] }, ['short-rsa', 'not-for-rs256', 'no-kid']],
])('%s', (_name, json, expected) => {
  expect(kinds(json)).toEqual(expected);
});

test('problems say which key in words', () => {
  const { problems } = readKeySet({
    keys: [
      { ...small, kid: 'old' },
      { ...good, kid: undefined },
    ],
  });
  expect(problems.map(({ words }) => words)).toEqual([
    'The key "old" has 1024 bits, fewer than 2048.',
    'Key 2 has no key id (kid), so no token can name it.',
  ]);
});

test('secret members never survive, neither here nor in a normalised key', () => {
  const dirty: JsonValue = {
    keys: [
      { ...(good as Record<string, string>), d: 'geheim', p: 'geheim' },
      { kty: 'oct', kid: 'x', k: 'geheim' },
      1,
    ],
  };
  const clean = withoutSecretMembers(dirty);
  expect(JSON.stringify([clean, readKeySet(dirty), readKeySet(clean)])).not.toContain('geheim');
  expect(readKeySet(clean)).toEqual(readKeySet(dirty));
  expect(withoutSecretMembers('text')).toBe('text');
});

test('anything gives a serialisable key set', () => {
  const key = fc.record(
    {
      kty: fc.oneof(fc.constantFrom('RSA', 'EC', 'oct', ''), fc.jsonValue()),
      kid: fc.oneof(fc.string(), fc.jsonValue()),
      alg: fc.oneof(fc.constantFrom('RS256', 'none'), fc.jsonValue()),
      use: fc.oneof(fc.constantFrom('sig', 'enc'), fc.jsonValue()),
      n: fc.oneof(fc.base64String(), fc.constant(n), fc.jsonValue()),
      e: fc.oneof(fc.base64String(), fc.constant(e), fc.jsonValue()),
      d: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(fc.jsonValue(), fc.record({ keys: fc.array(fc.oneof(key, fc.jsonValue())) })),
      (json) => {
        const set = readKeySet(json);
        expect(JSON.parse(JSON.stringify(set))).toEqual(set);
      },
    ),
  );
});
