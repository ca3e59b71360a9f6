import { describe, expect, it } from 'vitest';
import type { FindingCode } from '../src/check.ts';
import { symptomOf } from '../src/derive/symptom.ts';
import { rank, type RankedResult } from '../src/rank.ts';
import { runChecks } from '../src/run.ts';
import { CHECKS, readExpected, readScenario, scenarioNames, worldOf } from './scenarios.ts';

const rankings = scenarioNames().map((name) => {
  const world = worldOf(name);
  const { failOn = 'fail' } = readScenario(name);
  return { name, findings: rank(runChecks(CHECKS, world), failOn, symptomOf(world.facts.errors)).findings };
});

function isRoot({ role }: RankedResult): boolean {
  return role === 'root' || role === 'independent';
}

/** `check:outcome CODE by CODE`: one claim that an outcome is accounted for by another failure. */
function claimOf({ result: { check, outcome }, code }: RankedResult, cause: FindingCode): string {
  return `${check.id}:${outcome?.id ?? ''} ${code} by ${cause}`;
}

describe('causes', () => {
  it('are claimed only where a scenario shows the cause as root and what it explains as its consequence', () => {
    const claimed = CHECKS.flatMap(({ id, outcomes }) =>
      Object.entries(outcomes).flatMap(([outcome, spec]) =>
        spec.status === 'pass'
          ? []
          : (spec.explainedBy ?? []).map((cause) => `${id}:${outcome} ${spec.code} by ${cause}`),
      ),
    );
    const shown = new Set(
      rankings.flatMap(({ findings }) => {
        const roots = new Set(findings.filter(isRoot).map(({ code }) => code));
        return findings
          .filter(({ role }) => role === 'consequence')
          .flatMap((finding) =>
            finding.explainedBy.filter((cause) => roots.has(cause)).map((cause) => claimOf(finding, cause)),
          );
      }),
    );
    expect(claimed.filter((claim) => !shown.has(claim))).toEqual([]);
    expect(claimed.length).toBeGreaterThan(100);
  });

  it('of a consequence lead to a root', () => {
    const lost = rankings.flatMap(({ name, findings }) => {
      const leadsToRoot = (finding: RankedResult, seen: readonly RankedResult[]): boolean =>
        isRoot(finding) ||
        findings.some(
          (other) =>
            !seen.includes(other) &&
            finding.explainedBy.includes(other.code) &&
            leadsToRoot(other, [...seen, other]),
        );
      return findings
        .filter((finding) => finding.role === 'consequence' && !leadsToRoot(finding, [finding]))
        .map(({ code }) => `${name}: ${code}`);
    });
    expect(lost).toEqual([]);
  });
});

describe('independent faults', () => {
  it('are both roots, in at least a dozen pairs that cross the layers', () => {
    const pairs = new Map<string, string>();
    for (const name of scenarioNames()) {
      const codes = readExpected(name).rootCauses;
      for (const [index, first] of codes.entries())
        for (const second of codes.slice(index + 1)) pairs.set([first, second].toSorted().join(' + '), name);
    }
    const layers = (pair: string): string[] => pair.split(' + ').map((code) => code.split('-')[0] ?? '');
    const across = [...pairs.keys()].filter((pair) => new Set(layers(pair)).size === 2);
    expect(across.length).toBeGreaterThanOrEqual(12);
  });
});
