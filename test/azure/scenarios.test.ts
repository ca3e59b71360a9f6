import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../support/faults.ts';
import { findingLine, readExpected, readScenario, scenarioNames, worldOf } from '../scenarios.ts';
import { SECRET_SIGN_IN, secretsIn, startAzureScenario } from './azure-scenario.ts';
import { azureWorldOf, readerTenant } from './world-of-scenario.ts';

const CLEANED = 'Azure is asked for the id without the quotes around it, and knows that';
const NO_GUID = 'Azure cannot be asked for an id that is no GUID, so nothing is known of it';
const ELSEWHERE = 'the sign-in is for one tenant, and half of the evidence lies in another';
const HALF = 'Azure knows the kind of every identity';
const TENANT_DOCUMENT = 'what is wrong is the tenant itself, which is not looked up';

/** Scenarios that Azure cannot show in this way, and why. */
const NOT_IN_AZURE: Readonly<Record<string, string>> = {
  'application-of-another-tenant-but-fine': ELSEWHERE,
  'client-id-in-quotes-and-not-found': CLEANED,
  'client-id-is-a-name-and-not-found': NO_GUID,
  'dump-of-unknown-age-but-fine': 'a look at Azure tells what time it is',
  'identity-half-seen-but-fine': HALF,
  'tenant-in-another-cloud': TENANT_DOCUMENT,
};

/** Scenarios whose client facts are all that matters, and were all seen. */
function isAboutAzure(name: string): boolean {
  const { clients, patch } = readScenario(name);
  const { facts, clients: known } = worldOf(name);
  const about =
    clients !== undefined || patch?.aksCluster !== undefined || patch?.identityBindings !== undefined;
  const seen = Object.values(known).every(
    ({ identity, federatedCredentials: list }) =>
      identity?.state !== 'unknown' &&
      list?.state !== 'unknown' &&
      (list?.state !== 'present' || list.value.complete),
  );
  const more = Object.entries(facts).some(
    ([fact, value]) => ['exchanges', 'roleAssignments'].includes(fact) && value.state !== 'absent',
  );
  return about && seen && !more;
}

/** Azure answers 405 where the region of an identity has no federated credentials. */
function faultsOf(name: string): FaultRule[] {
  const unsupported = Object.values(worldOf(name).clients).some(
    ({ federatedCredentials: list }) => list?.state === 'present' && list.value.unsupported,
  );
  const fault = { kind: 'error', status: 405 } as const;
  return unsupported ? [{ match: { path: /federatedIdentityCredentials/ }, fault }] : [];
}

const scenarios = scenarioNames().filter((name) => isAboutAzure(name) && !Object.hasOwn(NOT_IN_AZURE, name));

describe('every scenario about Azure, looked up in Azure', () => {
  it.concurrent.each(scenarios)('%s', async (name) => {
    const set = worldOf(name);
    const scenario = await startAzureScenario(azureWorldOf(set), {
      scenario: name,
      azure: { faults: faultsOf(name) },
    });
    try {
      const env = { ...SECRET_SIGN_IN, AZURE_TENANT_ID: readerTenant(set) };
      const { report, stdout, stderr } = await scenario.diagnose([], { env });
      const { verdict, rootCauses, findings } = readExpected(name);
      expect({
        verdict: report.verdict,
        rootCauses: report.rootCauses,
        findings: report.findings.map(findingLine),
      }).toEqual({ verdict, rootCauses, findings });
      expect(secretsIn(stdout + stderr)).toEqual([]);
    } finally {
      await scenario.close();
    }
  });

  it('is most of them, and the others are named with their reason', () => {
    expect(scenarios.length).toBeGreaterThan(100);
    expect(Object.keys(NOT_IN_AZURE).filter((name) => !scenarioNames().includes(name))).toEqual([]);
  });
});
