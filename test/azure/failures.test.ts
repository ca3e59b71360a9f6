import { describe, expect, it } from 'vitest';
import type { Fault, FaultRule } from '../support/faults.ts';
import {
  azureWorld,
  CLUSTER,
  IDENTITY,
  reasonOf,
  secretsIn,
  seenIn,
  startAzureScenario,
  SUBSCRIPTION,
} from './azure-scenario.ts';

const GRAPH = /^\/v1\.0\//;
const RESOURCE_GRAPH = /Microsoft\.ResourceGraph/;
const CREDENTIALS = /federatedIdentityCredentials/;
const IDENTITY_READ = /userAssignedIdentities\/orders-mi\?/;
const CLUSTER_READ = /managedClusters\/prod\?/;

const BAD: Readonly<Record<string, readonly [Fault, RegExp]>> = {
  '401': [{ kind: 'error', status: 401 }, /does not accept the sign-in \(401\)/],
  '404 of something else': [
    { kind: 'error', status: 404, code: 'SubscriptionNotFound' },
    /(answers 404|was deleted|was not found|there is no)/,
  ],
  '429': [{ kind: 'error', status: 429, retryAfter: 60 }, /limits requests \(429\)/],
  '500': [{ kind: 'error', status: 500 }, /error of its own \(500\)/],
  HTML: [{ kind: 'html', status: 200 }, /something else than its own JSON/],
  'a login page': [{ kind: 'redirect', location: 'https://portal.example/login' }, /something else than/],
  'broken JSON': [{ kind: 'broken-json' }, /something else than its own JSON/],
  'a JSON of somebody else': [{ kind: 'reply', status: 200, body: ['welcome'] }, /something else than/],
  'an answer cut off': [{ kind: 'cut' }, /closed the connection|aborted|cannot be reached/],
  'a closed connection': [{ kind: 'reset' }, /closed the connection/],
};

async function diagnoseWith(
  ...faults: FaultRule[]
): ReturnType<Awaited<ReturnType<typeof startAzureScenario>>['diagnose']> {
  const scenario = await startAzureScenario(undefined, { azure: { faults } });
  try {
    return await scenario.diagnose();
  } finally {
    await scenario.close();
  }
}

describe('one call after the other goes wrong', () => {
  describe.concurrent.each(Object.entries(BAD))('%s', (_, [fault, reason]) => {
    it('federated credentials: unknown, and the verdict rests on them', async () => {
      const { code, report, stdout, stderr } = await diagnoseWith({ match: { path: CREDENTIALS }, fault });
      expect(seenIn(report)).toMatchObject({ verdict: 'inconclusive', rootCauses: [] });
      expect(code).toBe(3);
      expect(reasonOf(report, 'federated-credential/exists')).toMatch(reason);
      expect(report.next).toMatch(
        /^az identity federated-credential list --identity-name orders-mi -g shop-rg .* --federated-credentials credentials\.json$/,
      );
      expect(secretsIn(stdout + stderr)).toEqual([]);
      expect(stderr).toBe('');
    });

    it('Graph: ARM has shown the identity, so nothing is missing', async () => {
      const { code, report } = await diagnoseWith({ match: { path: GRAPH }, fault });
      expect([code, report.verdict]).toEqual([0, 'healthy']);
      expect(reasonOf(report, 'identity/exists')).toBeNull();
    });

    it('Resource Graph: Graph has shown the identity', async () => {
      const { code, report } = await diagnoseWith({ match: { path: RESOURCE_GRAPH }, fault });
      expect([code, report.verdict]).toEqual([0, 'healthy']);
    });

    it('Graph and Resource Graph: the identity is unknown, not absent', async () => {
      const { code, report, stdout } = await diagnoseWith(
        { match: { path: GRAPH }, fault },
        { match: { path: RESOURCE_GRAPH }, fault },
        { match: { path: /^\/subscriptions\?/ }, fault },
      );
      expect([code, report.verdict, report.rootCauses]).toEqual([3, 'inconclusive', []]);
      expect(reasonOf(report, 'identity/exists')).toMatch(reason);
      expect(secretsIn(stdout)).toEqual([]);
    });

    it('the cluster: nothing rests on it', async () => {
      const { report } = await diagnoseWith({ match: { path: CLUSTER_READ }, fault });
      expect(report.verdict).toBe('healthy');
    });
  });
});

describe('a missing right is named as it is asked for', () => {
  it('to read federated credentials', async () => {
    const { report } = await diagnoseWith({
      match: { path: CREDENTIALS },
      fault: { kind: 'error', status: 403 },
    });
    expect(report.verdict).toBe('inconclusive');
    expect(reasonOf(report, 'federated-credential/exists')).toBe(
      `the sign-in lacks the right Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read on ${IDENTITY} (403)`,
    );
  });

  it('to read service principals', async () => {
    const { report } = await diagnoseWith(
      { match: { path: GRAPH }, fault: { kind: 'error', status: 403 } },
      { match: { path: RESOURCE_GRAPH }, fault: { kind: 'error', status: 403 } },
      { match: { path: /^\/subscriptions\?/ }, fault: { kind: 'error', status: 403 } },
    );
    expect(report.verdict).toBe('inconclusive');
    expect(reasonOf(report, 'identity/exists')).toBe(
      'the sign-in lacks the permission Application.Read.All of Microsoft Graph (403)',
    );
  });

  it('to read identities, without Resource Graph, one subscription after the other', async () => {
    const { report } = await diagnoseWith(
      { match: { path: GRAPH }, fault: { kind: 'error', status: 403 } },
      { match: { path: RESOURCE_GRAPH }, fault: { kind: 'error', status: 403 } },
    );
    expect(report.verdict).toBe('healthy');
  });

  it('to read the cluster', async () => {
    const { report } = await diagnoseWith({
      match: { path: CLUSTER_READ },
      fault: { kind: 'error', status: 403 },
    });
    expect(report.verdict).toBe('healthy');
    expect(JSON.stringify(report.checks)).toContain(
      `the sign-in lacks the right Microsoft.ContainerService/managedClusters/read on ${CLUSTER} (403)`,
    );
  });
});

/** A path of Azure without what is only this world's: ids, names and versions. */
function patternOf(path: string): RegExp {
  const escaped = path.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped}(\\?|$)`, 'i');
}

describe('a 403 on each call in turn', () => {
  const VAULT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/shop-rg/providers/Microsoft.KeyVault/vaults/shop-kv`;
  const WORLD = azureWorld({ resources: [{ id: VAULT, properties: { enableRbacAuthorization: true } }] });

  it('names the right, proves no fault, and leaves a verdict that rests on it open', async () => {
    const plain = await startAzureScenario(WORLD);
    await plain.diagnose(['--resource', VAULT]);
    const paths = new Set(plain.azure.requests.map(({ path }) => path));
    await plain.close();
    expect(paths.size).toBeGreaterThan(5);
    for (const path of paths) {
      const fault = { match: { path: patternOf(path) }, fault: { kind: 'error', status: 403 } } as const;
      const scenario = await startAzureScenario(WORLD, { azure: { faults: [fault] } });
      const { report, code } = await scenario.diagnose(['--resource', VAULT]);
      await scenario.close();
      // Nobody gave a role: that is seen unless this is the call that would show it.
      const failing = report.findings.filter(({ status }) => status === 'fail').map(({ code }) => code);
      expect([path, failing.filter((one) => one !== 'RBAC-01')]).toEqual([path, []]);
      const rests = CREDENTIALS.test(path);
      const credential = reasonOf(report, 'federated-credential/exists') ?? '';
      expect([path, rests && !credential.includes('the sign-in lacks the right')]).toEqual([path, false]);
      const beside = /roleAssignments/.test(path);
      const role = reasonOf(report, 'identity/roles') ?? '';
      expect([path, beside && !(code === 0 && role.includes('roleAssignments/read'))]).toEqual([path, false]);
    }
  });
});

describe('what passes by itself', () => {
  it('is asked again when Azure says so', async () => {
    const fault = { kind: 'error', status: 429, retryAfter: 1 } as const;
    const { report } = await diagnoseWith({ match: { path: CREDENTIALS, times: 1 }, fault });
    expect(report.verdict).toBe('healthy');
  });

  it('is asked again after a failure of Azure', async () => {
    const fault = { kind: 'error', status: 503 } as const;
    const { report } = await diagnoseWith({ match: { path: GRAPH, times: 2 }, fault });
    expect(report.verdict).toBe('healthy');
  });

  it('does not hold up the report for long when nothing is ever answered', async () => {
    const { report, ms } = await diagnoseWith(
      { match: { path: CREDENTIALS }, fault: { kind: 'hang' } },
      { match: { path: IDENTITY_READ }, fault: { kind: 'drip' } },
    );
    expect(report.verdict).toBe('inconclusive');
    expect(reasonOf(report, 'federated-credential/exists')).toBe(
      'management.azure.com did not answer within 10 seconds',
    );
    expect(ms).toBeLessThan(20_000);
  });
});

describe('pages', () => {
  it('are read to the end', async () => {
    const { federatedCredentials, world } = await pagedWorld();
    const scenario = await startAzureScenario(world, { azure: { pageSize: 2 } });
    const { report } = await scenario.diagnose();
    await scenario.close();
    expect(report.verdict).toBe('healthy');
    const asked = scenario.azure.requests.filter(({ path }) => CREDENTIALS.test(path));
    expect(asked).toHaveLength(Math.ceil(federatedCredentials.length / 2));
  });

  it('are not followed to another host', async () => {
    const { report, connections } = await diagnoseWith({
      match: { path: CREDENTIALS },
      fault: { kind: 'reply', status: 200, body: { value: [], nextLink: 'https://evil.example/page2' } },
    });
    expect(report.verdict).toBe('inconclusive');
    expect(reasonOf(report, 'federated-credential/exists')).toBe(
      'Azure Resource Manager names a next page on another host',
    );
    expect(connections.some(({ connect, lookup }) => /evil/.test(`${connect} ${lookup}`))).toBe(false);
  });
});

async function pagedWorld(): Promise<{
  world: import('../support/azure.ts').AzureWorld;
  federatedCredentials: readonly { name: string }[];
}> {
  const { ISSUER, SUBJECT, ordersIdentity, withIdentities } = await import('./azure-scenario.ts');
  const others = ['a', 'b'].map((name) => ({
    name,
    issuer: ISSUER,
    subject: `system:serviceaccount:${name}:${name}`,
  }));
  const federatedCredentials = [...others, { name: 'web-fed', issuer: ISSUER, subject: SUBJECT }];
  return { federatedCredentials, world: withIdentities(ordersIdentity({ federatedCredentials })) };
}
