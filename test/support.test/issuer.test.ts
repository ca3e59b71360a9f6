import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';

import {
  type IssuerServer,
  legacySecretClaims,
  type Misbehaviour,
  mintToken,
  serviceAccountClaims,
  signingKey,
  startIssuer,
  truncate,
} from '../support/issuer.ts';
import { type Answer, httpsRequest } from './https-request.ts';

const URL_ = 'https://eastus.oic.prod-aks.azure.com/tenant/guid/';
const HOST = 'eastus.oic.prod-aks.azure.com';

let server: IssuerServer;
afterEach(() => server?.close());

function get(path: string, host = HOST): Promise<Answer> {
  return httpsRequest(server.url + path, { host, servername: host });
}

const discovery = (): Promise<Answer> => get('/tenant/guid/.well-known/openid-configuration');
const jwks = (): Promise<Answer> => get('/tenant/guid/openid/v1/jwks');

describe('a healthy issuer', () => {
  test('publishes discovery and keys under its own host and path', async () => {
    server = await startIssuer();
    server.publish(URL_);
    expect(server.hosts).toEqual({ [HOST]: server.address });
    expect(JSON.parse((await discovery()).text)).toMatchObject({
      issuer: URL_,
      jwks_uri: `${URL_}openid/v1/jwks`,
    });
    expect(JSON.parse((await jwks()).text)).toEqual({ keys: [signingKey().jwk] });
    expect(
      (await get('/tenant/guid/.well-known/openid-configuration', 'oidc.prod-aks.azure.com')).status,
    ).toBe(404);
    expect(server.requests.map(({ host, path }) => `${host}${path}`)[0]).toBe(
      `${HOST}/tenant/guid/.well-known/openid-configuration`,
    );
  });

  test('rotates keys and goes away', async () => {
    server = await startIssuer();
    const issuer = server.publish(URL_);
    issuer.rotate(signingKey('next'));
    expect((JSON.parse((await jwks()).text) as JSONWebKeySet).keys).toHaveLength(2);
    issuer.rotate(signingKey('after'), true);
    expect((JSON.parse((await jwks()).text) as JSONWebKeySet).keys.map(({ kid }) => kid)).toEqual([
      signingKey('after').kid,
    ]);
    server.withdraw(URL_);
    expect(await discovery()).toMatchObject({ status: 404, headers: { 'content-type': 'application/xml' } });
  });

  test('several issuers share a server', async () => {
    server = await startIssuer();
    server.publish(URL_);
    server.publish('https://oidc.prod-aks.azure.com/old/');
    expect(
      JSON.parse((await get('/old/.well-known/openid-configuration', 'oidc.prod-aks.azure.com')).text),
    ).toMatchObject({
      issuer: 'https://oidc.prod-aks.azure.com/old/',
    });
  });
});

describe('misbehaviour', () => {
  const expectations: [Misbehaviour, (answer: Answer) => void][] = [
    ['not-found', ({ status }) => expect(status).toBe(404)],
    ['forbidden', ({ status }) => expect(status).toBe(403)],
    ['server-error', ({ status }) => expect(status).toBe(500)],
    ['html', ({ status, text }) => expect([status, text.slice(0, 9)]).toEqual([200, '<!DOCTYPE'])],
    ['bad-json', ({ text }) => expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)],
    [
      'wrong-issuer',
      ({ text }) =>
        expect(JSON.parse(text)).toMatchObject({ issuer: 'https://kubernetes.default.svc.cluster.local' }),
    ],
    [
      'issuer-without-slash',
      ({ text }) => expect(JSON.parse(text)).toMatchObject({ issuer: URL_.slice(0, -1) }),
    ],
    ['no-jwks-uri', ({ text }) => expect(JSON.parse(text)).not.toHaveProperty('jwks_uri')],
    ['jwks-uri-http', ({ text }) => expect(text).toContain(`"http://${HOST}/`)],
    ['jwks-uri-other-host', ({ text }) => expect(text).toContain('keys.elsewhere.invalid')],
    ['jwks-uri-metadata-service', ({ text }) => expect(text).toContain('https://169.254.169.254/')],
    ['redirect', ({ headers }) => expect(headers.location).toBe('https://oidc.prod-aks.azure.com/moved/')],
    [
      'redirect-loop',
      ({ headers }) => expect(headers.location).toBe(`${URL_}.well-known/openid-configuration`),
    ],
    ['redirect-private', ({ headers }) => expect(headers.location).toContain('169.254.169.254')],
    ['redirect-http', ({ headers }) => expect(headers.location).toMatch(/^http:/)],
    ['too-large', ({ text }) => expect(text.length).toBeGreaterThan(1024 * 1024)],
  ];

  test.each(expectations)('discovery: %s', async (misbehaviour, check) => {
    server = await startIssuer();
    server.publish(URL_, { misbehaviour });
    check(await discovery());
    expect((await jwks()).status).toBe(200);
  });

  const keySets: [Misbehaviour, (answer: Answer) => void][] = [
    ['jwks-not-found', ({ status }) => expect(status).toBe(404)],
    ['jwks-html', ({ text }) => expect(text).toMatch(/^<!DOCTYPE/)],
    ['jwks-too-large', ({ text }) => expect(text.length).toBeGreaterThan(1024 * 1024)],
    [
      'ec-keys',
      ({ text }) => expect(JSON.parse(text)).toMatchObject({ keys: [{ kty: 'EC', crv: 'P-256' }] }),
    ],
    ['no-keys', ({ text }) => expect(JSON.parse(text)).toEqual({ keys: [] })],
    ['other-keys', ({ text }) => expect(text).not.toContain(signingKey().kid)],
    ['keys-without-kid', ({ text }) => expect(text).not.toContain('"kid"')],
    [
      'duplicate-kid',
      ({ text }) => {
        const { keys } = JSON.parse(text) as JSONWebKeySet;
        expect(keys.map(({ kid }) => kid)).toEqual([signingKey().kid, signingKey().kid]);
        expect(keys[0]?.n).not.toBe(keys[1]?.n);
      },
    ],
  ];

  test.each(keySets)('keys: %s', async (misbehaviour, check) => {
    server = await startIssuer();
    server.publish(URL_, { misbehaviour });
    check(await jwks());
    expect((await discovery()).status).toBe(200);
  });

  test('slow, dripping and hanging documents do not arrive, and the server still closes', async () => {
    server = await startIssuer();
    for (const misbehaviour of ['slow', 'drip', 'hang'] as const) {
      server.publish(`https://${HOST}/${misbehaviour}/`, { misbehaviour });
      await expect(
        httpsRequest(`${server.url}/${misbehaviour}/.well-known/openid-configuration`, {
          host: HOST,
          servername: HOST,
          signal: AbortSignal.timeout(100),
        }),
      ).rejects.toThrow('aborted');
    }
  });

  test('a cut document is an error of the connection', async () => {
    server = await startIssuer();
    server.publish(URL_, { misbehaviour: 'cut' });
    await expect(discovery()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('an untrusted certificate is refused', async () => {
    server = await startIssuer({ certificate: 'untrusted' });
    server.publish(URL_);
    await expect(discovery()).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });
});

describe('tokens', () => {
  const claims = serviceAccountClaims({ issuer: URL_, namespace: 'demo', serviceAccount: 'sa' });
  const keys = createLocalJWKSet({
    keys: [signingKey().jwk, signingKey('elliptic', 'ES256').jwk],
  });

  test('verify with the published keys', async () => {
    const { payload, protectedHeader } = await jwtVerify(mintToken({ claims }), keys);
    expect(payload).toMatchObject({
      iss: URL_,
      sub: 'system:serviceaccount:demo:sa',
      aud: ['api://AzureADTokenExchange'],
    });
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: signingKey().kid });
    await jwtVerify(mintToken({ claims, key: signingKey('elliptic', 'ES256') }), keys);
  });

  test.each([
    ['another key', { key: signingKey('other') }, 'ERR_JWKS_NO_MATCHING_KEY'],
    [
      'another key under the right name',
      { key: signingKey('other'), header: { kid: signingKey().kid } },
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    ],
    ['no algorithm', { algorithm: 'none' as const }, 'ERR_JOSE_NOT_SUPPORTED'],
    ['the public key as a secret', { algorithm: 'HS256' as const }, 'ERR_JOSE_NOT_SUPPORTED'],
  ])('do not verify with %s', async (_, options, code) => {
    await expect(jwtVerify(mintToken({ claims, ...options }), keys)).rejects.toMatchObject({ code });
  });

  test('lose their end, their key id, their times', async () => {
    const token = mintToken({ claims });
    expect(token.startsWith(truncate(token))).toBe(true);
    await expect(jwtVerify(truncate(token), keys)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
    expect(decodeProtectedHeader(mintToken({ claims, header: { kid: undefined } }))).toEqual({
      alg: 'RS256',
    });
    const expired = serviceAccountClaims({
      issuer: URL_,
      namespace: 'demo',
      serviceAccount: 'sa',
      issuedAt: 1_700_000_000,
    });
    await expect(jwtVerify(mintToken({ claims: expired }), keys)).rejects.toMatchObject({
      code: 'ERR_JWT_EXPIRED',
    });
    expect(legacySecretClaims('demo', 'sa')).not.toHaveProperty('exp');
  });
});
