import { expect } from 'vitest';
import type { RunResult } from '../support/run-cli.ts';
import { reportIn } from './diagnose-live.ts';

/** What a run that ended with exit code 2 told its user. */
export interface Refusal {
  /** Without `wi-doctor: `. */
  readonly sentence: string;
  readonly hint: string;
  /** What stands above it on stderr: the words of a credential plug-in. */
  readonly above: readonly string[];
}

/** Holds a run with `-o json` to the form of every refusal: one sentence, a hint, one document, no stack. */
export function refusalIn(run: RunResult): Refusal {
  expect({ code: run.code, stderr: run.stderr }).toMatchObject({ code: 2 });
  expect(run.stderr).not.toMatch(/^\s+at .+:\d+/m);
  expect(run.stderr).not.toMatch(/unexpected failure|\bundefined\b|\[object /);
  const lines = run.stderr.trimEnd().split('\n');
  const start = lines.findIndex((line) => line.startsWith('wi-doctor: '));
  const sentence = (lines[start] ?? '').replace('wi-doctor: ', '');
  expect(sentence).toMatch(/^\S.*[.?!]$/);
  const report = reportIn(run);
  expect(report).toMatchObject({ verdict: 'error', rootCauses: [], findings: [] });
  expect(report.headline).toContain(sentence.slice(0, 60));
  return { sentence, hint: lines.slice(start + 1).join('\n'), above: lines.slice(0, start) };
}
