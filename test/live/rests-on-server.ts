import { present, type FactSet } from '../../src/facts.ts';
import { ASSETS, knowsSidecars } from '../support/control-plane.ts';
import { findingLine, reportOf, worldOf } from '../scenarios.ts';

function withoutSidecars(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSidecars);
  if (typeof value !== 'object' || value === null) return value;
  const { initContainers, ...rest } = value as { initContainers?: readonly object[] };
  const members = Object.entries(rest).map(([name, member]) => [name, withoutSidecars(member)]);
  const plain = initContainers?.map(({ restartPolicy: _policy, ...one }: { restartPolicy?: string }) => one);
  return { ...Object.fromEntries(members), ...(plain ? { initContainers: plain } : {}) };
}

/** What the real server cannot show as a scenario has it: another version, and sidecars before it knew them. */
function asThere({ facts, ...rest }: FactSet): FactSet {
  const { apiServerVersion: version } = facts;
  const changed: Partial<FactSet['facts']> =
    ASSETS && version?.state === 'present'
      ? { apiServerVersion: present(ASSETS.version, 'kubernetes: /version') }
      : {};
  const all = { ...facts, ...changed };
  return {
    ...rest,
    facts: knowsSidecars() ? all : (withoutSidecars(all) as FactSet['facts']),
  };
}

function outcomeOf(name: string, set: FactSet): string {
  const { verdict, rootCauses, findings } = reportOf(name, {}, set);
  return JSON.stringify([verdict, rootCauses, findings.map(findingLine)]);
}

/** Why a scenario would come to something else on the real server; nothing when it would not. */
export function whyNotThere(name: string): string | undefined {
  if (!ASSETS) return undefined;
  const set = worldOf(name);
  return outcomeOf(name, asThere(set)) === outcomeOf(name, set)
    ? undefined
    : `the scenario rests on another version than ${ASSETS.version}`;
}
