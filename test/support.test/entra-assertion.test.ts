import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Misbehaviour, signingKey } from '../support/issuer.ts';
import {
  CREDENTIAL,
  IDENTITY,
  ISSUER,
  TENANT,
  mint,
  type Scenario,
  startScenario,
} from './entra-scenario.ts';

const now = Math.floor(Date.now() / 1000);
const NO_MATCH = 'No matching federated identity record found for presented assertion';
const CHECK =
  'your federated identity credential Subject, Audience and Issuer against the presented assertion. ' +
  'https://learn.microsoft.com/entra/workload-id/workload-identity-federation';

let scenario: Scenario;
beforeEach(async () => {
  scenario = await startScenario();
});
afterEach(() => scenario.close());

describe('claims that no credential accepts', () => {
  test.each<[string, Record<string, unknown>, number, string]>([
    [
      'issuer',
      { iss: ISSUER.slice(0, -1) },
      700211,
      `${NO_MATCH} issuer '${ISSUER.slice(0, -1)}'. Please check ${CHECK}`,
    ],
    [
      'audience',
      { aud: ['api://other'] },
      700212,
      `${NO_MATCH} audience 'api://other'. Please check ${CHECK}`,
    ],
    [
      'subject',
      { sub: 'system:serviceaccount:other:sa' },
      700213,
      `${NO_MATCH} subject 'system:serviceaccount:other:sa'. Please note that matching is done using a case-sensitive comparison. Check ${CHECK}`,
    ],
    [
      'case of the subject',
      { sub: 'system:serviceaccount:demo:SA' },
      7002138,
      `${NO_MATCH} subject 'system:serviceaccount:demo:SA'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison.`,
    ],
    [
      'two audiences',
      { aud: ['api://AzureADTokenExchange', 'api://b'] },
      700212,
      `${NO_MATCH} audience 'api://AzureADTokenExchange,api://b'. Please check ${CHECK}`,
    ],
    [
      'issuer before all others',
      { iss: 'https://x.invalid', sub: 'x', aud: ['x'] },
      700211,
      `${NO_MATCH} issuer 'https://x.invalid'. Please check ${CHECK}`,
    ],
  ])('%s', async (_, claims, code, text) => {
    expect(await scenario.refusal({ token: mint(claims) })).toEqual([401, 'invalid_client', code, text]);
  });

  test('a credential list that is empty', async () => {
    scenario.credentials.length = 0;
    expect(await scenario.refusal({})).toEqual([
      401,
      'invalid_client',
      70025,
      `The client '${IDENTITY}'(web-mi) has no configured federated identity credentials.`,
    ]);
  });

  test('a flexible credential', async () => {
    scenario.credentials[0] = {
      ...CREDENTIAL,
      subject: null,
      claimsMatchingExpression: { value: "claims['sub'] matches 'x*'", languageVersion: 1 },
    };
    expect((await scenario.refusal({}))[2]).toBe(7002131);
  });
});

describe('tokens that are refused', () => {
  const day = 86_400;
  test.each<[string, () => string, [number, string, number]]>([
    ['no token', () => 'not a token', [400, 'invalid_request', 50027]],
    ['a path', () => '/var/run/secrets/azure/tokens/azure-identity-token', [400, 'invalid_request', 50027]],
    ['alg none', () => mint({}, { algorithm: 'none' }), [400, 'invalid_request', 5002730]],
    ['HS256', () => mint({}, { algorithm: 'HS256' }), [400, 'invalid_request', 5002730]],
    ['ES256', () => mint({}, { key: signingKey('elliptic', 'ES256') }), [400, 'invalid_request', 5002730]],
    ['another typ', () => mint({}, { header: { typ: 'at+jwt' } }), [400, 'invalid_request', 5002727]],
    [
      'an Entra token',
      () => mint({ iss: `https://sts.windows.net/${TENANT}/` }),
      [401, 'invalid_client', 700222],
    ],
    ['self-signed', () => mint({ iss: IDENTITY, sub: IDENTITY }), [401, 'invalid_client', 700027]],
    ['unknown key', () => mint({}, { key: signingKey('other') }), [401, 'invalid_client', 7000272]],
    ['no key id', () => mint({}, { header: { kid: undefined } }), [401, 'invalid_client', 7000272]],
    [
      'signed by another',
      () => mint({}, { key: signingKey('other'), header: { kid: signingKey().kid } }),
      [401, 'invalid_client', 7000274],
    ],
    [
      'expired',
      () => mint({ nbf: now - 2 * day, iat: now - 2 * day, exp: now - day }),
      [401, 'invalid_client', 700024],
    ],
    ['not yet valid', () => mint({ nbf: now + day, exp: now + day + 3600 }), [401, 'invalid_client', 700024]],
    ['too long', () => mint({ iat: now, exp: now + 93_600 }), [400, 'invalid_request', 70023]],
  ])('%s', async (_, token, expected) => {
    expect((await scenario.refusal({ token: token() })).slice(0, 3)).toEqual(expected);
  });

  test('the sentences carry the values', async () => {
    const expired = await scenario.refusal({
      token: mint({ nbf: 1_700_000_000, iat: 1_700_000_000, exp: 1_700_003_600 }),
    });
    expect(expired[3]).toMatch(
      /^Client assertion is not within its valid time range\. Current time: \d{4}-\S+\.\d{7}Z, assertion valid from 2023-11-14T22:13:20\.0000000Z, expiry time of assertion 2023-11-14T23:13:20\.0000000Z\. Review the documentation at \S+ \.$/,
    );
    const long = await scenario.refusal({ token: mint({ iat: now, exp: now + 93_600 }) });
    expect(long[3]).toContain(`1.01:00:00. Token issued at ${now}. Token expires on ${now + 93_600}.`);
    const key = await scenario.refusal({ token: mint({}, { key: signingKey('other') }) });
    expect(key[3]).toContain(
      `The certificate with identifier  used to sign the federated credential could not be found in the metadata of identity provider ${ISSUER}.`,
    );
  });
});

describe('an issuer that Entra cannot read', () => {
  test.each<Misbehaviour>([
    'not-found',
    'forbidden',
    'html',
    'bad-json',
    'wrong-issuer',
    'no-jwks-uri',
    'jwks-uri-http',
    'redirect',
    'too-large',
    'cut',
    'jwks-not-found',
  ])('%s', async (misbehaviour) => {
    const url = `https://eastus.oic.prod-aks.azure.com/${misbehaviour}/`;
    scenario.issuers.publish(url, { misbehaviour });
    scenario.credentials.push({ ...CREDENTIAL, issuer: url });
    expect(await scenario.refusal({ token: mint({ iss: url }) })).toEqual([
      400,
      'invalid_request',
      501661,
      'Request to External OIDC endpoint failed.',
    ]);
  });

  test('an unknown host', async () => {
    const url = 'https://kubernetes.default.svc.cluster.local';
    scenario.credentials.push({ ...CREDENTIAL, issuer: url });
    expect((await scenario.refusal({ token: mint({ iss: url }) }))[2]).toBe(501661);
  });
});
