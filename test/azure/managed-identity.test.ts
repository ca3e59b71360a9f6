import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startImds, type ImdsOptions } from '../support/imds.ts';
import {
  CLIENT,
  reasonOf,
  READER,
  SECRET_SIGN_IN,
  secretsIn,
  startAzureScenario,
  TENANT,
  type AzureScenario,
} from './azure-scenario.ts';

const METADATA_SERVICE = /169\.254/;

let scenario: AzureScenario;
beforeAll(async () => {
  scenario = await startAzureScenario();
});
afterAll(() => scenario.close());

/** A machine with one identity, whose client id is READER. */
const ofMachine: ImdsOptions['token'] = (resource, clientId) =>
  clientId === null || clientId === READER
    ? scenario.entra.issue({
        tenantId: TENANT,
        appId: READER,
        objectId: READER,
        resource: resource.replace(/\/$/, ''),
      })
    : null;

async function diagnose(
  options: ImdsOptions,
  env: Record<string, string> = {},
): Promise<Awaited<ReturnType<AzureScenario['diagnose']>> & { imds: Awaited<ReturnType<typeof startImds>> }> {
  const imds = await startImds(options);
  try {
    const result = await scenario.diagnose(['--azure', 'managed-identity'], { env, hosts: imds.hosts });
    return { ...result, imds };
  } finally {
    await imds.close();
  }
}

describe('--azure managed-identity', () => {
  it("looks things up as the machine's own identity", async () => {
    const { code, report, stdout, stderr, imds } = await diagnose({ token: ofMachine });
    expect([code, report.verdict]).toEqual([0, 'healthy']);
    expect(secretsIn(stdout + stderr)).toEqual([]);
    const asked = imds.requests.filter(({ metadata }) => metadata).map(({ query }) => query['resource']);
    expect(new Set(asked)).toEqual(new Set(['https://management.azure.com', 'https://graph.microsoft.com']));
    expect(imds.requests.every(({ query }) => query['client_id'] === undefined)).toBe(true);
  });

  it('is the user-assigned one that AZURE_CLIENT_ID of the caller names', async () => {
    const { code, imds } = await diagnose({ token: ofMachine }, { AZURE_CLIENT_ID: READER });
    expect(code).toBe(0);
    const named = imds.requests.filter(({ metadata }) => metadata).map(({ query }) => query['client_id']);
    expect(new Set(named)).toEqual(new Set([READER]));
  });

  it('goes before a client secret of the environment', async () => {
    const before = scenario.entra.attempts.length;
    const { code } = await diagnose({ token: ofMachine }, SECRET_SIGN_IN);
    expect(code).toBe(0);
    expect(scenario.entra.attempts.slice(before)).toEqual([]);
  });

  it('is unknown where the machine has no identity', async () => {
    const { code, report } = await diagnose({ token: () => null });
    expect([code, report.verdict]).toEqual([3, 'inconclusive']);
    expect(reasonOf(report, 'identity/exists')).toBe(
      `client id ${CLIENT} was not looked up: the metadata service gives no managed identity`,
    );
  });

  it.each(['ECONNREFUSED', 'EHOSTUNREACH', 'hang'])(
    'is unknown, and soon, where there is no metadata service (%s)',
    async (failure) => {
      const { code, report, ms } = await scenario.diagnose(['--azure', 'managed-identity'], {
        env: {},
        hosts: { '169.254.169.254': failure },
      });
      expect([code, report.verdict]).toEqual([3, 'inconclusive']);
      expect(reasonOf(report, 'identity/exists')).toContain('the metadata service gives no managed identity');
      expect(ms).toBeLessThan(20_000);
    },
  );
});

describe('the metadata service', () => {
  it.each([
    ['nothing', {}],
    ['a client secret', SECRET_SIGN_IN],
    ['half a sign-in', { AZURE_CLIENT_ID: READER, AZURE_TENANT_ID: TENANT }],
  ])('is never asked by itself: %s in the environment', async (_, env) => {
    const imds = await startImds({ token: ofMachine });
    const { connections } = await scenario.diagnose([], { env, hosts: imds.hosts });
    await imds.close();
    expect(connections.filter((one) => METADATA_SERVICE.test(JSON.stringify(one)))).toEqual([]);
    expect(imds.requests).toEqual([]);
  });
});
