import type { Report } from '../report.ts';
import { problemsOf } from './problems.ts';
import { unknownGroups } from './unknown-groups.ts';

/** Reasons beyond these are left to `-v`. */
const MOST_REASONS = 3;

type Reasons = 'none' | 'few' | 'all';

function count(number: number, one: string, many: string): string[] {
  return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
}

function openQuestions(report: Report, reasons: Reasons): string[] {
  const groups = unknownGroups(report);
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  if (total === 0) return [];
  if (reasons === 'none') return [`${total} could not be checked`];
  const shown = reasons === 'all' ? groups : groups.slice(0, MOST_REASONS);
  const left = groups.length - shown.length;
  // No parentheses within parentheses.
  const words = shown.map(({ what, reason }) => `${what} (${reason.replaceAll(/ \(([^()]*)\)/g, ', $1')})`);
  if (left > 0) words.push(`${left} more ${left === 1 ? 'reason' : 'reasons'} with -v`);
  return [`${total} could not be checked: ${words.join('; ')}`];
}

/**
 * How much was looked at, in one line: what could not be looked at is never silently missing.
 *
 * @param reasons How many of the reasons to give: none where they already stand above.
 */
export function countLine(report: Report, reasons: Reasons): string {
  const { checks, findings } = report;
  const problems = problemsOf(report).length;
  const noticed = findings.filter(({ role }) => role === 'noticed');
  const of = (status: string): number => checks.filter((check) => check.status === status).length;
  const crashed = checks.filter(({ status }) => status === 'error');
  return [
    ...(problems === 0 ? ['no problem found'] : count(problems, 'problem', 'problems')),
    ...count(noticed.filter(({ status }) => status === 'fail').length, 'failure', 'failures'),
    ...count(noticed.filter(({ status }) => status === 'warn').length, 'warning', 'warnings'),
    ...count(noticed.filter(({ status }) => status === 'info').length, 'note', 'notes'),
    `${of('pass')} fine`,
    ...openQuestions(report, reasons),
    ...count(crashed.length, 'check', 'checks').map(
      (words) => `${words} crashed: ${crashed.map(({ id }) => id).join(', ')} (bug, please report)`,
    ),
  ].join(' · ');
}
