import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Azure, startAzure } from '../support/azure.ts';
import { type Entra, startEntra } from '../support/entra.ts';
import { CLIENT, IDENTITY, ISSUER, PRINCIPAL, TENANT, WORLD } from './azure-world.ts';
import { type Answer, httpsRequest } from './https-request.ts';

let entra: Entra;
let azure: Azure;
let arm: string;

beforeAll(async () => {
  entra = await startEntra(WORLD);
  azure = await startAzure(WORLD, { entra, pageSize: 2 });
  const who = { tenantId: TENANT, appId: 'reader', objectId: 'reader-object' };
  arm = entra.issue({ ...who, resource: 'https://management.azure.com' });
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
