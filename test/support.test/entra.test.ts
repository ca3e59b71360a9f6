import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  APP,
  CREDENTIAL,
  type Exchange,
  GOVERNMENT,
  IDENTITY,
  TENANT,
  UNKNOWN,
  mint,
  type Scenario,
  startScenario,
} from './entra-scenario.ts';

const now = Math.floor(Date.now() / 1000);
const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const NO_MATCH = 'No matching federated identity record found for presented assertion';
let scenario: Scenario;
beforeEach(async () => {
  scenario = await startScenario();
});
afterEach(() => scenario.close());

describe('an exchange where every byte matches', () => {
  test('gives a token and remembers whose it is', async () => {
    const { status, text } = await scenario.exchange();
    expect(status).toBe(200);
    const body = JSON.parse(text) as { access_token: string };
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 86_399, ext_expires_in: 86_399 });
    expect(scenario.entra.principalOf(body.access_token)).toEqual({
      tenantId: TENANT,
      appId: IDENTITY,
      objectId: UNKNOWN,
      resource: 'https://graph.microsoft.com',
    });
    expect(scenario.entra.attempts).toEqual([
      {
        host: 'login.microsoftonline.com',
        tenant: TENANT,
        clientId: IDENTITY,
        scope: 'https://graph.microsoft.com/.default',
        with: 'assertion',
        code: 0,
      },
    ]);
    expect(scenario.issuers.requests.at(-1)).toMatchObject({ path: '/tenant/guid/openid/v1/jwks' });
  });

  test('works by domain name, for a day, and with a secret', async () => {
    expect((await scenario.exchange({ tenant: 'contoso.onmicrosoft.com' })).status).toBe(200);
    expect((await scenario.exchange({ token: mint({ exp: now + 86_400, iat: now }) })).status).toBe(200);
    const secret = {
      client_id: APP,
      client_assertion: undefined,
      client_assertion_type: undefined,
      client_secret: 'right',
    };
    expect((await scenario.exchange({ form: secret })).status).toBe(200);
  });
});

test('a refusal is the whole document', async () => {
  const correlation = '6d9f7c0e-0000-4000-8000-0123456789ab';
  const { status, headers, text } = await scenario.exchange({
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
    const answer = await scenario.refusal(options);
    expect(answer.slice(0, 3)).toEqual([status, error, code]);
    expect(answer[3].slice(0, start.length)).toBe(start);
  });

  test('a tenant of another cloud is found at its own host', async () => {
    expect((await scenario.refusal({ tenant: GOVERNMENT, host: 'login.microsoftonline.us' }))[2]).toBe(
      700016,
    );
  });
});

describe('trouble on the other side', () => {
  test('a share of exchanges fails although all matches', async () => {
    await scenario.close();
    scenario = await startScenario({ failureRate: 0.25 });
    const codes: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) codes.push((await scenario.exchange()).status);
    expect(codes).toEqual([200, 200, 200, 401, 200, 200, 200, 401]);
  });

  test('a credential that has not propagated yet', async () => {
    scenario.credentials[0] = { ...CREDENTIAL, unseenExchanges: 2 };
    expect((await scenario.refusal({}))[2]).toBe(700213);
    expect((await scenario.refusal({}))[2]).toBe(700213);
    expect((await scenario.exchange()).status).toBe(200);
  });

  test('throttling and outages', async () => {
    const path = /token$/;
    scenario.entra.faults.add({
      match: { path, times: 1 },
      fault: { kind: 'error', status: 429, retryAfter: 2 },
    });
    scenario.entra.faults.add({ match: { path, times: 1 }, fault: { kind: 'error', status: 503 } });
    const throttled = await scenario.exchange();
    expect(throttled).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
    expect(throttled.text).toContain('AADSTS90055');
    const down = await scenario.exchange();
    expect(down.status).toBe(503);
    expect(down.text).toContain('"error":"temporarily_unavailable"');
  });
});
