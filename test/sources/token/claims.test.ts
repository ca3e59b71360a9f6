import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainClaims } from '../../../src/sources/token/claims.ts';
import { decodeToken } from '../../../src/sources/token/decode.ts';
import { legacySecretClaims, mintToken, serviceAccountClaims } from '../../support/mint-token.ts';
import type { MintOptions } from '../../support/mint-token.ts';

const NOW = '2026-01-01T00:05:00Z';
const issuedAt = Date.parse('2026-01-01T00:00:00Z') / 1000;
const standard = {
  ...serviceAccountClaims({
    issuer: 'https://issuer.example/',
    namespace: 'shop',
    serviceAccount: 'web',
    issuedAt,
    uid: 'sa-uid',
    pod: { name: 'web-1', uid: 'pod-uid' },
    node: { name: 'node-1', uid: 'node-uid' },
  }),
  jti: 'hidden-id',
};

function explained(options: MintOptions, now = NOW): Readonly<Record<string, string>> {
  const decoded = decodeToken(mintToken(options));
  if (decoded.kind !== 'jwt') throw new Error(decoded.reason);
  return Object.fromEntries(explainClaims(decoded, now).map(({ claim, words }) => [claim, words]));
}

test('every claim of a projected token has its sentence', () => {
  expect(explained({ claims: standard, header: { kid: 'key-1' } })).toEqual({
    'header.alg': 'Signed with RS256, which Entra takes.',
    'header.kid': 'Signed by the key key-1 of the issuer.',
    iss: 'Issued by https://issuer.example/; a federated credential must have exactly this issuer.',
    sub: 'For service account web in namespace shop; a federated credential must have exactly the subject system:serviceaccount:shop:web.',
    aud: 'Meant for api://AzureADTokenExchange; a federated credential must have exactly this audience.',
    iat: 'Issued 2026-01-01T00:00:00Z (5 minutes ago).',
    nbf: 'Valid since 2026-01-01T00:00:00Z (5 minutes ago).',
    exp: 'Expires 2026-01-01T01:00:00Z (in 55 minutes); its lifetime is 1 hour.',
    'kubernetes.io/namespace': 'Of namespace shop.',
    'kubernetes.io/serviceaccount': 'Of service account web (uid sa-uid).',
    'kubernetes.io/pod':
      'Bound to pod web-1 (uid pod-uid); the API server stops taking it when the pod is gone.',
    'kubernetes.io/node': 'Made for a pod on node node-1 (uid node-uid).',
    jti: 'An id of this token for audit logs (not shown).',
  });
});

test.each<[string, MintOptions, string, string]>([
  [
    'expired',
    { claims: { ...standard, exp: issuedAt + 60 } },
    'exp',
    'Expired 2026-01-01T00:01:00Z (4 minutes ago); its lifetime is 1 minute.',
  ],
  [
    'expires now',
    { claims: { ...standard, exp: issuedAt + 300 } },
    'exp',
    'Expired 2026-01-01T00:05:00Z (now); its lifetime is 5 minutes.',
  ],
  [
    'lives a year',
    { claims: { ...standard, exp: issuedAt + 31_536_000 } },
    'exp',
    'Expires 2027-01-01T00:00:00Z (in 364 days 23 hours); its lifetime is 365 days, more than the 25 hours Entra takes.',
  ],
  [
    'ends before it begins',
    { claims: { ...standard, exp: issuedAt - 60 } },
    'exp',
    'Expired 2025-12-31T23:59:00Z (6 minutes ago); its lifetime is minus 1 minute.',
  ],
  ['never expires', { claims: { sub: 'x' } }, 'exp', 'Never expires; Entra wants an expiry.'],
  [
    'not yet valid',
    { claims: { ...standard, nbf: issuedAt + 390 } },
    'nbf',
    'Not valid before 2026-01-01T00:06:30Z (in 1 minute 30 seconds).',
  ],
  [
    'several audiences',
    { claims: { aud: ['a', 'b'] } },
    'aud',
    'Meant for 2 audiences (a, b); Entra wants exactly one.',
  ],
  ['no audience', { claims: {} }, 'aud', 'Names no audience.'],
  ['no issuer', { claims: {} }, 'iss', 'Names no issuer.'],
  ['no subject', { claims: {} }, 'sub', 'Names no subject.'],
  [
    'another subject',
    { claims: { sub: 'repo:a/b' } },
    'sub',
    'For repo:a/b, which is no Kubernetes service account.',
  ],
  [
    'legacy',
    { claims: legacySecretClaims('shop', 'web') },
    'iss',
    'Issued as a legacy Secret token, which Entra cannot accept.',
  ],
  [
    'Entra',
    { claims: { iss: 'https://sts.windows.net/t/' } },
    'iss',
    'Issued by Entra (https://sts.windows.net/t/): an access or id token, not a Kubernetes service account token.',
  ],
  ['ES256', { claims: {}, algorithm: 'ES256' }, 'header.alg', 'Signed with ES256; Entra takes RS256 only.'],
  ['no kid', { header: { kid: undefined } }, 'header.kid', 'Names no signing key, so Entra cannot find one.'],
  [
    'foreign claim',
    { claims: { groups: [] } },
    'groups',
    'Not a claim of Kubernetes; Entra does not match it.',
  ],
  ['wrong type', { claims: { exp: 'soon' } }, 'exp', 'Has a value of the wrong type.'],
  [
    'extended',
    { claims: { 'kubernetes.io': { warnafter: issuedAt + 3607 } } },
    'kubernetes.io/warnafter',
    'Extended by the API server: meant to be replaced by 2026-01-01T01:00:07Z (in 55 minutes 7 seconds), so it is the default API token, not one for Entra.',
  ],
  [
    'secret',
    { claims: { 'kubernetes.io': { secret: { name: 's' } } } },
    'kubernetes.io/secret',
    'Bound to Secret s.',
  ],
])('%s', (_name, options, claim, words) => {
  expect(explained(options)[claim]).toBe(words);
});

test('a claim of the wrong type is said to be so, and nothing else about it', () => {
  const decoded = decodeToken(mintToken({ claims: { exp: 'soon', iss: 7 }, header: { kid: 1 } }));
  if (decoded.kind !== 'jwt') throw new Error(decoded.reason);
  const told = explainClaims(decoded, NOW).filter(({ claim }) =>
    ['exp', 'iss', 'header.kid'].includes(claim),
  );
  expect(told.map(({ claim }) => claim)).toEqual(['header.kid', 'iss', 'exp']);
  expect(new Set(told.map(({ words }) => words))).toEqual(new Set(['Has a value of the wrong type.']));
});

test('without a readable clock moments stand alone', () => {
  expect(explained({ claims: standard }, 'whenever')['iat']).toBe('Issued 2026-01-01T00:00:00Z.');
});

test('the id of the token is never shown, and nothing makes it throw', () => {
  expect(JSON.stringify(explained({ claims: standard }))).not.toContain('hidden-id');
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti', 'kubernetes.io', 'x'),
        fc.jsonValue(),
      ),
      (claims) => {
        expect(() => explained({ claims })).not.toThrow();
      },
    ),
  );
});
