import { readScenario, scenarioNames, worldOf } from '../scenarios.ts';

const CLEANED = 'Azure is asked for the id without the quotes around it, and knows that';
const NO_GUID = 'Azure cannot be asked for an id that is no GUID, so nothing is known of it';
const ELSEWHERE = 'the sign-in is for one tenant, and half of the evidence lies in another';
const HALF = 'Azure knows the kind of every identity';

/** Scenarios that Azure cannot show in this way, and why. */
export const NOT_IN_AZURE: Readonly<Record<string, string>> = {
  'application-of-another-tenant-but-fine': ELSEWHERE,
  'client-id-in-quotes-and-not-found': CLEANED,
  'client-id-is-a-name-and-not-found': NO_GUID,
  'dump-of-unknown-age-but-fine': 'a look at Azure tells what time it is',
  'identity-half-seen-but-fine': HALF,
  'role-given-to-another-identity': 'nothing in the cluster names the other identity, so nobody looks it up',
};

const ABOUT_AZURE = ['aksCluster', 'identityBindings', 'roleAssignments', 'tenants'] as const;

const HEALTHY = worldOf('healthy').facts;

/** Scenarios whose client facts are all that matters, and were all seen. */
function isAboutAzure(name: string): boolean {
  const { clients } = readScenario(name);
  const { facts, clients: known } = worldOf(name);
  const about =
    clients !== undefined ||
    ABOUT_AZURE.some((fact) => JSON.stringify(facts[fact]) !== JSON.stringify(HEALTHY[fact]));
  const seen = Object.values(known).every(
    ({ identity, federatedCredentials: list }) =>
      identity?.state !== 'unknown' &&
      list?.state !== 'unknown' &&
      (list?.state !== 'present' || list.value.complete),
  );
  const exchanged = facts.exchanges !== undefined && facts.exchanges.state !== 'absent';
  return about && seen && !exchanged;
}

/** Scenarios that the Azure of the tests shows to a look-up. */
export const PLAYED_IN_AZURE: readonly string[] = scenarioNames().filter(
  (name) => isAboutAzure(name) && !Object.hasOwn(NOT_IN_AZURE, name),
);
