import { describe, expect, test } from 'vitest';

import { explainStream, explainText } from '../../src/aadsts/explain-text.ts';
import { SUBJECT, TENANT } from './sentence.ts';

/** A GUID of its own for every number. */
function guid(number: number): string {
  return `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

function refused(number: number, subject = SUBJECT): string {
  return `E0301 12:00:${String(number % 60).padStart(2, '0')}.000000 1 main.go:1] AADSTS700213: No matching federated identity record found for presented assertion subject '${subject}'. Trace ID: ${guid(number)} Correlation ID: ${guid(number + 5000)} Timestamp: 2026-03-01 12:00:${String(number % 60).padStart(2, '0')}Z`;
}

describe('episodes', () => {
  test('the same error with new ids is counted, and its ids are kept', () => {
    const { errors } = explainText([refused(1), refused(2), refused(3)].join('\n'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      code: 700213,
      count: 3,
      fields: { subject: SUBJECT, traceId: [guid(1), guid(2), guid(3)] },
    });
  });

  test('one answer printed by two layers happened once', () => {
    const { errors } = explainText(`${refused(1)}\n${refused(1)}`);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.count).toBeUndefined();
    expect(errors[0]?.fields.traceId).toBe(guid(1));
  });

  test('a refusal of a resource in the next record is an error of its own', () => {
    const { errors } = explainText(
      `${refused(1)}\nE0301 12:00:02.000000 1 main.go:1] Status=403 Code="AuthorizationFailed" Message="The client '${guid(8)}' with object id '${guid(9)}' does not have authorization to perform action 'Microsoft.Storage/storageAccounts/read' over scope '/subscriptions/s'"`,
    );
    expect(errors.map(({ code, kind }) => code ?? kind)).toEqual([700213, 'arm-authorization-failed']);
  });

  test('other values are another episode', () => {
    const { errors } = explainText(
      [refused(1), refused(2, 'system:serviceaccount:billing:reports')].join('\n'),
    );
    expect(errors.map((error) => error.fields.subject)).toEqual([
      SUBJECT,
      'system:serviceaccount:billing:reports',
    ]);
  });

  test('values stay with their own error', () => {
    const { errors } = explainText(
      `time="1" msg="https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token reply status code was 400 {\\"error\\":\\"unauthorized_client\\",\\"error_description\\":\\"AADSTS700016: Application with identifier 'one' was not found in the directory '${TENANT}'. Trace ID: ${guid(1)} Correlation ID: ${guid(2)} Timestamp: 2026-03-01 12:00:00Z\\"}"\ntime="2" msg="reply status code was 401 {\\"error\\":\\"invalid_client\\",\\"error_description\\":\\"AADSTS700213: No matching federated identity record found for presented assertion subject '${SUBJECT}'. Trace ID: ${guid(3)} Correlation ID: ${guid(4)} Timestamp: 2026-03-01 13:00:00Z\\"}"`,
    );
    expect(errors).toMatchObject([
      {
        code: 700016,
        oauthError: 'unauthorized_client',
        httpStatus: 400,
        fields: { appId: 'one', tenant: TENANT, traceId: guid(1), timestamp: '2026-03-01 12:00:00Z' },
      },
      {
        code: 700213,
        oauthError: 'invalid_client',
        httpStatus: 401,
        fields: { subject: SUBJECT, traceId: guid(3), timestamp: '2026-03-01 13:00:00Z' },
      },
    ]);
    expect(errors[1]?.fields.appId).toBeUndefined();
  });

  test('a message without ids counts once per record', () => {
    const line =
      'E0705 12:17:57.022789 1 token.go:43] "failed to read the service account token" err="open : no such file or directory"';
    expect(explainText(`${line}\n${line}\n${line}`).errors).toMatchObject([
      { kind: 'token-path-empty', count: 3 },
    ]);
  });

  test('an event says itself how often it happened', () => {
    const { errors } = explainText(
      '  Warning  FailedCreate  2m (x14 over 5m)  replicaset-controller  Error creating: admission webhook "mutation.azure-workload-identity.io" denied the request: token expiration 60 not valid. Expected value to be between 3600 and 86400',
    );
    expect(errors).toMatchObject([{ kind: 'admission-expiration-invalid', count: 14 }]);
  });

  test('unrelated errors come last', () => {
    const { errors } = explainText(
      `AADSTS50076: Due to a configuration change made by your administrator you must use multi-factor authentication to access 'x'.\n${refused(1)}`,
    );
    expect(errors.map((error) => [error.code, error.unrelated])).toEqual([
      [700213, false],
      [50076, true],
    ]);
  });
});

describe('long streams', () => {
  const noise = '{"level":"info","msg":"reconciled order 4711 in 12ms"}\n'.repeat(200);

  async function* log(lines: number): AsyncIterable<Uint8Array> {
    const chunk = Buffer.from(noise);
    for (let number = 0; number < lines; number++) {
      yield chunk;
      yield Buffer.from(`${refused(number)}\n`);
    }
    for (let number = 0; number < 50; number++) yield chunk;
  }

  test('every error is found and counted, wherever the pieces are cut', async () => {
    const { errors } = await explainStream(log(300));
    expect(errors).toMatchObject([{ code: 700213, count: 300, fields: { subject: SUBJECT } }]);
  });

  test('of many ids the first ones and the latest stay', async () => {
    const { errors } = await explainStream(log(300));
    const traces = errors[0]?.fields.traceId as string[];
    expect(traces).toHaveLength(8);
    expect(traces[0]).toBe(guid(0));
    expect(traces.at(-1)).toBe(guid(299));
  });

  test('memory stays constant over 64 MB', async () => {
    const chunk = Buffer.alloc(1024 * 1024, `${noise}\n`);
    async function* big(): AsyncIterable<Uint8Array> {
      for (let count = 0; count < 64; count++) yield chunk;
      yield Buffer.from(refused(1));
    }
    const before = process.memoryUsage().rss;
    const { errors } = await explainStream(big());
    expect(errors).toMatchObject([{ code: 700213 }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
  });

  test('a line of megabytes does no harm', async () => {
    async function* line(): AsyncIterable<Uint8Array> {
      for (let count = 0; count < 8; count++) yield Buffer.alloc(1024 * 1024, 'x');
      yield Buffer.from(` ${refused(1)} `);
      for (let count = 0; count < 8; count++) yield Buffer.alloc(1024 * 1024, "' ");
    }
    expect((await explainStream(line())).errors).toMatchObject([
      { code: 700213, fields: { subject: SUBJECT, traceId: guid(1) } },
    ]);
  });
});
