import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Azure, startAzure } from '../support/azure.ts';
import { type Entra, startEntra } from '../support/entra.ts';
import {
  CLIENT,
  CLUSTER,
  GROUP,
  IDENTITY,
  ISSUER,
  OTHER_SUBSCRIPTION,
  PRINCIPAL,
  ROLE,
  SUBSCRIPTION,
  TENANT,
  WORLD,
} from './azure-world.ts';
import { type Answer, httpsRequest } from './https-request.ts';

let entra: Entra;
let azure: Azure;
let arm: string;
let graph: string;

beforeAll(async () => {
  entra = await startEntra(WORLD);
  azure = await startAzure(WORLD, { entra, pageSize: 2 });
  const who = { tenantId: TENANT, appId: 'reader', objectId: 'reader-object' };
  arm = entra.issue({ ...who, resource: 'https://management.azure.com' });
  graph = entra.issue({ ...who, resource: 'https://graph.microsoft.com' });
});
afterAll(() => Promise.all([entra.close(), azure.close()]));

function askArm(path: string, options: { token?: string | null; body?: object } = {}): Promise<Answer> {
  const { token = arm, body } = options;
  const version = path.includes('?') ? '' : '?api-version=2024-11-30';
  return httpsRequest(azure.url + path.replaceAll(' ', '%20') + version, {
    method: body ? 'POST' : 'GET',
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  });
}

interface Listed {
  value: { name: string; id: string; properties: Record<string, unknown> }[];
  nextLink?: string;
  '@odata.nextLink'?: string;
}

function parsed({ text }: Answer): Listed {
  return JSON.parse(text) as Listed;
}

describe('ARM', () => {
  test('shows an identity and pages its credentials', async () => {
    expect(JSON.parse((await askArm(IDENTITY)).text)).toMatchObject({
      name: 'web-mi',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      properties: { clientId: CLIENT, principalId: PRINCIPAL, tenantId: TENANT },
    });
    const first = parsed(await askArm(`${IDENTITY}/federatedIdentityCredentials`));
    expect(first.value.map(({ name, properties }) => [name, properties['subject']])).toEqual([
      ['a', 's:a'],
      ['b', 's:b'],
    ]);
    const next = new URL(first.nextLink ?? '');
    const second = parsed(await askArm(next.pathname + next.search));
    expect(second.value.map(({ name }) => name)).toEqual(['c']);
    expect(second).not.toHaveProperty('nextLink');
  });

  test('does not care for case in paths', async () => {
    expect((await askArm(IDENTITY.toLowerCase())).status).toBe(200);
  });

  test('shows a cluster with its issuer and bindings', async () => {
    expect(JSON.parse((await askArm(CLUSTER)).text)).toMatchObject({
      properties: {
        oidcIssuerProfile: { enabled: true, issuerUrl: ISSUER },
        securityProfile: { workloadIdentity: { enabled: true } },
      },
    });
    expect(parsed(await askArm(`${CLUSTER}/identityBindings`)).value[0]?.properties).toMatchObject({
      managedIdentity: { clientId: CLIENT },
      oidcIssuer: { oidcIssuerUrl: `https://ib.oic.prod-aks.azure.com/${TENANT}/${CLIENT}` },
    });
  });

  test('lists role assignments at, above and below a scope', async () => {
    const list = async (scope: string, filter: string): Promise<unknown[]> =>
      parsed(
        await askArm(
          `${scope}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=${filter}`,
        ),
      ).value.map(({ properties }) => properties['scope']);
    const vault = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`;
    expect(await list(vault, `principalId eq '${PRINCIPAL}'`)).toEqual([vault, GROUP]);
    expect(await list(GROUP, `atScope() and assignedTo('${PRINCIPAL}')`)).toEqual([GROUP]);
    const role = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${ROLE}`;
    expect(JSON.parse((await askArm(role)).text)).toMatchObject({
      properties: { roleName: 'Key Vault Secrets User' },
    });
  });

  test("refuses in ARM's words", async () => {
    const error = async (answer: Promise<Answer>): Promise<unknown[]> => {
      const { status, text } = await answer;
      const { code, message } = (JSON.parse(text) as { error: { code: string; message: string } }).error;
      return [status, code, message];
    };
    const missing = 'Microsoft.ManagedIdentity/userAssignedIdentities/nope';
    expect(await error(askArm(IDENTITY.replace('web-mi', 'nope')))).toEqual([
      404,
      'ResourceNotFound',
      `The Resource '${missing}' under resource group 'shop-rg' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    ]);
    expect(await error(askArm(IDENTITY.replace(SUBSCRIPTION, TENANT)))).toEqual([
      404,
      'SubscriptionNotFound',
      `The subscription '${TENANT}' could not be found.`,
    ]);
    expect((await error(askArm(IDENTITY, { token: null }))).slice(0, 2)).toEqual([
      401,
      'AuthenticationFailed',
    ]);
    expect((await error(askArm(IDENTITY, { token: graph }))).slice(0, 2)).toEqual([
      401,
      'InvalidAuthenticationToken',
    ]);
    const far = `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/far-rg`;
    expect((await error(askArm(far))).slice(0, 2)).toEqual([401, 'InvalidAuthenticationTokenTenant']);
    expect((await error(askArm(`${IDENTITY}?x=1`))).slice(0, 2)).toEqual([400, 'MissingApiVersionParameter']);

    azure.faults.add({
      match: { path: /federatedIdentityCredentials/, times: 1 },
      fault: { kind: 'error', status: 403 },
    });
    expect(await error(askArm(`${IDENTITY}/federatedIdentityCredentials`))).toEqual([
      403,
      'AuthorizationFailed',
      "The client 'reader' with object id 'reader-object' does not have authorization to perform action " +
        "'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read' over scope " +
        `'${IDENTITY}/federatedIdentityCredentials' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    ]);
    azure.faults.add({
      match: { path: /web-mi/, times: 1 },
      fault: { kind: 'error', status: 429, retryAfter: 3 },
    });
    expect(await askArm(IDENTITY)).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
  });
});

test('the log holds no credentials', () => {
  expect(azure.requests.every(({ service }) => service === 'arm')).toBe(true);
  expect(JSON.stringify(azure.requests)).not.toContain(arm);
});
