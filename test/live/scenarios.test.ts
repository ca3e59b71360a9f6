import { describe, expect, it } from 'vitest';
import { findingLine, readExpected, scenarioNames, worldOf, type Expected } from '../scenarios.ts';
import { diagnosePod } from './diagnose-live.ts';
import { whyNotThere } from './rests-on-server.ts';
import { startScenario } from './start-scenario.ts';

const AZURE = 'what is wrong shows in Azure only, not in a list of federated credentials';
const BUNDLE = 'only a bundle leaves it unasked';

/** Scenarios that the servers here cannot show, and why. */
const NOT_LIVE: Readonly<Record<string, string>> = {
  'other-key-published-under-the-same-id': 'the servers sign with one key per id',
  'other-key-published-under-the-same-id-without-token': 'the servers sign with one key per id',
  'pod-identity-installed-but-fine': 'a pod with its token is not asked what else could sign it in',
  'add-on-off': AZURE,
  'add-on-off-and-label-forgotten': AZURE,
  'application-without-service-principal': AZURE,
  'client-id-in-quotes-and-not-found': AZURE,
  'client-id-is-a-name-and-not-found': AZURE,
  'client-id-of-a-deleted-identity': AZURE,
  'client-id-preset-and-cluster-re-created': AZURE,
  'client-id-preset-and-role-of-the-right-one': AZURE,
  'cluster-younger-than-its-credential': AZURE,
  'credential-and-role-on-another-identity': AZURE,
  'credential-on-another-identity': AZURE,
  'credential-on-another-identity-and-cluster-re-created': AZURE,
  'credential-on-another-identity-and-one-for-eks': AZURE,
  'credential-on-another-identity-and-other-issuer': AZURE,
  'credential-on-another-identity-and-other-subject': AZURE,
  'identity-binding-and-client-id-preset': AZURE,
  'dump-newer-than-its-token': BUNDLE,
  'dump-of-unknown-age-but-fine': BUNDLE,
  'identity-binding-and-credential-deleted': AZURE,
  'identity-binding-and-identity-changed': AZURE,
  'identity-binding-by-principal-id': AZURE,
  'identity-binding-never-made': AZURE,
  'identity-binding-never-made-nor-allowed': AZURE,
  'identity-binding-never-made-with-vnet-integration': AZURE,
  'identity-binding-of-another-identity': AZURE,
  'identity-binding-with-vnet-integration': AZURE,
  'identity-changed-after-start': AZURE,
  'identity-changed-and-cluster-re-created': AZURE,
  'identity-changed-and-role-of-the-new-one': AZURE,
  'identity-deleted': AZURE,
  'identity-disabled': AZURE,
  'identity-of-another-tenant': AZURE,
  'issuer-on-a-private-address-not-asked': BUNDLE,
  'object-id-of-the-application-as-client-id': AZURE,
  'principal-id-as-client-id': AZURE,
  'region-without-federated-credentials': AZURE,
  'role-for-managing-only': AZURE,
  'role-given-a-moment-ago': AZURE,
  'role-given-to-another-identity': AZURE,
  'role-missing': AZURE,
  'role-missing-for-another-principal': AZURE,
  'role-with-the-refused-action-but-fine': AZURE,
  'role-without-the-refused-action': AZURE,
  'system-assigned-identity': AZURE,
  'tenant-named-after-start': AZURE,
  'tenant-of-someone-else': AZURE,
  'tenant-that-is-none-and-not-that-of-the-identity': AZURE,
  'tenant-that-is-none-preset': AZURE,
  'tenant-id-as-client-id': AZURE,
  'tenant-preset-to-zeros': AZURE,
  'two-faults-binding-and-role': AZURE,
  'two-faults-issuer-and-role': AZURE,
  'two-faults-subject-and-disabled': AZURE,
  'two-faults-tenant-and-role': AZURE,
  'time-not-known-but-fine': BUNDLE,
  'token-younger-than-the-keys-seen': BUNDLE,
  'vault-behind-a-firewall': AZURE,
  'vault-with-access-policies': AZURE,
  'virtual-node-and-add-on-off': AZURE,
  'webhook-of-a-tenant-that-is-none': AZURE,
  'webhook-of-another-tenant': AZURE,
};

/** A list without credentials does not tell the name of its identity, so findings name the client id. */
function expectedLive(name: string): Expected {
  const expected = readExpected(name);
  const unnamed = Object.entries(worldOf(name).clients).flatMap(
    ([clientId, { identity, federatedCredentials }]) =>
      federatedCredentials?.state === 'present' &&
      federatedCredentials.value.items.length === 0 &&
      identity?.state === 'present' &&
      identity.value.name !== null
        ? [[`Identity/${identity.value.name}`, `Identity/${clientId}`] as const]
        : [],
  );
  const findings = expected.findings.map((line) =>
    unnamed.reduce((text, [known, shown]) => text.replace(known, shown), line),
  );
  return { ...expected, findings };
}

const live = scenarioNames().filter((name) => !Object.hasOwn(NOT_LIVE, name));

describe('every scenario that servers can show, over TLS', () => {
  it.concurrent.each(live)('%s', async (name) => {
    const ours = whyNotThere(name);
    const scenario = await startScenario(name, ours === undefined ? {} : { ours });
    try {
      const { code, report, stderr } = await diagnosePod(scenario);
      const seen = {
        verdict: report.verdict,
        exit: code,
        rootCauses: report.rootCauses,
        findings: report.findings.map(findingLine),
      };
      expect(seen).toEqual(expectedLive(name));
      expect(stderr).toBe('');
      expect(scenario.api.requests.filter(({ verb }) => verb !== 'get' && verb !== 'list')).toEqual([]);
      expect(report.target).toEqual({ ...scenario.target, context: 'prod' });
    } finally {
      await scenario.close();
    }
  });

  it('is most of them, and the others are named with their reason', () => {
    expect(live.length).toBeGreaterThanOrEqual(15);
    expect(Object.keys(NOT_LIVE).filter((name) => !scenarioNames().includes(name))).toEqual([]);
  });
});
