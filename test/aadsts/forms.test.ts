import { describe, expect, test } from 'vitest';

import { explainStream, explainText } from '../../src/aadsts/explain-text.ts';
import { body, IDS, SUBJECT, TAIL, TENANT, WRONG_SUBJECT } from './sentence.ts';

const BODY = body(WRONG_SUBJECT, 700213);
const CALL = `FromAssertion(): http call(https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token)(POST) error: reply status code was 401:`;

/** The same answer as many programs print it; each must be read to the same values. */
const FORMS: Readonly<Record<string, string>> = {
  'Go, klog with escaped body': `E0301 12:00:00.000001       1 main.go:60] "failed" err=${JSON.stringify(`${CALL}\n${BODY}`)}`,
  'Go, klog over several lines': `E0301 12:00:00.000001       1 main.go:60] "failed" err=<\n        ${CALL}\n        ${BODY}\n > key="x"`,
  'logfmt, escaped': `time="2026-03-01T12:00:00Z" level=fatal msg=${JSON.stringify(`WorkloadIdentityCredential: ${CALL}\n${BODY}`)}`,
  'JSON line holding the escaped body': JSON.stringify({
    level: 'error',
    ts: 1,
    msg: JSON.stringify(`${CALL}\n${BODY}`),
  }),
  'azcore response': `WorkloadIdentityCredential authentication failed\nPOST https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token\n----\nRESPONSE 401 Unauthorized\n----\n${JSON.stringify(JSON.parse(BODY), null, 2)}\n----`,
  'terraform box, hard wrapped': `╷\n│ Error: building client: POST\n│ https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token\n│ RESPONSE 401: 401 Unauthorized\n│ {\n│   "error": "invalid_client",\n│   "error_description": "AADSTS700213: No matching federated\n│ identity record found for presented assertion subject\n│ '${SUBJECT}'. Check your federated identity\n│ credential Subject, Audience and Issuer. Trace\n│ ID: ${IDS.traceId} Correlation ID:\n│ ${IDS.correlationId} Timestamp: ${IDS.timestamp}",\n╵`,
  'YAML status in single quotes, folded': `    reason: 'Failed to refresh the Token for https://login.microsoftonline.com/${TENANT}/oauth2/token:\n      Status Code = ''401''. Response body: {"error":"invalid_client","error_description":"AADSTS700213:\n      No matching federated identity record found for presented assertion subject\n      ''${SUBJECT}''. Check your federated identity credential.\n      Trace ID: ${IDS.traceId} Correlation ID: ${IDS.correlationId} Timestamp: ${IDS.timestamp}"}'`,
  'colours of a terminal': `\u001b[31mERROR\u001b[0m ${CALL}\n\u001b[1m${BODY}\u001b[0m`,
  'HTML escaped': `<pre>${CALL} ${BODY.replaceAll('"', '&quot;').replaceAll("'", '&#39;')}</pre>`,
  'quotes as \\u0027, as .NET writes them': `${CALL} ${BODY.replaceAll("'", '\\u0027')}`,
  'curly quotes of a mail program': `${CALL} ${BODY.replaceAll(`'${SUBJECT}'`, `‘${SUBJECT}’`)}`,
  'stamps of a runner before every line': [CALL, ...JSON.stringify(JSON.parse(BODY), null, 2).split('\n')]
    .map((line) => `2026-03-01T12:00:00.1234567Z ${line}`)
    .join('\n'),
  'quoted in a mail': `> ${CALL}\n> ${BODY}`,
  'Windows line ends': `${CALL}\r\n${BODY}\r\n`,
  'another language around': `Ошибка входа. 登录失败。 ${CALL} ${BODY} Bitte wenden Sie sich an Ihren Administrator.`,
  'NULs in between': `${CALL}\u0000\n${BODY}\u0000`,
};

const EXPECTED = { subject: SUBJECT, tenant: TENANT, ...IDS };

describe('forms', () => {
  test.each(Object.entries(FORMS))('%s', (_, text) => {
    const { errors } = explainText(text);
    expect(errors.map((error) => error.code)).toEqual([700213]);
    expect(errors[0]).toMatchObject({ oauthError: 'invalid_client', httpStatus: 401, unrelated: false });
    expect(errors[0]?.fields).toEqual(EXPECTED);
    expect(errors[0]?.count).toBeUndefined();
  });

  test.each(Object.entries(FORMS))('%s, as a stream of single bytes', async (_, text) => {
    const bytes = Buffer.from(text, 'utf8');
    const { errors } = await explainStream(oneByOne(bytes));
    expect(errors[0]?.fields).toEqual(EXPECTED);
  });
});

describe('encodings', () => {
  const text = `Erreur à 12 h, Größe 3: ${CALL} ${BODY}`;
  const utf16 = Buffer.from(text, 'utf16le');
  const bytes = {
    'UTF-8 with mark': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
    'UTF-16 LE with mark': Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
    'UTF-16 LE without mark': utf16,
    'UTF-16 BE with mark': Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
    'UTF-16 BE without mark': Buffer.from(utf16).swap16(),
    'Windows-1252': Buffer.from(text, 'latin1'),
    'broken UTF-8': Buffer.concat([
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from(text),
      Buffer.from([0xe2, 0x82]),
    ]),
  };

  test.each(Object.entries(bytes))('%s', async (_, input) => {
    const { errors } = await explainStream(chunked(input, 7));
    expect(errors[0]?.fields).toEqual(EXPECTED);
  });

  test('a directory name in Windows-1252 is read as it was meant', async () => {
    const sentence = `AADSTS700016: Application with identifier 'web' was not found in the directory 'Bäckerei Süß'. This can happen`;
    const { errors } = await explainStream(chunked(Buffer.from(sentence, 'latin1'), 50));
    expect(errors[0]?.fields).toEqual({ appId: 'web', tenant: 'Bäckerei Süß' });
  });

  test('a directory name in another script is kept', () => {
    const { errors } = explainText(
      "AADSTS700016: Application with identifier 'web' was not found in the directory '経理部'. This can happen",
    );
    expect(errors[0]?.fields).toEqual({ appId: 'web', tenant: '経理部' });
  });
});

describe('cut texts', () => {
  test('a sentence that ends inside a value gives no value', () => {
    const { errors } = explainText(
      "Error: AADSTS700213: No matching federated identity record found for presented assertion subject 'system:serviceacc",
    );
    expect(errors).toMatchObject([{ code: 700213, fields: {} }]);
  });

  test('a trace id cut in the middle is no trace id', () => {
    const { errors } = explainText(
      'AADSTS50027: JWT token is invalid or malformed. Trace ID: 55555555-5555-4555-85',
    );
    expect(errors[0]?.fields).toEqual({});
  });

  test('a number broken by the terminal is put together only if the rest is a number and a colon', () => {
    expect(explainText('error AADSTS7002\n13: No matching federated identity record').errors[0]?.code).toBe(
      700213,
    );
    expect(explainText('error AADSTS70021\n3: No matching federated identity record').errors[0]?.code).toBe(
      700213,
    );
    expect(explainText('error AADSTS70021\n3 attempts left').errors[0]?.code).toBe(70021);
  });

  test('the codes member is enough when the description was cut away', () => {
    const { errors } = explainText(`"error_codes": [\n  700211\n ],\n "trace_id": "${IDS.traceId}"`);
    expect(errors).toMatchObject([{ code: 700211, fields: { traceId: IDS.traceId } }]);
  });

  test('a second, cut copy of the same answer is no repetition', () => {
    const { errors } = explainText(
      `WorkloadIdentityCredential: Microsoft Entra ID error '(invalid_client) ${WRONG_SUBJECT}'Content: ${BODY.slice(0, 150)}`,
    );
    expect(errors).toHaveLength(1);
    expect(errors[0]?.count).toBeUndefined();
  });

  test('an error in the query of a redirect is an occurrence', () => {
    const { errors } = explainText(
      `GET /cb?error=invalid_client&error_description=AADSTS700016%3a+Application+with+identifier+%27web%27+was+not+found+in+the+directory+%27${TENANT}%27. HTTP/1.1`,
    );
    expect(errors).toMatchObject([{ code: 700016, fields: { appId: 'web', tenant: TENANT } }]);
  });

  test('values altered by hand in one answer are all kept', () => {
    const other = '77777777-7777-4777-8777-777777777777';
    const { errors } = explainText(
      body(WRONG_SUBJECT, 700213).replace(`"trace_id":"${IDS.traceId}"`, `"trace_id":"${other}"`),
    );
    expect(errors[0]?.fields.traceId).toEqual([IDS.traceId, other]);
  });
});

test('settings printed by a login action fill what the message lacks', () => {
  const { errors } = explainText(
    [
      'Run azure/login@v2',
      '  with:',
      '    client-id: 33333333-3333-4333-8333-333333333333',
      `    tenant-id: ${TENANT}`,
      '    audience: api://AzureADTokenExchange',
      'Federated token details:',
      ' issuer - https://token.actions.githubusercontent.com',
      ' subject claim - repo:acme/shop:ref:refs/heads/main',
      "Error: AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:acme/sh",
    ].join('\n'),
  );
  expect(errors[0]?.fields).toEqual({
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:acme/shop:ref:refs/heads/main',
    audience: 'api://AzureADTokenExchange',
    appId: '33333333-3333-4333-8333-333333333333',
    tenant: TENANT,
  });
});

test('a sign-in page calls the trace id request id and prints it first', () => {
  const { errors } = explainText(
    `Request Id: ${IDS.traceId}\nCorrelation Id: ${IDS.correlationId}\nTimestamp: 2026-03-01T12:00:00Z\nMessage: AADSTS7000112: Application '33333333-3333-4333-8333-333333333333'(Shop) is disabled.`,
  );
  expect(errors).toMatchObject([
    {
      code: 7000112,
      unrelated: true,
      fields: { traceId: IDS.traceId, correlationId: IDS.correlationId, timestamp: '2026-03-01T12:00:00Z' },
    },
  ]);
});

test('the tail may stand beside an empty slot', () => {
  const { errors } = explainText(
    `AADSTS700016: Application with identifier '' was not found in the directory 'Contoso'. ${TAIL}`,
  );
  expect(errors[0]?.fields).toEqual({ tenant: 'Contoso', ...IDS });
});

test.each<[string, (sentence: string) => string]>([
  ['behind escaped slashes', (sentence) => JSON.stringify({ sentence }).replaceAll('/', String.raw`\/`)],
  [
    'behind slashes by number',
    (sentence) => JSON.stringify({ sentence }).replaceAll('/', String.raw`\u002f`),
  ],
  [
    'in the query of an address',
    (sentence) => `GET /cb?error=invalid_client&error_description=${encodeURIComponent(sentence)}&state=1`,
  ],
  [
    'in a query inside a query',
    (sentence) => `error_description=${encodeURIComponent(encodeURIComponent(sentence))}`,
  ],
  ['in an encoded sentence alone', (sentence) => `msg=${encodeURIComponent(sentence)}`],
  ['behind entities', (sentence) => `<p>${sentence.replaceAll("'", '&#39;')}</p>`],
])('values are read as Entra sent them %s', (_, written) => {
  const issuer = 'https://oidc.shop.example/cluster-1/';
  const { errors } = explainText(
    written(
      `AADSTS70021: No matching federated identity record found for presented assertion. Assertion Issuer: '${issuer}'. Assertion Subject: '${SUBJECT}'. Assertion Audience: 'api://AzureADTokenExchange'. ${TAIL}`,
    ),
  );
  expect(errors).toMatchObject([{ code: 70021 }]);
  expect(errors[0]?.fields).toEqual({
    issuer,
    subject: SUBJECT,
    audience: 'api://AzureADTokenExchange',
    ...IDS,
  });
});

test('kubectl folds a long message, and rsyslog writes line ends by number', () => {
  const first = `AADSTS700213: No matching federated identity record found for presented assertion subject '${SUBJECT}'.`;
  const folded = explainText(
    `    message: "${first} Trace ID:\\\n      \\ ${IDS.traceId} Correlation\\\n      \\ ID: ${IDS.correlationId} Timestamp: ${IDS.timestamp}"`,
  );
  const numbered = explainText(
    `Mar 14 08:21:37 n1 app: ${first}#015#012Trace ID: ${IDS.traceId}#015#012Correlation ID: ${IDS.correlationId}#015#012Timestamp: ${IDS.timestamp}`,
  );
  for (const { errors } of [folded, numbered])
    expect(errors[0]?.fields).toEqual({ subject: SUBJECT, ...IDS });
});

test('kubectl names the pod before every line of a wrapped message', () => {
  const { errors } = explainText(
    `[pod/web-1/app] AADSTS700213: No matching federated identity record found for presented\n[pod/web-1/app] assertion subject '${SUBJECT}'. Trace ID: ${IDS.traceId} Correlation\n[pod/web-1/app] ID: ${IDS.correlationId} Timestamp: ${IDS.timestamp}`,
  );
  expect(errors[0]?.fields).toEqual({ subject: SUBJECT, ...IDS });
});

test('the status behind a long body and the address of the request belong to the answer', () => {
  const { errors } = explainText(
    `Error performing token request: response error "${JSON.stringify(BODY).slice(1, -1)}", after 0 retries: HTTP status client error (401 Unauthorized) for url (https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token)`,
  );
  expect(errors).toMatchObject([{ code: 700213, httpStatus: 401, fields: { tenant: TENANT } }]);
});

test('the error line of an Azure response is no log record of its own', () => {
  const { errors } = explainText(
    "GET https://kv-shop.vault.azure.net/secrets/db/\n----\nRESPONSE 403: 403 Forbidden\nERROR CODE: Forbidden\n----\nThe user, group or application 'appid=33333333-3333-4333-8333-333333333333;oid=77777777-7777-4777-8777-777777777777;iss=https://sts.windows.net/x/' does not have secrets get permission on key vault 'kv-shop'.",
  );
  expect(errors).toMatchObject([
    {
      kind: 'key-vault-access-denied',
      httpStatus: 403,
      fields: {
        appId: '33333333-3333-4333-8333-333333333333',
        objectId: '77777777-7777-4777-8777-777777777777',
      },
    },
  ]);
});

test('a request that never arrived names its tenant', () => {
  const { errors } = explainText(
    `Post "https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token": context deadline exceeded`,
  );
  expect(errors).toMatchObject([{ kind: 'authority-unreachable', fields: { tenant: TENANT } }]);
});

async function* oneByOne(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (const byte of bytes) yield Uint8Array.of(byte);
}

async function* chunked(bytes: Buffer, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
