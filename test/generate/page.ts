import type { Check } from '../../src/check.ts';
import { listedScenarios } from '../../src/cli/scenarios.ts';
import { factWords } from '../../src/fact-words.ts';
import { runChecks } from '../../src/run.ts';
import { reportOf, scenarioNames, worldOf } from '../scenarios.ts';
import { table, withBlock } from './block.ts';
import { commandOf, screenOf } from './transcript.ts';

interface Seen {
  readonly scenario: string;
  readonly outcome: string;
}

/** Which scenarios reach which outcomes of a check. */
export function outcomesSeen(check: Check): Seen[] {
  return scenarioNames().flatMap((scenario) =>
    runChecks([check], worldOf(scenario)).flatMap(({ outcome }) =>
      outcome ? [{ scenario, outcome: outcome.id }] : [],
    ),
  );
}

function outcomeRows(check: Check): string[][] {
  return Object.values(check.outcomes).map((spec) =>
    spec.status === 'pass'
      ? ['pass', '', spec.says, '']
      : [spec.status, spec.code, spec.says, (spec.aadsts ?? []).map((code) => `AADSTS${code}`).join(', ')],
  );
}

/** The check that the headline of a scenario is from. */
const headlines = new Map<string, string | undefined>();

function headlineCheck(name: string): string | undefined {
  if (!headlines.has(name)) headlines.set(name, reportOf(name).findings[0]?.check);
  return headlines.get(name);
}

/** The scenario that shows a check's failure best: one root cause, and that is this check's own. */
function exampleOf(check: Check): string | undefined {
  return listedScenarios().find(
    ({ name, codes, isListed }) => isListed && codes.length === 1 && headlineCheck(name) === check.id,
  )?.name;
}

/** A check's page with its generated block filled in. */
export async function pageText(check: Check, page: string): Promise<string> {
  const facts = [...check.needs, ...check.orAbsent, ...check.orUnknown].map(factWords);
  const example = exampleOf(check);
  const parts = [
    `Check \`${check.id}\``,
    table(['outcome', 'code', 'what wi-doctor says', 'Entra answers'], outcomeRows(check)),
    `Looks at: ${facts.join(', ')}.`,
    ...(example === undefined
      ? []
      : [`\`\`\`console\n$ ${commandOf(example)}\n${(await screenOf(example)).trimEnd()}\n\`\`\``]),
    `Written down at: ${check.sources.map((source) => `<${source}>`).join(' · ')}`,
  ];
  return withBlock(page, 'check', parts.join('\n\n'));
}
