import { readFileSync } from 'node:fs';
import { CHECKS } from '../../checks/index.ts';
import { WiDoctorError } from '../errors.ts';
import { nearestNames } from '../kubernetes/nearest.ts';
import { packageFile } from '../package-file.ts';
import { drawTable } from '../reporters/draw-table.ts';
import { codesOf } from './select-checks.ts';
import type { OutputOptions } from './options.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** The page of a check, named by its id or one of its finding codes; undefined when there is none. */
export function pageOf(word: string): string | undefined {
  const found = CHECKS.filter(
    (candidate) =>
      candidate.id === word.toLowerCase() || codesOf(candidate).some((code) => code === word.toUpperCase()),
  );
  // Checks of an exchange give the code of the fault that Entra names; the fault's own page comes first.
  const check = found.find(({ id }) => !id.startsWith('exchange/')) ?? found[0];
  if (!check) return undefined;
  const page = readFileSync(packageFile(`checks/${check.id}.md`), 'utf8');
  return page.replaceAll(/<!--.*?-->\n?/g, '');
}

function unknownCheck(word: string, program: string): WiDoctorError {
  const near = nearestNames(word.toUpperCase(), CHECKS.flatMap(codesOf));
  return new WiDoctorError('USAGE', `There is no check and no finding code "${word}".`, {
    hint: near.length > 0 ? `Did you mean: ${near.join(', ')}?` : `See them all: ${program} checks`,
  });
}

/** `wi-doctor checks [CODE|ID]`: every check with its codes and facts, or the page of one. */
export async function checks(
  word: string | undefined,
  { output }: OutputOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (word !== undefined) {
    const page = pageOf(word);
    if (page === undefined) throw unknownCheck(word, terminal.program);
    terminal.stdout.write(page);
    return 0;
  }
  const rows = CHECKS.map((check) => ({
    id: check.id,
    layer: check.id.split('/')[0] ?? '',
    title: check.title,
    codes: codesOf(check),
    needs: [...check.needs, ...check.orAbsent, ...check.orUnknown],
  }));
  if (output === 'json') terminal.stdout.write(`${JSON.stringify({ checks: rows }, null, 2)}\n`);
  else if (output === 'yaml')
    terminal.stdout.write((await import('../kubernetes/yaml-library.ts')).stringify({ checks: rows }));
  else
    terminal.stdout.write(
      drawTable(
        ['check', 'codes', 'healthy when'],
        rows.map(({ id, codes, title }) => [id, codes.join(' '), title]),
        terminal.columns,
      ),
    );
  return 0;
}
