import { WiDoctorError } from './errors.ts';
import type { Target } from './collected-facts.ts';
import { printable } from './printable.ts';
import { REPORT_SCHEMA_VERSION, type Report } from './report.ts';
import { VERSION } from './version.ts';

const NO_TARGET: Target = { kind: '', namespace: '', name: '', context: null };

/** A hint may be a list of commands, one a line; a headline is one line. */
function sentence(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ');
  return /[.?!)]$/.test(line) ? line : `${line}.`;
}

function headlineOf(error: unknown): string {
  if (error instanceof WiDoctorError)
    return [error.message, ...(error.hint === undefined ? [] : [error.hint])].map(sentence).join(' ');
  const what = error instanceof Error ? error.message : String(error);
  return `wi-doctor itself failed: ${what} (bug, please report)`;
}

/**
 * The document for exit code 2: with `-o json` a failure of the command line or of the tool is one document too.
 *
 * @param target What the user asked for, as far as it was understood.
 */
export function errorReport(error: unknown, target: Target = NO_TARGET): Report {
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    tool: { name: 'wi-doctor', version: VERSION },
    target,
    verdict: 'error',
    headline: printable(headlineOf(error)),
    rootCauses: [],
    findings: [],
    checks: [],
    chain: [],
    containers: [],
    errors: [],
    next: null,
    unseen: [],
    requests: [],
  };
}
