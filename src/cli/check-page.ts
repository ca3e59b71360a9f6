import { readFileSync } from 'node:fs';
import { CHECKS } from '../../checks/index.ts';
import { ROWS } from '../../checks/rows.ts';
import { UNDECIDABLE } from '../../checks/undecidable.ts';
import type { Check, FindingCode } from '../check.ts';
import { nearestNames } from '../kubernetes/nearest.ts';
import { packageFile } from '../package-file.ts';
import { codesOf } from './select-checks.ts';

/** What is written about a finding code or a check. */
export interface Page {
  /** Null for a failure mode that no check can see. */
  readonly check: Check | null;
  /** The code that was asked for, with its failure mode in a few words; null when a check was asked for. */
  readonly code: FindingCode | null;
  readonly failure: string | null;
  /** Markdown; the reader's part first, what is generated from the check behind it. */
  readonly text: string;
}

const BLOCK = /<!-- generated:check -->\n*(.*?)\n*<!-- \/generated:check -->\n*/s;

/** The page of a check; its generated part stands behind what helps at once. */
function textOf({ id }: Check): string {
  const source = readFileSync(packageFile(`checks/${id}.md`), 'utf8');
  const block = BLOCK.exec(source)?.[1] ?? '';
  const own = source.replace(BLOCK, '').trimEnd();
  return block === '' ? `${own}\n` : `${own}\n\n## What wi-doctor says\n\n${block}\n`;
}

function undecidableText(code: string): string | null {
  const row = UNDECIDABLE.find((one) => one.code === code);
  if (!row) return null;
  const { because, command, actor } = row;
  const why = because.charAt(0).toUpperCase() + because.slice(1);
  return `# no check can see this

## What this means

${why}.

## How to confirm by hand

One command settles it (${actor}):

\`\`\`bash
${command}
\`\`\`
`;
}

/** The page for an id of a check or for a finding code; undefined when there is none. */
export function pageFor(word: string): Page | undefined {
  const code = word.toUpperCase() as FindingCode;
  const found = CHECKS.filter(
    (candidate) => candidate.id === word.toLowerCase() || codesOf(candidate).includes(code),
  );
  // Checks of an exchange give the code of the fault that Entra names; the fault's own page comes first.
  const check = found.find(({ id }) => !id.startsWith('exchange/')) ?? found[0] ?? null;
  const isCode = check?.id !== word.toLowerCase();
  const named = isCode ? { code, failure: ROWS[code] ?? null } : { code: null, failure: null };
  if (check) return { check, ...named, text: textOf(check) };
  const text = undecidableText(code);
  return text === null ? undefined : { check, ...named, text };
}

/** Codes and ids that may have been meant, best first. */
export function nearestPages(word: string): string[] {
  const codes = [...CHECKS.flatMap(codesOf), ...UNDECIDABLE.map(({ code }) => code)];
  const near = nearestNames(word.toUpperCase(), codes);
  const questions = CHECKS.map(({ id }) => id);
  return [...near, ...nearestNames(word.toLowerCase(), questions)].slice(0, 5);
}
