import { fixPlan, type FixPlan } from '../fix-plan.ts';
import type { Report, ReportFinding } from '../report.ts';
import { askingTitle } from './asking.ts';
import { broughtErrors } from './brought-errors.ts';
import { CHAIN_MARKS, linkLabel } from './chain-lines.ts';
import { countLine } from './count-line.ts';
import { counterfactualText } from './counterfactual-text.ts';
import { entraAnswer } from './entra-answer.ts';
import { evidenceLines } from './evidence-lines.ts';
import { fixGroups, reasonOf } from './fix-lines.ts';
import { PLAIN } from './ink.ts';
import { codeSpan, fenced, markdownText } from './markdown-text.ts';
import { printableCopy } from './printable-copy.ts';
import { problemsOf, withContainers, type Problem } from './problems.ts';
import { requestWords } from './request-words.ts';
import { unknownGroups } from './unknown-groups.ts';

const MARKS: Readonly<Record<Report['verdict'], string>> = {
  healthy: '✔',
  problem: '✖',
  inconclusive: '?',
  error: '!',
};

function chainText({ chain }: Report): string[] {
  if (chain.length === 0) return [];
  const links = chain.map(({ link, state }) => {
    const text = `${linkLabel(link)} ${CHAIN_MARKS[state]}`;
    return state === 'broken' ? `**${text}**` : text;
  });
  return [links.join(' → ')];
}

function fixBlocks(plan: FixPlan, several: boolean): string[][] {
  return fixGroups(plan).flatMap(({ label, who, steps }) =>
    steps.flatMap((step, index) => {
      const reason = reasonOf(step, several);
      const head = index === 0 ? `**${label}** (${who})` : '**Then**';
      return [[`${head}${reason === '' ? '' : `: ${markdownText(reason)}`}`], fenced([step.command], 'sh')];
    }),
  );
}

/** What to run for all problems together, and how to see that it helped. */
function mendingBlocks(problems: readonly Problem[]): string[][] {
  const looks = new Map(problems.map(({ finding }) => [finding.verify, finding.verifyNote]));
  return [
    ...fixBlocks(fixPlan(problems.map(({ finding }) => finding)), problems.length > 1),
    ...[...looks].flatMap(([verify, note]) => [
      [`**Verify**${note === undefined ? '' : `: ${markdownText(note)}`}`],
      fenced([verify], 'sh'),
    ]),
  ];
}

function problemBlocks(problem: Problem, report: Report): string[][] {
  const { finding, consequences } = problem;
  // Tickets scroll sideways, so values stand there in full.
  const evidence = finding.evidence.flatMap((one) =>
    evidenceLines(one, { columns: Number.MAX_SAFE_INTEGER, indent: 0 }, PLAIN, {
      differenceSaid: false,
      source: true,
    }),
  );
  const answer = entraAnswer(finding);
  const counterfactual = counterfactualText(report, finding);
  return [
    [`**${finding.code}** ${markdownText(withContainers(finding.title, problem, report))}`],
    [markdownText(finding.message)],
    evidence.length === 0 ? [] : fenced(evidence, 'text'),
    counterfactual === null ? [] : [markdownText(counterfactual)],
    answer === null ? [] : [answer],
    consequences.map(({ code, message }) => `- also follows: ${code} ${markdownText(message)}`),
  ];
}

function listed(title: string, items: readonly string[]): string[][] {
  return items.length === 0 ? [] : [[`**${title}**`], items.map((item) => `- ${item}`)];
}

function noticedText({ code, message, status }: ReportFinding): string {
  return `${status}: ${code} ${markdownText(message)}`;
}

function openBlocks(report: Report): string[][] {
  const crashed = report.checks.filter(({ status }) => status === 'error');
  const { ask = [] } = report;
  return [
    ...listed('Could not be checked', [
      ...unknownGroups(report).map(({ what, reason }) => `${markdownText(what)}: ${markdownText(reason)}`),
      ...crashed.map(
        ({ id, reason }) => `${codeSpan(id)}: ${markdownText(reason ?? 'it crashed')} (bug, please report)`,
      ),
    ]),
    ...(ask.length === 0
      ? []
      : [
          [`**${askingTitle(report)}**`],
          fenced(
            ask.map(({ command }) => command),
            'sh',
          ),
        ]),
    ...(report.next === null
      ? []
      : [[ask.length > 0 ? '**Then**' : '**Next**'], fenced([report.next], 'sh')]),
  ];
}

function footer({ tool, target, verdict }: Report, counts: string): string {
  const name = target.namespace === '' ? target.name : `${target.namespace}/${target.name}`;
  const object = name === '' ? [] : [`${target.kind} ${codeSpan(name)}`];
  const context = target.context === null ? [] : [`context ${codeSpan(target.context)}`];
  return [`${tool.name} ${tool.version}`, ...object, ...context, verdict === 'error' ? 'error' : counts].join(
    ' · ',
  );
}

/** A report for a ticket: the same order as on the screen, every value from outside in code. */
export function renderMarkdown(original: Report): string {
  const report = printableCopy(original);
  const problems = problemsOf(report);
  const noticed = report.findings.filter(({ role }) => role === 'noticed');
  const requests = requestWords(report.requests).map(codeSpan);
  const counts = markdownText(
    countLine({ ...report, checks: report.checks.filter(({ status }) => status !== 'error') }, 'none'),
  );
  const blocks = [
    [`### ${MARKS[report.verdict]} ${markdownText(report.headline)}`],
    chainText(report),
    broughtErrors(report).flatMap(({ text, notes }) => [
      `Error brought: ${markdownText(text)}`,
      ...notes.map((note) => `- ${markdownText(note)}`),
    ]),
    ...problems.flatMap((problem) => problemBlocks(problem, report)),
    ...mendingBlocks(problems),
    ...openBlocks(report),
    ...listed('Also noticed', noticed.map(noticedText)),
    ...listed('Requests besides reads', requests),
    [footer(report, counts)],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
