import type { Invocation } from '../../src/invocation.ts';
import type { ReportFix } from '../../src/report.ts';
import { shellCommands } from '../../src/shell-commands.ts';
import { reportOf, scenarioNames } from '../scenarios.ts';

/** One command that a scenario's report tells the user to run. */
export interface Suggestion {
  readonly scenario: string;
  readonly code: string;
  readonly status: string;
  readonly role: string;
  readonly as: 'fix' | 'verify' | 'next';
  readonly command: string;
  /** All fixes of the same finding, in their order; empty for `next`. */
  readonly fixes: readonly ReportFix[];
}

/** Every command that any scenario suggests. */
export function suggestions(invocation?: Invocation): Suggestion[] {
  return scenarioNames().flatMap((scenario) => {
    const { findings, next } = reportOf(scenario, invocation === undefined ? {} : { invocation });
    const told = findings.flatMap(({ code, status, role, fix, verify }) => {
      const common = { scenario, code, status, role, fixes: fix };
      return [
        ...fix.map(({ command }): Suggestion => ({ ...common, as: 'fix', command })),
        { ...common, as: 'verify', command: verify } as const,
      ];
    });
    if (next === null) return told;
    const open = { scenario, code: '', status: '', role: '', as: 'next', command: next, fixes: [] } as const;
    return [...told, open];
  });
}

/** The programs of a line, each with its words unquoted as far as they are plain. */
export function programsIn(line: string): string[][] {
  return (shellCommands(line) ?? []).map(({ words }) => words.map(({ text }) => unquoted(text)));
}

function unquoted(word: string): string {
  return /^'[^']*'$/.test(word) ? word.slice(1, -1) : word;
}

/** What is wrong with the commands of a rule, one line for each, each once. */
export function violations(
  all: readonly Suggestion[],
  rule: (suggestion: Suggestion) => readonly string[],
): string[] {
  const found = all.flatMap((suggestion) =>
    rule(suggestion).map(
      (complaint) => `${suggestion.code} ${suggestion.scenario}: ${complaint}: ${suggestion.command}`,
    ),
  );
  return [...new Set(found)];
}
