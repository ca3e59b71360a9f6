import { describe, expect, it } from 'vitest';
import {
  azureWorld,
  CLIENT,
  CLUSTER,
  IDENTITY,
  ISSUER,
  startAzureScenario,
  SUBSCRIPTION,
  TENANT,
  ordersIdentity,
  READER_APPLICATION,
  SECRET_SIGN_IN,
} from './azure-scenario.ts';

const CLUSTER_PATH = /managedClusters\/[^/]+$/;

describe('the AKS cluster', () => {
  it('is found by the guid of its issuer', async () => {
    const scenario = await startAzureScenario();
    const { report } = await scenario.diagnose();
    await scenario.close();
    expect(report.checks.find(({ id }) => id === 'cluster/add-on')?.status).toBe('pass');
  });

  it('is the one that --cluster-id names, without a search', async () => {
    const scenario = await startAzureScenario();
    const { report } = await scenario.diagnose(['--cluster-id', CLUSTER]);
    await scenario.close();
    expect(report.verdict).toBe('healthy');
    const searched = scenario.azure.requests.filter(({ body }) => /managedclusters/.test(body));
    expect(searched).toEqual([]);
    expect(scenario.azure.requests.filter(({ path }) => CLUSTER_PATH.test(path))).toHaveLength(1);
  });

  it('is unknown, not absent, when the sign-in sees none', async () => {
    const scenario = await startAzureScenario(azureWorld({ clusters: [] }));
    const { code, report } = await scenario.diagnose();
    await scenario.close();
    expect(code).toBe(0);
    expect(report.checks.find(({ id }) => id === 'cluster/add-on')).toMatchObject({
      status: 'unknown',
      reason: 'the AKS cluster is not among those that the sign-in sees; --cluster-id names it',
    });
  });

  it('is asked for its identity bindings only when the pod uses one', async () => {
    const world = azureWorld({
      tenants: [
        {
          id: TENANT,
          identities: [
            ordersIdentity({
              federatedCredentials: [
                {
                  name: 'aks-identity-binding',
                  issuer: `https://ib.oic.prod-aks.azure.com/${TENANT}/${CLIENT}`,
                  subject: 'aks-identity-binding',
                },
              ],
            }),
          ],
          applications: [READER_APPLICATION],
        },
      ],
      clusters: [
        {
          name: 'prod',
          subscriptionId: SUBSCRIPTION,
          resourceGroup: 'shop-rg',
          workloadIdentity: true,
          oidcIssuer: { enabled: true, issuerUrl: ISSUER },
          identityBindings: [
            { name: 'web', managedIdentityId: IDENTITY, clientId: CLIENT, tenantId: TENANT, objectId: '' },
          ],
        },
      ],
    });
    const scenario = await startAzureScenario(world, { scenario: 'identity-binding-but-fine' });
    const { report } = await scenario.diagnose();
    await scenario.close();
    expect(report.checks.find(({ id }) => id === 'identity/binding-exists')?.status).toBe('pass');
  });
});

describe('the cloud', () => {
  it.each([
    ['usgov', 'login.microsoftonline.us', 'management.usgovcloudapi.net', 'graph.microsoft.us'],
    [
      'china',
      'login.partner.microsoftonline.cn',
      'management.chinacloudapi.cn',
      'microsoftgraph.chinacloudapi.cn',
    ],
    // The library itself goes to the newer name of the authority in China.
  ] as const)('--cloud %s', async (cloud, authority, arm, graph) => {
    const world = azureWorld();
    const [tenant] = world.tenants;
    // A scenario without an authority host of its own leaves the cloud to the flag.
    const scenario = await startAzureScenario(
      { ...world, tenants: tenant ? [{ ...tenant, cloud }] : [] },
      { scenario: 'projection-by-hand-without-authority-host-but-fine' },
    );
    const { code } = await scenario.diagnose(['--cloud', cloud]);
    await scenario.close();
    expect(code).toBe(0);
    expect(new Set(scenario.entra.attempts.map(({ host }) => host))).toEqual(new Set([authority]));
    expect(new Set(scenario.azure.requests.map(({ host }) => host))).toEqual(new Set([arm, graph]));
  });

  it("is that of the caller's own authority host when nothing else tells", async () => {
    const world = azureWorld();
    const scenario = await startAzureScenario(
      { ...world, tenants: world.tenants.map((tenant) => ({ ...tenant, cloud: 'usgov' as const })) },
      { scenario: 'projection-by-hand-without-authority-host-but-fine' },
    );
    const env = { ...SECRET_SIGN_IN, AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/' };
    const { code } = await scenario.diagnose([], { env });
    await scenario.close();
    expect(code).toBe(0);
  });

  it('of strangers gets no secret', async () => {
    const scenario = await startAzureScenario(undefined, {
      scenario: 'projection-by-hand-without-authority-host-but-fine',
    });
    const env = { ...SECRET_SIGN_IN, AZURE_AUTHORITY_HOST: 'https://login.evil.example/' };
    const { code, connections } = await scenario.diagnose([], { env });
    await scenario.close();
    expect(code).toBe(3);
    expect(JSON.stringify(connections)).not.toContain('evil');
    expect(scenario.entra.attempts).toEqual([]);
  });
});
