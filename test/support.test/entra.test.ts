import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { AzureWorld, FederatedCredential } from '../support/azure/world.ts';
import { type Entra, type EntraOptions, startEntra } from '../support/entra.ts';
import {
  type IssuerServer,
  type Misbehaviour,
  mintToken,
  serviceAccountClaims,
  signingKey,
  startIssuer,
} from '../support/issuer.ts';
import { type Answer, httpsRequest } from './https-request.ts';

const ISSUER = 'https://eastus.oic.prod-aks.azure.com/tenant/guid/';
const TENANT = '22222222-2222-4222-8222-222222222222';
const GOVERNMENT = '22222222-2222-4222-8222-00000000000a';
const IDENTITY = '11111111-1111-4111-8111-111111111111';
const APP = '11111111-1111-4111-8111-000000000001';
const UNKNOWN = '99999999-9999-4999-8999-999999999999';
const BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const CREDENTIAL: FederatedCredential = {
  name: 'fed',
  issuer: ISSUER,
  subject: 'system:serviceaccount:demo:sa',
};

let issuers: IssuerServer;
let entra: Entra;
let credentials: FederatedCredential[];

beforeAll(async () => {
  issuers = await startIssuer();
  issuers.publish(ISSUER);
});
afterAll(() => issuers.close());

async function start(options: EntraOptions = {}): Promise<void> {
  await entra?.close();
  const world: AzureWorld = {
    tenants: [
      {
        id: TENANT,
        displayName: 'Contoso',
        domains: ['contoso.onmicrosoft.com'],
        identities: [
          {
            name: 'web-mi',
            subscriptionId: UNKNOWN,
            resourceGroup: 'rg',
            principalId: UNKNOWN,
            clientId: IDENTITY,
            federatedCredentials: credentials,
          },
        ],
        applications: [
          { appId: APP, id: 'a1', displayName: 'Reader', secrets: ['right'], expiredSecrets: ['old'] },
          { appId: APP.replace(/1$/, '2'), id: 'a2', withoutServicePrincipal: true },
          { appId: APP.replace(/1$/, '3'), id: 'a3', displayName: 'Off', disabled: true },
        ],
      },
      { id: GOVERNMENT, cloud: 'usgov' },
    ],
  };
  entra = await startEntra(world, { issuers: issuers.hosts, ...options });
}

beforeEach(async () => {
  credentials = [{ ...CREDENTIAL }];
  await start();
});
afterAll(() => entra.close());

interface Exchange {
  tenant?: string;
  host?: string;
  form?: Record<string, string | undefined>;
  token?: string;
  headers?: Record<string, string>;
}

function exchange({
  tenant = TENANT,
  host = 'login.microsoftonline.com',
  form = {},
  token,
  headers,
}: Exchange = {}): Promise<Answer> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: IDENTITY,
    scope: 'https://graph.microsoft.com/.default',
    client_assertion_type: BEARER,
    client_assertion: token ?? mint(),
    ...form,
  };
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return httpsRequest(`${entra.url}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    host,
    servername: host,
    body: new URLSearchParams(given).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
  });
}

function mint(claims: Record<string, unknown> = {}, rest: Parameters<typeof mintToken>[0] = {}): string {
  const usual = serviceAccountClaims({ issuer: ISSUER, namespace: 'demo', serviceAccount: 'sa' });
  return mintToken({ claims: { ...usual, ...claims }, ...rest });
}

interface Refusal {
  error: string;
  error_description: string;
  error_codes: number[];
}

async function refusal(options: Exchange): Promise<[number, string, number, string]> {
  const { status, text } = await exchange(options);
  const { error, error_codes: codes, error_description: description } = JSON.parse(text) as Refusal;
  const sentence = description.replace(/^AADSTS\d+: /, '').replace(/ Trace ID: .*$/, '');
  return [status, error, codes[0] ?? 0, sentence];
}

const now = Math.floor(Date.now() / 1000);
const NO_MATCH = 'No matching federated identity record found for presented assertion';
const CHECK =
  'your federated identity credential Subject, Audience and Issuer against the presented assertion. ' +
  'https://learn.microsoft.com/entra/workload-id/workload-identity-federation';

describe('an exchange where every byte matches', () => {
  test('gives a token and remembers whose it is', async () => {
    const { status, text } = await exchange();
    expect(status).toBe(200);
    const body = JSON.parse(text) as { access_token: string };
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 86_399, ext_expires_in: 86_399 });
    expect(entra.principalOf(body.access_token)).toEqual({
      tenantId: TENANT,
      appId: IDENTITY,
      objectId: UNKNOWN,
      resource: 'https://graph.microsoft.com',
    });
    expect(entra.attempts).toEqual([
      {
        host: 'login.microsoftonline.com',
        tenant: TENANT,
        clientId: IDENTITY,
        scope: 'https://graph.microsoft.com/.default',
        with: 'assertion',
        code: 0,
      },
    ]);
    expect(issuers.requests.at(-1)).toMatchObject({ path: '/tenant/guid/openid/v1/jwks' });
  });

  test('works by domain name, for a day, and with a secret', async () => {
    expect((await exchange({ tenant: 'contoso.onmicrosoft.com' })).status).toBe(200);
    expect((await exchange({ token: mint({ exp: now + 86_400, iat: now }) })).status).toBe(200);
    const secret = {
      client_id: APP,
      client_assertion: undefined,
      client_assertion_type: undefined,
      client_secret: 'right',
    };
    expect((await exchange({ form: secret })).status).toBe(200);
  });
});

test('a refusal is the whole document', async () => {
  const correlation = '6d9f7c0e-0000-4000-8000-0123456789ab';
  const { status, headers, text } = await exchange({
    token: mint({ sub: 'system:serviceaccount:demo:other' }),
    headers: { 'client-request-id': correlation },
  });
  expect(status).toBe(401);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  const body = JSON.parse(text) as Record<string, string>;
  expect(Object.keys(body)).toEqual([
    'error',
    'error_description',
    'error_codes',
    'timestamp',
    'trace_id',
    'correlation_id',
    'error_uri',
  ]);
  expect(body).toMatchObject({
    error: 'invalid_client',
    error_codes: [700213],
    correlation_id: correlation,
    error_uri: 'https://login.microsoftonline.com/error?code=700213',
  });
  expect(body['error_description']).toMatch(
    new RegExp(
      `^AADSTS700213: ${NO_MATCH} subject 'system:serviceaccount:demo:other'\\. .* ` +
        `Trace ID: ${GUID} Correlation ID: ${correlation} Timestamp: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ$`,
    ),
  );
});

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
    expect(await refusal({ token: mint(claims) })).toEqual([401, 'invalid_client', code, text]);
  });

  test('a credential list that is empty', async () => {
    credentials.length = 0;
    expect(await refusal({})).toEqual([
      401,
      'invalid_client',
      70025,
      `The client '${IDENTITY}'(web-mi) has no configured federated identity credentials.`,
    ]);
  });

  test('a flexible credential', async () => {
    credentials[0] = {
      ...CREDENTIAL,
      subject: null,
      claimsMatchingExpression: { value: "claims['sub'] matches 'x*'", languageVersion: 1 },
    };
    expect((await refusal({}))[2]).toBe(7002131);
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
    expect((await refusal({ token: token() })).slice(0, 3)).toEqual(expected);
  });

  test('the sentences carry the values', async () => {
    const expired = await refusal({
      token: mint({ nbf: 1_700_000_000, iat: 1_700_000_000, exp: 1_700_003_600 }),
    });
    expect(expired[3]).toMatch(
      /^Client assertion is not within its valid time range\. Current time: \d{4}-\S+\.\d{7}Z, assertion valid from 2023-11-14T22:13:20\.0000000Z, expiry time of assertion 2023-11-14T23:13:20\.0000000Z\. Review the documentation at \S+ \.$/,
    );
    const long = await refusal({ token: mint({ iat: now, exp: now + 93_600 }) });
    expect(long[3]).toContain(`1.01:00:00. Token issued at ${now}. Token expires on ${now + 93_600}.`);
    const key = await refusal({ token: mint({}, { key: signingKey('other') }) });
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
    issuers.publish(url, { misbehaviour });
    credentials.push({ ...CREDENTIAL, issuer: url });
    expect(await refusal({ token: mint({ iss: url }) })).toEqual([
      400,
      'invalid_request',
      501661,
      'Request to External OIDC endpoint failed.',
    ]);
  });

  test('an unknown host', async () => {
    const url = 'https://kubernetes.default.svc.cluster.local';
    credentials.push({ ...CREDENTIAL, issuer: url });
    expect((await refusal({ token: mint({ iss: url }) }))[2]).toBe(501661);
  });
});

describe('clients and tenants', () => {
  test.each<[string, Exchange, [number, string, number, string]]>([
    [
      'no such client',
      { form: { client_id: UNKNOWN } },
      [
        400,
        'unauthorized_client',
        700016,
        `Application with identifier '${UNKNOWN}' was not found in the directory 'Contoso'.`,
      ],
    ],
    [
      'no service principal',
      { form: { client_id: APP.replace(/1$/, '2') } },
      [
        401,
        'invalid_client',
        7000229,
        `The client application ${APP.replace(/1$/, '2')} is missing service principal in the tenant ${TENANT}.`,
      ],
    ],
    [
      'disabled',
      { form: { client_id: APP.replace(/1$/, '3') } },
      [400, 'unauthorized_client', 7000112, `Application '${APP.replace(/1$/, '3')}'(Off) is disabled.`],
    ],
    ['unknown tenant', { tenant: UNKNOWN }, [400, 'invalid_tenant', 90002, `Tenant '${UNKNOWN}' not found.`]],
    [
      'other cloud',
      { tenant: GOVERNMENT },
      [400, 'invalid_tenant', 90002, `Tenant '${GOVERNMENT}' not found.`],
    ],
    [
      'no tenant at all',
      { tenant: encodeURIComponent('<TENANT_ID>') },
      [
        400,
        'invalid_request',
        900023,
        "Specified tenant identifier '<TENANT_ID>' is neither a valid DNS name",
      ],
    ],
    [
      'empty guid',
      { tenant: '00000000-0000-0000-0000-000000000000' },
      [
        400,
        'invalid_request',
        900021,
        "Requested tenant identifier '00000000-0000-0000-0000-000000000000' is not valid.",
      ],
    ],
    [
      'common',
      { tenant: 'common' },
      [400, 'invalid_request', 50059, 'No tenant-identifying information found'],
    ],
    [
      'empty client id',
      { form: { client_id: '' } },
      [400, 'invalid_request', 900144, "The request body must contain the following parameter: 'client_id'."],
    ],
    [
      'empty token',
      { form: { client_assertion: '' } },
      [
        400,
        'invalid_request',
        900144,
        "The request body must contain the following parameter: 'client_assertion'.",
      ],
    ],
    [
      'no credential',
      { form: { client_assertion: undefined, client_assertion_type: undefined } },
      [401, 'invalid_client', 7000218, 'The request body must contain the following parameter'],
    ],
    [
      'wrong secret',
      {
        form: {
          client_id: APP,
          client_assertion: undefined,
          client_assertion_type: undefined,
          client_secret: 'wrong',
        },
      },
      [401, 'invalid_client', 7000215, 'Invalid client secret provided.'],
    ],
    [
      'old secret',
      {
        form: {
          client_id: APP,
          client_assertion: undefined,
          client_assertion_type: undefined,
          client_secret: 'old',
        },
      },
      [401, 'invalid_client', 7000222, 'The provided client secret keys'],
    ],
    [
      'no such resource',
      { form: { scope: 'https://nope.example/.default' } },
      [
        400,
        'invalid_resource',
        500011,
        'The resource principal named https://nope.example was not found in the tenant named Contoso.',
      ],
    ],
    [
      'no .default',
      { form: { scope: 'https://graph.microsoft.com/User.Read' } },
      [
        400,
        'invalid_scope',
        1002012,
        'The provided value for scope https://graph.microsoft.com/User.Read is not valid.',
      ],
    ],
  ])('%s', async (_, options, [status, error, code, start]) => {
    const answer = await refusal(options);
    expect(answer.slice(0, 3)).toEqual([status, error, code]);
    expect(answer[3].slice(0, start.length)).toBe(start);
  });

  test('a tenant of another cloud is found at its own host', async () => {
    expect((await refusal({ tenant: GOVERNMENT, host: 'login.microsoftonline.us' }))[2]).toBe(700016);
  });
});

describe('trouble on the other side', () => {
  test('a share of exchanges fails although all matches', async () => {
    await start({ failureRate: 0.25 });
    const codes: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) codes.push((await exchange()).status);
    expect(codes).toEqual([200, 200, 200, 401, 200, 200, 200, 401]);
  });

  test('a credential that has not propagated yet', async () => {
    credentials[0] = { ...CREDENTIAL, unseenExchanges: 2 };
    expect((await refusal({}))[2]).toBe(700213);
    expect((await refusal({}))[2]).toBe(700213);
    expect((await exchange()).status).toBe(200);
  });

  test('throttling and outages', async () => {
    const path = /token$/;
    entra.faults.add({ match: { path, times: 1 }, fault: { kind: 'error', status: 429, retryAfter: 2 } });
    entra.faults.add({ match: { path, times: 1 }, fault: { kind: 'error', status: 503 } });
    const throttled = await exchange();
    expect(throttled).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
    expect(throttled.text).toContain('AADSTS90055');
    const down = await exchange();
    expect(down.status).toBe(503);
    expect(down.text).toContain('"error":"temporarily_unavailable"');
  });
});
