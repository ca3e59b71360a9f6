import type { Check } from './define-check.ts';
import { SOURCE_OF, type Source } from './earlier.ts';
import type { DerivedFacts, FactName, SubjectFacts } from './facts.ts';
import type { Report } from './report.ts';

type Computed = Exclude<keyof DerivedFacts | keyof SubjectFacts, keyof typeof SOURCE_OF>;

/**
 * What computed facts are made of. Nearly every check reads the workload and its sign-ins, whatever it is about:
 * they say nothing of where its fault may be mended, and whether the pod is still the same is looked at anyway.
 */
const MADE_OF: Readonly<Record<Computed, readonly Source[]>> = {
  workload: [],
  container: [],
  signIns: [],
  signIn: [],
  tokenIssuer: [],
  clients: [],
  webhook: ['cluster', 'object'],
  injection: ['cluster', 'object'],
  consumers: ['object'],
  publishedKeys: ['issuer'],
  complaints: ['errors'],
  credentialMatch: ['credentials'],
  exchange: ['exchange'],
  tenant: ['tenants'],
};

function sourcesOf(names: readonly FactName[]): Source[] {
  return names.flatMap((name) => {
    if (name in MADE_OF) return MADE_OF[name as Computed];
    const source = SOURCE_OF[name as keyof typeof SOURCE_OF];
    return source === null ? [] : [source];
  });
}

/** The sources in which the fault that a check found can be mended. */
function sourcesOfCheck({ needs, orAbsent, orUnknown }: Check): readonly Source[] {
  const rested = sourcesOf([...needs, ...orAbsent]);
  if (rested.length > 0) return rested;
  const used = sourcesOf(orUnknown);
  // What is about the pod alone is mended in the pod, or in whatever makes it.
  return used.length > 0 ? used : ['cluster', 'object'];
}

/** How a check stands, as far as waiting for it goes. */
function isOpen(
  { status, id }: Report['checks'][number],
  checks: ReadonlyMap<string, Check>,
  failedBefore: ReadonlySet<string>,
  failOn: 'fail' | 'warn',
): boolean {
  if (status === 'fail' || status === 'error' || (status === 'warn' && failOn === 'warn')) return true;
  // What the verdict does not rest on may be unknown for ever.
  return status === 'unknown' && (checks.get(id)?.restsOn !== 'never' || failedBefore.has(id));
}

/** What to wait for after a look. */
export interface Affected {
  /** Ids of the checks that have not passed. */
  readonly checks: readonly string[];
  /** What they read. */
  readonly sources: ReadonlySet<Source>;
}

/**
 * The checks that a fix has yet to reach, and where it would show.
 *
 * @param failedBefore Ids of the checks that failed in any look so far.
 */
export function affectedBy(
  report: Report,
  all: readonly Check[],
  failedBefore: ReadonlySet<string>,
  failOn: 'fail' | 'warn',
): Affected {
  const checks = new Map(all.map((check) => [check.id as string, check]));
  const open = report.checks.filter((line) => isOpen(line, checks, failedBefore, failOn)).map(({ id }) => id);
  const sources = open.flatMap((id) => {
    const check = checks.get(id);
    return check ? sourcesOfCheck(check) : [];
  });
  return { checks: open, sources: new Set(sources) };
}
