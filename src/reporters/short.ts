import { fixPlan } from '../fix-plan.ts';
import type { Report, ReportFix } from '../report.ts';
import { printableCopy } from './printable-copy.ts';
import { requestWords } from './request-words.ts';
import { unknownGroups } from './unknown-groups.ts';

/** Steps that only some cases need are no `fix` line, since a runbook runs those one after the other. */
const CONDITIONAL = /^(if|or|only|when|instead|where|unless)\b/i;

function stepLine({ command, why }: ReportFix): string {
  return CONDITIONAL.test(why) ? optionLine({ command, why }) : `fix ${command}`;
}

function optionLine({ command, why }: Pick<ReportFix, 'command' | 'why'>): string {
  return `option (${why}) ${command}`;
}

/**
 * A few lines for runbooks and chat, each one fact behind one fixed word: `problem`, `cause`, `fix`, `option`, `verify`,
 * `noticed`, `unknown`, `crashed`, `ask`, `next`, `request`, `tool`.
 */
export function renderShort(original: Report): string {
  const report = printableCopy(original);
  const { findings, checks, ask = [], next, requests, target, tool } = report;
  const roots = findings.filter(({ role }) => role === 'root' || role === 'independent');
  const plan = fixPlan(roots);
  const noticed = findings.filter(({ role, status }) => role === 'noticed' && status !== 'info');
  const lines = [
    `${report.verdict} ${report.headline}`,
    ...roots.map(({ code, message }) => `cause ${code} ${message}`),
    ...plan.steps.map(stepLine),
    ...plan.otherWays.flatMap((way) => way.map(optionLine)),
    ...roots.map(({ verify }) => `verify ${verify}`),
    ...noticed.map(({ code, message }) => `noticed ${code} ${message}`),
    ...unknownGroups(report).map(({ what, reason }) => `unknown ${what}: ${reason}`),
    ...checks
      .filter(({ status }) => status === 'error')
      .map(({ id, reason }) => `crashed ${id}: ${reason ?? 'it crashed'} (bug, please report)`),
    ...ask.map(({ command }) => `ask ${command}`),
    ...(next === null ? [] : [`next ${next}`]),
    ...requestWords(requests).map((words) => `request ${words}`),
    `tool ${tool.name} ${tool.version}${target.context === null ? '' : `, context ${target.context}`}`,
  ];
  // The same fault in two containers has the same cause, fix and verification.
  return `${[...new Set(lines)].join('\n')}\n`;
}
