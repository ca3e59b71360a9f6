import { CHECKS } from '../../checks/index.ts';
import type { Check } from '../check.ts';
import { WiDoctorError } from '../errors.ts';
import { nearestPages, pageFor } from './check-page.ts';
import { codesOf } from './select-checks.ts';
import { showPage } from './show-page.ts';
import type { OutputOptions, ReportFormat } from './options.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Cells of two codes side by side. */
const TWO_CODES = 'FIC-05 FIC-06'.length;
const SCHEMA_VERSION = 'wi-doctor.checks/v1';

function unknownCheck(word: string, program: string): WiDoctorError {
  const near = nearestPages(word);
  const all = `See them all: ${program} checks`;
  return new WiDoctorError('USAGE', `There is no check and no finding code "${word}".`, {
    hint: near.length > 0 ? `Did you mean: ${near.join(', ')}? ${all}` : all,
  });
}

function layerOf({ id }: Check): string {
  return id.slice(0, id.indexOf('/'));
}

/** A check as the document has it. */
function described(check: Check): object {
  const { id, title, outcomes, needs, orAbsent, orUnknown } = check;
  return {
    id,
    layer: layerOf(check),
    title,
    codes: codesOf(check),
    needs: [...needs, ...orAbsent, ...orUnknown],
    outcomes: Object.values(outcomes).map((spec) =>
      spec.status === 'pass'
        ? { status: spec.status, code: null, says: spec.says, aadsts: [] }
        : {
            status: spec.status,
            code: spec.code,
            title: spec.title ?? null,
            says: spec.says,
            aadsts: spec.aadsts ?? [],
          },
    ),
    docs: `checks/${id}.md`,
  };
}

/** All checks below the name of their layer, with their codes and the condition they stand for. */
async function listText(columns: number): Promise<string> {
  const { drawTable } = await import('../reporters/draw-table.ts');
  const layers = [...new Set(CHECKS.map(layerOf))];
  const rows = layers.flatMap((layer) => [
    [layer, '', ''],
    ...CHECKS.filter((check) => layerOf(check) === layer).map((check) => [
      `  ${check.id.slice(layer.length + 1)}`,
      codesOf(check).join(' '),
      check.title,
    ]),
  ]);
  return drawTable([['check', 'codes', 'healthy when'], ...rows], columns, [undefined, TWO_CODES]);
}

async function listAs(output: ReportFormat, terminal: Terminal): Promise<string> {
  const document = { schemaVersion: SCHEMA_VERSION, checks: CHECKS.map(described) };
  switch (output) {
    case 'json':
      return `${JSON.stringify(document, null, 2)}\n`;
    case 'yaml':
      return (await import('../kubernetes/yaml-library.ts')).stringify(document, { lineWidth: 0 });
    case 'short':
      return CHECKS.map((check) => `${check.id} ${codesOf(check).join(',')} ${check.title}\n`).join('');
    case 'markdown': {
      const rows = CHECKS.map((check) => `| ${check.id} | ${codesOf(check).join(' ')} | ${check.title} |\n`);
      return `| check | codes | healthy when |\n| --- | --- | --- |\n${rows.join('')}`;
    }
    case 'table':
      return listText(terminal.columns);
  }
}

/** `wi-doctor checks [CODE|ID]`: every check with its codes, or the page of one. */
export async function checks(
  word: string | undefined,
  { output, quiet }: OutputOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (word === undefined) {
    terminal.stdout.write(await listAs(output, terminal));
    return 0;
  }
  const page = pageFor(word);
  if (page === undefined) throw unknownCheck(word, terminal.program);
  const { check, code, failure, text } = page;
  const document = {
    schemaVersion: SCHEMA_VERSION,
    checks: check === null ? [] : [described(check)],
    page: { code, failure, text },
  };
  terminal.stdout.write(await showPage(page, document, { output, quiet }, terminal));
  return 0;
}
