import type { Report, ReportCheck } from '../report.ts';

/** Checks that could not look for one and the same reason. */
export interface UnknownGroup {
  readonly reason: string;
  readonly checks: readonly ReportCheck[];
  /** How many questions stayed open for this reason. */
  readonly count: number;
  /** What stayed open, in words that fit before the reason in parentheses. */
  readonly what: string;
}

function layerOf({ id }: ReportCheck): string {
  return id.slice(0, id.indexOf('/')).replaceAll('-', ' ');
}

function whatOf(checks: readonly ReportCheck[]): string {
  const [only, ...others] = checks;
  if (only && others.length === 0) return `whether ${only.title}`;
  return [...new Set(checks.map(layerOf))].join(', ');
}

/** What could not be looked at, grouped by reason: one missing right leaves many questions open. */
export function unknownGroups({ checks, unseen }: Report): UnknownGroup[] {
  const byReason = new Map<string, ReportCheck[]>();
  for (const check of checks) {
    // What nobody can see from outside is no gap that a right or a flag would close.
    if (check.status !== 'unknown' || check.unseeable) continue;
    const reason = check.reason ?? 'it could not be looked at';
    byReason.set(reason, [...(byReason.get(reason) ?? []), check]);
  }
  const unseenBy = new Map<string, string[]>();
  for (const { what, reason } of unseen) unseenBy.set(reason, [...(unseenBy.get(reason) ?? []), what]);
  return [
    ...[...byReason].map(([reason, group]) => ({
      reason,
      checks: group,
      count: group.length,
      what: whatOf(group),
    })),
    ...[...unseenBy].map(([reason, whats]) => ({
      reason,
      checks: [],
      count: whats.length,
      what: whats.join(', '),
    })),
  ];
}
