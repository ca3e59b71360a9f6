import { describe, expect, it } from 'vitest';
import type { AzureWorld } from '../support/azure.ts';
import { findingLine } from '../scenarios.ts';
import {
  azureWorld,
  PRINCIPAL,
  reasonOf,
  secretsIn,
  startAzureScenario,
  SUBSCRIPTION,
} from './azure-scenario.ts';

const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/shop-rg`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/shop-kv`;
const SECRETS_USER = '4633458b-17de-408a-b874-0445c86b69e6';
const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
const ROLES = [
  {
    id: SECRETS_USER,
    roleName: 'Key Vault Secrets User',
    dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'],
  },
  { id: CONTRIBUTOR, roleName: 'Contributor', actions: ['*'] },
];
const RBAC_VAULT = { id: VAULT, properties: { enableRbacAuthorization: true } };

function held(roleDefinitionId: string, scope: string = VAULT): NonNullable<AzureWorld['roleAssignments']> {
  return [{ scope, principalId: PRINCIPAL, roleDefinitionId }];
}

async function findings(change: Partial<AzureWorld>): Promise<readonly string[]> {
  const world = azureWorld({ roleDefinitions: ROLES, resources: [RBAC_VAULT], ...change });
  const scenario = await startAzureScenario(world);
  const { report, stdout, stderr } = await scenario.diagnose(['--resource', VAULT]);
  await scenario.close();
  expect(secretsIn(stdout + stderr)).toEqual([]);
  return report.findings.map(findingLine);
}

describe('--resource', () => {
  it('finds the role on the resource itself', async () => {
    expect(await findings({ roleAssignments: held(SECRETS_USER) })).toEqual([]);
  });

  it('finds it on the resource group above', async () => {
    expect(await findings({ roleAssignments: held(SECRETS_USER, GROUP) })).toEqual([]);
  });

  it('sees that there is none', async () => {
    expect(await findings({})).toEqual(['RBAC-01 fail root Resource/shop-kv']);
  });

  it('does not take one on a neighbour for one here', async () => {
    const neighbour = held(SECRETS_USER, `${VAULT}-2`);
    expect(await findings({ roleAssignments: neighbour })).toEqual(['RBAC-01 fail root Resource/shop-kv']);
  });

  it('tells managing from reading', async () => {
    expect(await findings({ roleAssignments: held(CONTRIBUTOR) })).toEqual([
      'RBAC-01 warn noticed Resource/shop-kv',
    ]);
  });

  it('tells a vault that goes by access policies', async () => {
    const resources = [{ id: VAULT, properties: { enableRbacAuthorization: false, accessPolicies: [] } }];
    expect(await findings({ resources, roleAssignments: held(SECRETS_USER) })).toEqual([
      'RBAC-04 fail root Resource/shop-kv',
    ]);
  });

  it('names the right that is missing', async () => {
    const scenario = await startAzureScenario(azureWorld(), {
      azure: { faults: [{ match: { path: /roleAssignments/ }, fault: { kind: 'error', status: 403 } }] },
    });
    const { report } = await scenario.diagnose(['--resource', VAULT]);
    await scenario.close();
    expect(report.verdict).toBe('healthy');
    expect(reasonOf(report, 'identity/roles')).toBe(
      `the sign-in lacks the right Microsoft.Authorization/roleAssignments/read on ${VAULT} (403)`,
    );
  });

  it('says why it could not look without a sign-in', async () => {
    const scenario = await startAzureScenario();
    const { report } = await scenario.diagnose(['--resource', VAULT], { env: {} });
    await scenario.close();
    expect(reasonOf(report, 'identity/roles')).toBe('no sign-in with Azure was seen here');
  });
});

describe('an error that names the scope', () => {
  const ZONE = `${GROUP}/providers/Microsoft.Network/dnsZones/shop.example`;
  const READER_ROLE = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
  const DNS_ROLE = 'befefa01-2a29-4197-83a8-272ff33ce314';
  const roleDefinitions = [
    { id: READER_ROLE, roleName: 'Reader', actions: ['*/read'] },
    { id: DNS_ROLE, roleName: 'DNS Zone Contributor', actions: ['Microsoft.Network/dnsZones/*'] },
    {
      id: CONTRIBUTOR,
      roleName: 'Contributor without DNS',
      actions: ['*'],
      notActions: ['microsoft.network/DNSzones/*/write'],
    },
  ];
  const refusal = (principal: string, scope: string = ZONE): string =>
    `AuthorizationFailed: The client '${principal}' with object id '${principal}' does not have authorization to perform action 'Microsoft.Network/dnsZones/TXT/write' over scope '${scope}' or the scope is invalid.`;

  async function diagnosis(
    error: string,
    role: string | null,
    more: readonly string[] = [],
  ): Promise<{ findings: readonly string[]; scopes: readonly string[]; message: string }> {
    const roleAssignments = role === null ? [] : held(role, GROUP);
    const scenario = await startAzureScenario(azureWorld({ roleDefinitions, roleAssignments }));
    const { report, stdout } = await scenario.diagnose(['--error', error, ...more]);
    await scenario.close();
    expect(secretsIn(stdout)).toEqual([]);
    const asked = scenario.azure.requests.flatMap(
      ({ path }) => /^(.*)\/providers\/Microsoft\.Authorization\/roleAssignments$/.exec(path)?.[1] ?? [],
    );
    return {
      findings: report.findings.map(findingLine),
      scopes: [...new Set(asked)],
      message: report.findings[0]?.message ?? '',
    };
  }

  it('needs no --resource', async () => {
    expect(await diagnosis(refusal(PRINCIPAL), null)).toMatchObject({
      findings: ['RBAC-01 fail root Resource/shop.example'],
      scopes: [ZONE],
    });
  });

  it.each([READER_ROLE, CONTRIBUTOR])(
    'is held against the actions of the role that is there (%s)',
    async (role) => {
      const { findings: found, message } = await diagnosis(refusal(PRINCIPAL), role);
      expect(found).toEqual(['RBAC-01 fail root Resource/shop.example']);
      expect(message).toContain('which does not allow Microsoft.Network/dnsZones/TXT/write');
    },
  );

  it('is no fault any more once a role allows the action', async () => {
    expect(await diagnosis(refusal(PRINCIPAL), DNS_ROLE)).toMatchObject({ findings: [], scopes: [ZONE] });
  });

  it('leaves --resource its say', async () => {
    const { scopes } = await diagnosis(refusal(PRINCIPAL), DNS_ROLE, ['--resource', VAULT]);
    expect(scopes).toEqual([VAULT]);
  });

  it('about another principal is not answered with the roles of this one', async () => {
    const stranger = '99999999-9999-4999-8999-999999999999';
    expect(await diagnosis(refusal(stranger), null)).toMatchObject({
      findings: ['RBAC-03 fail root Pod/web-7d9f-x2k4q/app'],
      scopes: [],
    });
  });

  it('that leads elsewhere is not followed', async () => {
    const { findings: found, scopes } = await diagnosis(refusal(PRINCIPAL, `${GROUP}/../../x`), null);
    expect(found).toEqual(['RBAC-01 fail root Pod/web-7d9f-x2k4q/app']);
    expect(scopes).toEqual([]);
  });
});

describe('an id that is none', () => {
  it.each([
    ['--resource', 'shop-kv'],
    ['--resource', `/subscriptions/${SUBSCRIPTION}/../../x`],
    ['--cluster-id', VAULT],
    ['--cluster-id', 'prod'],
  ])('%s %s is refused before anything is asked', async (flag, id) => {
    const scenario = await startAzureScenario();
    const { code, stderr, connections } = await scenario.run([flag, id]);
    await scenario.close();
    expect(code).toBe(2);
    expect(stderr).toContain(`${flag} is no resource id`);
    expect(connections).toEqual([]);
  });
});
