import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Azure, startAzure } from '../support/azure.ts';
import { type Entra, startEntra } from '../support/entra.ts';
import { type IssuerServer, mintToken, serviceAccountClaims, startIssuer } from '../support/issuer.ts';
import { runNode, type RunResult } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ISSUER = 'https://eastus.oic.prod-aks.azure.com/tenant/guid/';
const TENANT = '22222222-2222-4222-8222-222222222222';
const IDENTITY = '11111111-1111-4111-8111-111111111111';
const ADMIN = '11111111-1111-4111-8111-000000000001';
const SUBSCRIPTION = '44444444-4444-4444-8444-444444444444';

let issuers: IssuerServer;
let entra: Entra;
let azure: Azure;

beforeAll(async () => {
  issuers = await startIssuer();
  issuers.publish(ISSUER);
  const world = {
    tenants: [
      {
        id: TENANT,
        identities: [
          {
            name: 'web-mi',
            subscriptionId: SUBSCRIPTION,
            resourceGroup: 'rg',
            clientId: IDENTITY,
            principalId: '33333333-3333-4333-8333-333333333333',
            federatedCredentials: [
              {
                name: 'fed',
                issuer: ISSUER,
                subject: 'system:serviceaccount:demo:sa',
              },
            ],
          },
        ],
        applications: [{ appId: ADMIN, id: '55555555-5555-4555-8555-555555555555', secrets: ['test-only'] }],
      },
    ],
  };
  entra = await startEntra(world, { issuers: issuers.hosts });
  azure = await startAzure(world, { entra });
});
afterAll(() => Promise.all([issuers.close(), entra.close(), azure.close()]));

/** Signs in with the real library in a process of its own, as an application would. */
function signIn(credential: string, env: Record<string, string>): Promise<RunResult> {
  const script = `
    import * as identity from '@azure/identity';
    import https from 'node:https';
    const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, TOKEN: token, SECRET: secret } = process.env;
    try {
      const { token: access } = await (${credential}).getToken('https://management.azure.com/.default');
      const url = 'https://management.azure.com/subscriptions?api-version=2022-12-01';
      https.get(url, { headers: { authorization: 'Bearer ' + access } }, (response) => response.pipe(process.stdout));
    } catch (error) {
      process.exitCode = 1;
      process.stdout.write(error.name + ': ' + error.message);
    }
  `;
  return runNode(['--input-type=module', '--eval', script], {
    cwd: ROOT,
    hosts: { ...issuers.hosts, ...entra.hosts, ...azure.hosts },
    env: { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: IDENTITY, ...env },
  });
}

function token(serviceAccount = 'sa'): string {
  return mintToken({ claims: serviceAccountClaims({ issuer: ISSUER, namespace: 'demo', serviceAccount }) });
}

describe('the real @azure/identity signs in', () => {
  test('with ClientAssertionCredential', async () => {
    const { code, stdout, connections } = await signIn(
      'new identity.ClientAssertionCredential(tenant, client, async () => token)',
      { TOKEN: token() },
    );
    expect({ code, body: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 0,
      body: { value: [{ subscriptionId: SUBSCRIPTION, tenantId: TENANT }] },
    });
    expect(new Set(connections.map(({ connect }) => connect))).toEqual(
      new Set(['login.microsoftonline.com', 'management.azure.com']),
    );
  });

  test('with WorkloadIdentityCredential and a token file', async () => {
    const file = join(temporaryFolder('token'), 'azure-identity-token');
    writeFileSync(file, token());
    const { code } = await signIn('new identity.WorkloadIdentityCredential()', {
      AZURE_FEDERATED_TOKEN_FILE: file,
    });
    expect(code).toBe(0);
    expect(entra.attempts.at(-1)).toMatchObject({ clientId: IDENTITY, with: 'assertion', code: 0 });
  });

  test('with ClientSecretCredential', async () => {
    const { code } = await signIn(`new identity.ClientSecretCredential(tenant, '${ADMIN}', secret)`, {
      SECRET: 'test-only',
    });
    expect(code).toBe(0);
    expect(entra.attempts.at(-1)).toMatchObject({ clientId: ADMIN, with: 'secret', code: 0 });
  });
});

describe('the real @azure/identity is refused', () => {
  test.each([
    ['another service account', { TOKEN: token('other') }, 'AADSTS700213'],
    [
      'another client',
      { TOKEN: token(), AZURE_CLIENT_ID: '99999999-9999-4999-8999-999999999999' },
      'AADSTS700016',
    ],
    [
      'another tenant',
      { TOKEN: token(), AZURE_TENANT_ID: '99999999-9999-4999-8999-999999999999' },
      'AADSTS90002',
    ],
    ['no token', { TOKEN: 'gone' }, 'AADSTS50027'],
  ])('%s', async (_, env, text) => {
    const { code, stdout } = await signIn(
      'new identity.ClientAssertionCredential(tenant, client, async () => token)',
      env,
    );
    expect(code).toBe(1);
    expect(stdout).toContain(text);
  });
});
