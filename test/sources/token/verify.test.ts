import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { readKeySet } from '../../../src/sources/issuer/keys.ts';
import type { KeySet } from '../../../src/sources/issuer/types.ts';
import { verifySignature } from '../../../src/sources/token/verify.ts';
import { mintToken, truncate } from '../../support/mint-token.ts';
import { signingKey } from '../../support/signing-key.ts';

const key = signingKey();
const { kid } = key;
const claims = { sub: 'system:serviceaccount:shop:web', exp: 1, nbf: 1e10 };
const token = mintToken({ claims });
const PUBLIC = { which: 'public' } as const;

function keys(...members: readonly unknown[]): KeySet {
  return readKeySet({ keys: members });
}

test('a good signature is valid whatever the time, also inside a TokenRequest', async () => {
  const set = keys(signingKey('other').jwk, key.jwk);
  expect(await verifySignature(token, set, PUBLIC)).toEqual({ state: 'valid', kid });
  const request = JSON.stringify({ kind: 'TokenRequest', status: { token } });
  expect(await verifySignature(`${request}\n`, set, PUBLIC)).toEqual({ state: 'valid', kid });
});

test.each([
  ['another key under the same id', mintToken({ claims, key: signingKey('other'), header: { kid } })],
  ['other claims', token.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"x"}').toString('base64url')}.`)],
  ['a truncated signature', truncate(token)],
])('invalid: %s', async (_name, text) => {
  expect(await verifySignature(text, keys(key.jwk), { which: 'api-server' })).toEqual({
    state: 'invalid',
    reason: 'it was not made by the key of that id in the key set of the API server',
  });
});

test('a key that is not there is named', async () => {
  expect(await verifySignature(token, keys(signingKey('other').jwk), PUBLIC)).toEqual({
    state: 'key-not-found',
    kid,
  });
  expect(await verifySignature(token, keys(), PUBLIC)).toEqual({ state: 'key-not-found', kid });
});

test('without keys or token nothing is checked', async () => {
  expect(await verifySignature(token, null, PUBLIC)).toEqual({
    state: 'not-checked',
    reason: 'the public key set could not be read',
  });
  expect(await verifySignature(token, readKeySet('<html>'), PUBLIC)).toEqual({
    state: 'not-checked',
    reason: 'the public key set is no key set',
  });
  expect(await verifySignature('hunter2', keys(key.jwk), PUBLIC)).toEqual({
    state: 'not-checked',
    reason: 'it is not a token',
  });
});

const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
const pem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();

test.each([
  ['alg none', mintToken({ claims, algorithm: 'none' }), [key.jwk], 'the token is not signed (alg none)'],
  [
    'alg None',
    mintToken({ claims, header: { alg: 'nOnE' } }),
    [key.jwk],
    'the token is not signed (alg none)',
  ],
  [
    'no alg',
    mintToken({ claims, header: { alg: undefined } }),
    [key.jwk],
    'the header names no algorithm (alg)',
  ],
  [
    'HMAC with the public key',
    mintToken({ claims, algorithm: 'HS256' }),
    [key.jwk, { kty: 'oct', kid, k: Buffer.from(pem).toString('base64url') }],
    'HS256 is made with a shared secret, so a public key proves nothing',
  ],
  [
    'ES256',
    mintToken({ claims, algorithm: 'ES256' }),
    [key.jwk],
    'the algorithm is "ES256", and Entra takes RS256 only',
  ],
  [
    'RS512',
    mintToken({ claims, header: { alg: 'RS512' } }),
    [key.jwk],
    'the algorithm is "RS512", and Entra takes RS256 only',
  ],
  [
    'jku',
    mintToken({ claims, header: { jku: 'https://evil.example' } }),
    [key.jwk],
    'the header has jku, which no service account token has',
  ],
  [
    'jwk and x5u',
    mintToken({ claims, header: { jwk: key.jwk, x5u: 'x' } }),
    [key.jwk],
    'the header has jwk, x5u, which no service account token has',
  ],
  [
    'crit',
    mintToken({ claims, header: { crit: ['b64'], b64: false } }),
    [key.jwk],
    'the header has crit, which no service account token has',
  ],
  ['no kid', mintToken({ claims, header: { kid: undefined } }), [key.jwk], 'the header names no key (kid)'],
  ['an empty kid', mintToken({ claims, header: { kid: '' } }), [key.jwk], 'the header names no key (kid)'],
  [
    'no signature',
    token.replace(/[^.]+$/, ''),
    [key.jwk],
    'the token has no signature: its last part is empty',
  ],
  ['a kid twice', token, [key.jwk, key.jwk], "the public key set has 2 keys with the id of the token's key"],
  [
    'a kid of two keys',
    token,
    [{ ...signingKey('other').jwk, kid }, key.jwk],
    "the public key set has 2 keys with the id of the token's key",
  ],
  ['a short key', token, [{ ...small, kid }], 'the key in the public key set has 1024 bits, fewer than 2048'],
  [
    'a key for encryption',
    token,
    [{ ...key.jwk, use: 'enc' }],
    'the key in the public key set is not meant for signatures (use)',
  ],
  [
    'a key for RS512',
    token,
    [{ ...key.jwk, alg: 'RS512' }],
    'the key in the public key set is meant for another algorithm than RS256',
  ],
  [
    'an elliptic curve',
    token,
    [{ ...signingKey('ec', 'ES256').jwk, kid }],
    'the key in the public key set is no usable RSA key',
  ],
  [
    'a symmetric key',
    token,
    [{ kty: 'oct', kid, k: 'AAAA' }],
    'the key in the public key set is no usable RSA key',
  ],
  ['a broken key', token, [{ ...key.jwk, n: '!' }], 'the key in the public key set is no usable RSA key'],
  [
    'an exponent of zero',
    token,
    [{ ...key.jwk, e: 'AA' }],
    'the key in the public key set is no usable RSA key',
  ],
])('refused: %s', async (_name, text, members, reason) => {
  expect(await verifySignature(text, keys(...members), PUBLIC)).toEqual({ state: 'refused', reason });
});
