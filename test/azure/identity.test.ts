import { describe, expect, it } from 'vitest';
import { findingLine } from '../scenarios.ts';
import {
  azureWorld,
  IDENTITY,
  ISSUER,
  ordersIdentity,
  READER_APPLICATION,
  startAzureScenario,
  SUBJECT,
  SUBSCRIPTION,
  TENANT,
  withIdentities,
} from './azure-scenario.ts';

describe('the identity behind a client id', () => {
  it('is found by the resource id that stands in its place', async () => {
    const scenario = await startAzureScenario(undefined, { scenario: 'resource-id-as-client-id' });
    const { report } = await scenario.diagnose();
    await scenario.close();
    expect(report.rootCauses).toEqual(['SA-02']);
    expect(report.checks.find(({ id }) => id === 'federated-credential/exists')?.status).toBe('pass');
    expect(scenario.azure.requests.some(({ path }) => path.toLowerCase() === IDENTITY.toLowerCase())).toBe(
      true,
    );
  });

  it('is gone when Graph still names it and ARM does not', async () => {
    const { identities: _, ...tenant } = azureWorld().tenants[0] ?? { id: TENANT };
    const ghost = {
      appId: ordersIdentity().clientId,
      id: ordersIdentity().principalId,
      servicePrincipalType: 'ManagedIdentity' as const,
      alternativeNames: ['isExplicit=True', IDENTITY],
    };
    const scenario = await startAzureScenario(
      azureWorld({ tenants: [{ ...tenant, servicePrincipals: [ghost] }] }),
    );
    const { report } = await scenario.diagnose();
    await scenario.close();
    expect(report.rootCauses).toEqual(['SA-05']);
  });

  it('of an application shows its credentials', async () => {
    const application = {
      appId: ordersIdentity().clientId,
      id: '12121212-1212-4121-8121-121212121212',
      displayName: 'orders-app',
      federatedCredentials: [{ name: 'web-fed', issuer: ISSUER, subject: SUBJECT }],
    };
    const scenario = await startAzureScenario(
      azureWorld({ tenants: [{ id: TENANT, applications: [READER_APPLICATION, application] }] }),
    );
    const { code, report } = await scenario.diagnose();
    await scenario.close();
    expect([code, report.verdict, report.findings]).toEqual([0, 'healthy', []]);
  });
});

describe('a credential on another identity', () => {
  const others = Array.from({ length: 40 }, (_, index) => ({
    name: `other-${index}`,
    subscriptionId: SUBSCRIPTION,
    resourceGroup: 'other-rg',
    clientId: `99999999-9999-4999-8999-${String(index).padStart(12, '0')}`,
    principalId: `98989898-9898-4989-8989-${String(index).padStart(12, '0')}`,
  }));

  it('is found among few', async () => {
    const [first, ...rest] = others.slice(0, 4);
    const holder = {
      ...ordersIdentity(),
      ...first,
      resourceGroup: 'shop-rg',
      name: 'orders-mi-2',
    };
    const world = withIdentities(ordersIdentity({ federatedCredentials: [] }), ...rest, holder);
    const scenario = await startAzureScenario(world);
    const { report } = await scenario.diagnose();
    await scenario.close();
    expect(report.findings.map(findingLine)).toEqual(['FIC-10 fail root Identity/orders-mi-2']);
    // The likeliest one is looked at first, and then no other.
    const read = scenario.azure.requests.filter(({ path }) => path.includes('federatedIdentityCredentials'));
    expect(read).toHaveLength(2);
  });

  it('is searched for in at most 25, one after the other', async () => {
    const world = withIdentities(ordersIdentity({ federatedCredentials: [] }), ...others);
    const scenario = await startAzureScenario(world);
    const { report, ms } = await scenario.diagnose();
    await scenario.close();
    expect(report.rootCauses).toEqual(['FIC-01']);
    const read = scenario.azure.requests.filter(({ path }) => path.includes('federatedIdentityCredentials'));
    expect(read).toHaveLength(26);
    expect(ms).toBeGreaterThan(2_500);
  });

  it('is not searched for where the pod has its own', async () => {
    const scenario = await startAzureScenario(withIdentities(ordersIdentity(), ...others));
    await scenario.diagnose();
    await scenario.close();
    const read = scenario.azure.requests.filter(({ path }) => path.includes('federatedIdentityCredentials'));
    expect(read).toHaveLength(1);
  });
});
