import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Azure, startAzure } from '../support/azure.ts';
import { type Entra, startEntra } from '../support/entra.ts';
import { APP, CLIENT, IDENTITY, PRINCIPAL, TENANT, WORLD } from './azure-world.ts';
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
