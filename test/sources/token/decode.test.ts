import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeToken } from '../../../src/sources/token/decode.ts';
import type { DecodedJwt } from '../../../src/sources/token/types.ts';
import { legacySecretClaims, mintToken, serviceAccountClaims } from '../../support/mint-token.ts';
import { signingKey } from '../../support/signing-key.ts';

const claims = serviceAccountClaims({
  issuer: 'https://issuer.example/',
  namespace: 'shop',
  serviceAccount: 'web',
  issuedAt: 1_767_225_600,
  uid: 'sa-uid',
  pod: { name: 'web-1', uid: 'pod-uid' },
  node: { name: 'node-1', uid: 'node-uid' },
});
const token = mintToken({ claims });

function encode(text: string | Uint8Array): string {
  return Buffer.from(text).toString('base64url');
}

function joined(header: string, payload: string): string {
  return `${encode(header)}.${encode(payload)}.c2ln`;
}

function jwt(text: string): DecodedJwt {
  const decoded = decodeToken(text);
  if (decoded.kind !== 'jwt') throw new Error(decoded.reason);
  return decoded;
}

test('a projected token is decoded whole, without its text', () => {
  const decoded = decodeToken(token);
  expect(decoded).toEqual({
    kind: 'jwt',
    header: { alg: 'RS256', kid: signingKey().kid, typ: null },
    claims: {
      iss: 'https://issuer.example/',
      sub: 'system:serviceaccount:shop:web',
      aud: ['api://AzureADTokenExchange'],
      iat: 1_767_225_600,
      nbf: 1_767_225_600,
      exp: 1_767_229_200,
      jti: '(not shown)',
      kubernetes: {
        namespace: 'shop',
        serviceAccount: { name: 'web', uid: 'sa-uid' },
        pod: { name: 'web-1', uid: 'pod-uid' },
        node: { name: 'node-1', uid: 'node-uid' },
      },
    },
    rawHeader: { alg: 'RS256', kid: signingKey().kid },
    rawClaims: { ...claims, jti: '(not shown)' },
    malformed: [],
    notes: [],
  });
});

test('a legacy token is understood too', () => {
  const { claims: legacy } = jwt(mintToken({ claims: legacySecretClaims('shop', 'web') }));
  expect(legacy).toMatchObject({
    iss: 'kubernetes/serviceaccount',
    aud: [],
    exp: null,
    kubernetes: { namespace: 'shop', serviceAccount: { name: 'web' }, secret: { uid: null } },
  });
});

test('an extended token shows warnafter; a single audience may be a string', () => {
  const extended = mintToken({
    claims: {
      aud: 'x',
      'kubernetes.io': { namespace: 'shop', serviceaccount: { name: 'web' }, warnafter: 5 },
    },
  });
  expect(jwt(extended).claims).toMatchObject({
    aud: ['x'],
    kubernetes: { serviceAccount: { name: 'web', uid: null }, warnafter: 5 },
  });
});

test('members of the wrong type are named and never passed on', () => {
  const wrong = mintToken({
    header: { kid: 7 },
    claims: {
      iss: 1,
      sub: null,
      aud: ['a', 2],
      exp: '5',
      nbf: 1e300,
      'kubernetes.io': { namespace: [], pod: 'x' },
    },
  });
  expect(jwt(wrong)).toMatchObject({
    header: { kid: null },
    claims: { iss: null, sub: null, aud: [], exp: null, nbf: null, kubernetes: { namespace: null } },
    malformed: [
      'header.kid',
      'kubernetes.io/pod',
      'kubernetes.io/namespace',
      'iss',
      'sub',
      'aud',
      'nbf',
      'exp',
    ],
  });
});

const yaml = `apiVersion: authentication.k8s.io/v1\nkind: TokenRequest\nstatus:\n  token: ${token}\n`;

test.each([
  ['a line break', `${token}\n`, ['newline']],
  ['a Windows line break', `${token}\r\n`, ['newline']],
  ['blanks', `  ${token} `, ['whitespace']],
  ['quotation marks', `"${token}"\n`, ['newline', 'quotes']],
  ['a byte order mark', `\ufeff${token}`, ['bom']],
  ['Bearer', `Authorization: Bearer ${token}`, ['bearer']],
  ['lines of a terminal', token.replace(/.{80}/g, '$&\n'), ['wrapped']],
  ['a TokenRequest', JSON.stringify({ kind: 'TokenRequest', status: { token } }), ['TokenRequest']],
  ['an ExecCredential', JSON.stringify({ kind: 'ExecCredential', status: { token } }), ['ExecCredential']],
  [
    'a Secret',
    JSON.stringify({ kind: 'Secret', data: { token: Buffer.from(token).toString('base64') } }),
    ['Secret'],
  ],
  ['a TokenRequest in YAML', yaml, ['newline', 'TokenRequest']],
])('%s around it is looked past and told', (_name, text, notes) => {
  const decoded = jwt(text);
  expect(decoded.notes.map(({ kind }) => kind)).toEqual(notes);
  expect(decoded.rawClaims).toEqual({ ...claims, jti: '(not shown)' });
});

const [header = '', payload = '', signature = ''] = token.split('.');

test.each([
  ['', 'It is empty.'],
  ['\n \t', 'It is empty.'],
  ['x'.repeat(2_000_000), 'It is 1954 KiB long; a service account token has about one.'],
  [
    `${header}.${payload}`,
    'It has 2 of the three parts of a JWT: it was cut off or mixed with something else.',
  ],
  [
    `${token}.${payload}`,
    'It has 4 of the three parts of a JWT: it was cut off or mixed with something else.',
  ],
  [header, 'It has 1 of the three parts of a JWT: it was cut off or mixed with something else.'],
  [
    `${header}.${payload}.${signature}.a.b`,
    'It is an encrypted token (JWE, five parts); a service account token is signed, not encrypted.',
  ],
  [`${token}\n${token}\n`, 'It holds 2 tokens; give one.'],
  ['..', 'It is not a JWT: one of its first two parts is empty.'],
  ['a.b', 'It is not a JWT: it has 2 parts instead of three.'],
  ['hunter2', 'It is an opaque token or password, not a JWT.'],
  ['/var/run/secrets/azure/tokens/azure-identity-token', 'It is a path, not a token.'],
  ['./token', 'It is a path, not a token.'],
  [String.raw`C:\token`, 'It is a path, not a token.'],
  ['https://issuer.example/', 'It is a URL, not a token.'],
  ['<!DOCTYPE html><html>', 'It is an HTML or XML page, not a token.'],
  [
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'It is a certificate or key (PEM), not a token.',
  ],
  ['the token is gone', 'It is not a token: it contains characters that no token has.'],
  ['error: serviceaccounts "web" not found', 'It is not a token: it contains characters that no token has.'],
  ['a\0b', 'It contains zero bytes: a binary file, or text saved as UTF-16.'],
  [`${header}.${payload}+/=.${signature}`, 'It is in base64, not in base64url as a JWT must be.'],
  [`${header}.${payload}~.${signature}`, 'It contains characters that no JWT has.'],
  [`${header}.${payload}.abcde`, 'One of its parts is cut off in the middle of a character.'],
  ['{"kind":"Pod"}', 'It is a JSON document that is no TokenRequest, ExecCredential or Secret with a token.'],
  [
    '{"kind":"TokenRequest","status":{"token":7}}',
    'It is a JSON document that is no TokenRequest, ExecCredential or Secret with a token.',
  ],
  [
    '{"accessToken":"x"}',
    'It is an answer with an access token of Entra, not a Kubernetes service account token.',
  ],
  ['[1', 'It begins like a JSON document, but is none.'],
  [
    'kind: Pod\nstatus:\n  token: abc',
    'It is a YAML document that is no TokenRequest, ExecCredential or Secret with one token.',
  ],
  [joined('{', '{}'), 'Its header is not JSON.'],
  [joined('[]', '{}'), 'Its header is not a JSON object.'],
  [joined('{}', 'null'), 'Its payload is not a JSON object.'],
  [joined('{}', '{"a":1,"b":{"a":1},"a":2}'), 'Its payload repeats a member name.'],
  [joined('{"a":1,"\\u0061":2}', '{}'), 'Its header repeats a member name.'],
  [joined('{}', `{"a":${'['.repeat(4000)}${']'.repeat(4000)}}`), 'Its payload is nested too deeply.'],
  [`${encode('{}')}.${encode(Uint8Array.of(0x7b, 0xff, 0x7d))}.`, 'Its payload is not UTF-8.'],
])('refused: %#', (text, reason) => {
  expect(decodeToken(text)).toEqual({ kind: 'not-a-token', reason });
});

test('text that only looks repeated is no repetition', () => {
  expect(decodeToken(joined('{}', '{"a":"a","b":["a","a"],"c":"\\"a\\":","d":{"a":1}}'))).toMatchObject({
    kind: 'jwt',
  });
});

test('whatever comes in, nothing is thrown and neither text nor signature comes out', () => {
  const secret = 'c2VjcmV0c2lnbmF0dXJl';
  const part = fc.oneof(
    fc.jsonValue().map((value) => encode(JSON.stringify(value))),
    fc.object().map((value) => encode(JSON.stringify(value) ?? '')),
    fc.base64String(),
    fc.string(),
    fc.constant(header),
    fc.constant(payload),
  );
  const wrap = fc.constantFrom(
    (text: string) => text,
    (text: string) => `"${text}"\n`,
    (text: string) => `Bearer ${text}`,
    (text: string) => JSON.stringify({ kind: 'TokenRequest', status: { token: text } }),
    (text: string) => `kind: Secret\ndata:\n  token: ${text}\n`,
  );
  fc.assert(
    fc.property(part, part, wrap, (first, second, wrapped) => {
      const text = wrapped(`${first}.${second}.${secret}`);
      const result = decodeToken(text);
      const shown = JSON.stringify(result);
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(text);
      expect(JSON.parse(shown)).toEqual(result);
    }),
    { numRuns: 1000 },
  );
});
