import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Azure, type AzureWorld, startAzure } from '../support/azure.ts';
import { type Entra, startEntra } from '../support/entra.ts';
import { type Answer, httpsRequest } from './https-request.ts';

const TENANT = '22222222-2222-4222-8222-222222222222';
const OTHER_TENANT = '22222222-2222-4222-8222-00000000000b';
const SUBSCRIPTION = '44444444-4444-4444-8444-444444444444';
const OTHER_SUBSCRIPTION = '44444444-4444-4444-8444-00000000000b';
const CLIENT = '11111111-1111-4111-8111-111111111111';
const PRINCIPAL = '33333333-3333-4333-8333-333333333333';
const APP = '11111111-1111-4111-8111-000000000001';
const ROLE = '4633458b-17de-408a-b874-0445c86b69e6';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/shop-rg`;
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/web-mi`;
const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/prod`;
const ISSUER = 'https://eastus.oic.prod-aks.azure.com/tenant/guid/';

const WORLD: AzureWorld = {
  tenants: [
    {
      id: TENANT,
      identities: [
        {
          name: 'web-mi',
          subscriptionId: SUBSCRIPTION,
          resourceGroup: 'shop-rg',
          clientId: CLIENT,
          principalId: PRINCIPAL,
          federatedCredentials: ['a', 'b', 'c'].map((name) => ({
            name,
            issuer: ISSUER,
            subject: `s:${name}`,
          })),
        },
      ],
      applications: [
        {
          appId: APP,
          id: '55555555-5555-4555-8555-555555555555',
          displayName: 'Reader',
          federatedCredentials: ['x', 'y'].map((name) => ({
            name,
            issuer: ISSUER,
            subject: null,
          })),
        },
      ],
    },
    {
      id: OTHER_TENANT,
      identities: [
        {
          name: 'far-mi',
          subscriptionId: OTHER_SUBSCRIPTION,
          resourceGroup: 'far-rg',
          clientId: APP,
          principalId: APP,
        },
      ],
    },
  ],
  clusters: [
    {
      name: 'prod',
      subscriptionId: SUBSCRIPTION,
      resourceGroup: 'shop-rg',
      workloadIdentity: true,
      oidcIssuer: {
        enabled: true,
        issuerUrl: ISSUER,
      },
      identityBindings: [
        {
          name: 'web',
          managedIdentityId: IDENTITY,
          clientId: CLIENT,
          tenantId: TENANT,
          objectId: PRINCIPAL,
        },
      ],
    },
  ],
  roleAssignments: [
    {
      scope: `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`,
      principalId: PRINCIPAL,
      roleDefinitionId: ROLE,
    },
    { scope: `/subscriptions/${SUBSCRIPTION}`, principalId: 'someone-else', roleDefinitionId: ROLE },
    { scope: GROUP, principalId: PRINCIPAL, roleDefinitionId: ROLE },
  ],
  roleDefinitions: [
    {
      id: ROLE,
      roleName: 'Key Vault Secrets User',
      dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'],
    },
  ],
};

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

function askGraph(path: string, token: string | null = graph): Promise<Answer> {
  return httpsRequest(`${azure.url}/v1.0/${path.replaceAll(' ', '%20')}`, {
    headers: { host: 'graph.microsoft.com', ...(token !== null && { authorization: `Bearer ${token}` }) },
    servername: 'graph.microsoft.com',
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
      ...[404, 'ResourceNotFound'],
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
      ...[403, 'AuthorizationFailed'],
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

describe('Resource Graph', () => {
  const query = async (
    text: string,
    options: object = {},
  ): Promise<{ data: Record<string, unknown>[]; [member: string]: unknown }> => {
    const answer = await askArm('/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01', {
      body: { query: text, ...options },
    });
    return JSON.parse(answer.text) as { data: Record<string, unknown>[] };
  };

  test('finds an identity by client id', async () => {
    const result = await query(
      `Resources
       | where type =~ 'microsoft.managedidentity/userassignedidentities' and properties.clientId in~ ('${CLIENT}', 'x')
       | project id, name, resourceGroup, principalId = tostring(properties['principalId'])`,
    );
    expect(result).toMatchObject({ totalRecords: 1, count: 1, resultTruncated: 'false' });
    expect(result.data).toEqual([
      {
        id: IDENTITY.replace('resourceGroups', 'resourcegroups'),
        name: 'web-mi',
        resourceGroup: 'shop-rg',
        principalId: PRINCIPAL,
      },
    ]);
  });

  test('finds a cluster by issuer', async () => {
    const { data } = await query(
      `resources | where type == "microsoft.containerservice/managedclusters"
       | where properties.oidcIssuerProfile.issuerUrl == "${ISSUER}" or not(isempty(tags.nothing)) | extend x = tolower(name) | limit 5`,
    );
    expect(data).toMatchObject([{ name: 'prod', x: 'prod', tenantId: TENANT }]);
  });

  test('shows only the own tenant, and pages', async () => {
    expect((await query('Resources | where name == "far-mi"')).data).toEqual([]);
    const first = await query('Resources | order by name asc', { options: { $top: 1 } });
    expect(first.data.map(({ name }) => name)).toEqual(['prod']);
    const second = await query('Resources | order by name asc', {
      options: { $top: 1, $skipToken: first['$skipToken'] },
    });
    expect(second.data.map(({ name }) => name)).toEqual(['web-mi']);
    expect(second).not.toHaveProperty('$skipToken');
  });

  test('refuses what it does not understand', async () => {
    for (const text of [
      'Nope | take 1',
      'Resources | mv-expand x',
      'Resources | where a ~~ b',
      "Resources | where f('x')",
    ]) {
      expect(await query(text)).toMatchObject({
        error: { code: 'BadRequest', details: [{ code: 'InvalidQuery' }, {}] },
      });
    }
  });
});

describe('Microsoft Graph', () => {
  test('finds a managed identity by filter, by key and by object id', async () => {
    const expected = {
      id: PRINCIPAL,
      appId: CLIENT,
      servicePrincipalType: 'ManagedIdentity',
      accountEnabled: true,
      alternativeNames: ['isExplicit=True', IDENTITY.replace('resourceGroups', 'resourcegroups')],
    };
    expect(parsed(await askGraph(`servicePrincipals?$filter=appId eq '${CLIENT}'`)).value).toMatchObject([
      expected,
    ]);
    expect(parsed(await askGraph(`servicePrincipals(appId='${CLIENT}')`))).toMatchObject(expected);
    expect(parsed(await askGraph(`servicePrincipals/${PRINCIPAL}?$select=id,appId`))).toEqual({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#servicePrincipals/$entity',
      id: PRINCIPAL,
      appId: CLIENT,
    });
  });

  test('pages the credentials of an application', async () => {
    const path = `applications(appId='${APP}')/federatedIdentityCredentials`;
    const first = parsed(await askGraph(`${path}?$top=1`));
    expect(first.value).toMatchObject([
      { name: 'x', subject: null, audiences: ['api://AzureADTokenExchange'] },
    ]);
    const next = new URL(first['@odata.nextLink'] ?? '');
    expect(next.host).toBe('graph.microsoft.com');
    const second = parsed(
      await askGraph(decodeURIComponent(next.pathname).replace('/v1.0/', '') + next.search),
    );
    expect(second.value).toMatchObject([{ name: 'y' }]);
    expect(second).not.toHaveProperty('@odata.nextLink');
  });

  test("refuses in Graph's words", async () => {
    const error = async (answer: Promise<Answer>): Promise<unknown[]> => {
      const { status, text } = await answer;
      const { error: body } = JSON.parse(text) as { error: { code: string; innerError: object } };
      expect(Object.keys(body.innerError)).toEqual(['date', 'request-id', 'client-request-id']);
      return [status, body.code];
    };
    expect(await error(askGraph(`applications(appId='${CLIENT}')`))).toEqual([
      404,
      'Request_ResourceNotFound',
    ]);
    expect(await error(askGraph('applications', null))).toEqual([401, 'InvalidAuthenticationToken']);
    expect(await error(askGraph('applications', arm))).toEqual([401, 'InvalidAuthenticationToken']);
    expect(await error(askGraph("applications?$filter=startswith(appId,'1')"))).toEqual([
      400,
      'Request_UnsupportedQuery',
    ]);
    azure.faults.add({ match: { path: /^\/v1\.0/, times: 1 }, fault: { kind: 'error', status: 403 } });
    expect(await error(askGraph('applications'))).toEqual([403, 'Authorization_RequestDenied']);
  });
});

test('the log tells the services apart and holds no credentials', () => {
  expect(new Set(azure.requests.map(({ service }) => service))).toEqual(new Set(['arm', 'graph']));
  expect(JSON.stringify(azure.requests)).not.toContain(arm);
});
