import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { discoveryUrlOf, fetchIssuer, keySetUrlOf } from '../../../src/sources/issuer/discovery.ts';
import { internet, serve } from './loopback.ts';

const WELL_KNOWN = '/.well-known/openid-configuration';

test.each([
  ['https://issuer.example', `https://issuer.example${WELL_KNOWN}`],
  ['https://issuer.example/', `https://issuer.example${WELL_KNOWN}`],
  ['https://issuer.example//', `https://issuer.example/${WELL_KNOWN}`],
  ['https://issuer.example/t/g/', `https://issuer.example/t/g${WELL_KNOWN}`],
])('%s has its document at %s', (issuer, url) => expect(discoveryUrlOf(issuer)).toBe(url));

function answering(documents: Readonly<Record<string, unknown>>): RequestListener {
  return (request, response) => {
    const document = documents[request.url ?? ''];
    if (document === undefined) response.writeHead(404).end('no');
    else response.end(JSON.stringify(document));
  };
}

test('document and key set are fetched, and published secrets are not kept', async () => {
  const issuer = 'https://issuer.example/a/';
  const jwks = {
    keys: [
      { kty: 'RSA', kid: '1', n: 'AQAB', e: 'AQAB', d: 'geheim' },
      { kty: 'oct', k: 'geheim' },
    ],
  };
  const discovery = { issuer, jwks_uri: 'https://other.example/keys?v=1' };
  const documents = { [`/a${WELL_KNOWN}`]: discovery, '/keys?v=1': jwks };
  internet(
    { 'issuer.example': ['20.1.2.3'], 'other.example': ['20.1.2.4'] },
    await serve(answering(documents)),
  );
  const seen = await fetchIssuer(issuer);
  expect(seen).toMatchObject({
    issuer,
    discoveryUrl: `https://issuer.example/a${WELL_KNOWN}`,
    discovery: { kind: 'document', json: discovery },
    jwks: { kind: 'document', url: 'https://other.example/keys?v=1' },
  });
  expect(JSON.stringify(seen)).not.toContain('geheim');
  expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
});

test('the key set is fetched even when the document states another issuer', async () => {
  const documents = {
    [WELL_KNOWN]: { issuer: 'https://else.example', jwks_uri: 'https://issuer.example/keys' },
    '/keys': { keys: [] },
  };
  internet({ 'issuer.example': ['20.1.2.3'] }, await serve(answering(documents)));
  expect(await fetchIssuer('https://issuer.example')).toMatchObject({ jwks: { kind: 'document' } });
});

test.each([
  [{ issuer: 'x' }, { kind: 'not-asked', reason: 'the discovery document names no jwks_uri' }],
  [{ jwks_uri: 7 }, { kind: 'not-asked' }],
  ['text', { kind: 'not-asked' }],
  [{ jwks_uri: '/openid/v1/jwks' }, { kind: 'bad-url' }],
  [{ jwks_uri: 'http://issuer.example/keys' }, { kind: 'not-https' }],
  [{ jwks_uri: 'https://10.0.0.1:6443/openid/v1/jwks' }, { kind: 'not-public', why: 'private' }],
  [{ jwks_uri: 'https://169.254.169.254/' }, { kind: 'not-public', why: 'metadata' }],
  [{ jwks_uri: 'https://issuer.example/absent' }, { kind: 'http', status: 404 }],
  [{ jwks_uri: 'https://absent.example/' }, { kind: 'unreachable', cause: 'dns' }],
])('the jwks_uri is judged by the same rules: %j', async (document, jwks) => {
  internet({ 'issuer.example': ['20.1.2.3'] }, await serve(answering({ [WELL_KNOWN]: document })));
  expect((await fetchIssuer('https://issuer.example/')).jwks).toMatchObject(jwks);
});

test.each([
  ['kubernetes/serviceaccount', { kind: 'bad-url', reason: 'it is not a URL' }, null],
  ['', { kind: 'bad-url' }, null],
  ['https://issuer.example/?a', { kind: 'bad-url' }, null],
  ['https://issuer.example/#', { kind: 'bad-url' }, null],
  [
    'https://kubernetes.default.svc.cluster.local',
    { kind: 'not-public', why: 'cluster-internal' },
    expect.any(String),
  ],
  ['http://issuer.example', { kind: 'not-https' }, expect.any(String)],
])('an issuer that cannot be fetched asks for no keys: %s', async (issuer, discovery, discoveryUrl) => {
  const seen = internet({});
  expect(await fetchIssuer(issuer)).toMatchObject({
    issuer,
    discoveryUrl: discoveryUrl as string | null,
    discovery,
    jwks: { kind: 'not-asked', reason: 'the discovery document could not be read' },
  });
  expect(seen).toEqual({ lookups: [], requests: [] });
});

test('jwks_uri is taken byte for byte and only from the document itself', () => {
  expect(keySetUrlOf({ jwks_uri: ' https://x ' })).toBe(' https://x ');
  expect(keySetUrlOf([])).toBeNull();
  expect(keySetUrlOf(null)).toBeNull();
});
