import { ROWS } from '../../checks/rows.ts';
import type { FindingCode } from '../check.ts';
import { CODE_LAYERS, codeOrder, layerOfCode } from '../code-layers.ts';
import { WiDoctorError } from '../errors.ts';
import { wrap } from '../reporters/wrap.ts';
import type { OutputOptions } from './options.ts';
import { DEFAULT_SCENARIO, listedScenarios, type ListedScenario } from './scenarios.ts';
import type { Terminal } from './terminal.ts';

const SCHEMA_VERSION = 'wi-doctor.demo/v1';
const HEALTHY = 'healthy, or nothing proven';
/** The code below which a scenario is listed: its root cause, else what it notices; empty for a healthy one. */
function codeOf({ codes, shown }: ListedScenario): string {
  return codes[0] ?? shown[0] ?? '';
}

/** The scenarios of a layer or a code, else those with a word in their name or sentence. */
function matching(scenarios: readonly ListedScenario[], word: string): readonly ListedScenario[] {
  const wanted = word.toLowerCase();
  const isMeant = (text: string | undefined): boolean => text?.toLowerCase() === wanted;
  const ofLayer = scenarios.filter((scenario) => {
    const layer = layerOfCode(codeOf(scenario));
    return isMeant(layer) || isMeant(CODE_LAYERS[layer]);
  });
  if (ofLayer.length > 0) return ofLayer;
  const ofCode = scenarios.filter(({ shown }) => shown.some(isMeant));
  if (ofCode.length > 0) return ofCode;
  return scenarios.filter(({ name, title }) => `${name} ${title}`.toLowerCase().includes(wanted));
}

function groupsOf(
  scenarios: readonly ListedScenario[],
): (readonly [title: string, members: readonly ListedScenario[]])[] {
  const layers = [...Object.entries(CODE_LAYERS), ['', HEALTHY] as const];
  return layers.flatMap(([letters, title]) => {
    const members = scenarios
      .filter((scenario) => layerOfCode(codeOf(scenario)) === letters)
      .toSorted((a, b) => codeOrder(codeOf(a)) - codeOrder(codeOf(b)));
    return members.length === 0 ? [] : [[letters === '' ? title : `${title} (${letters})`, members] as const];
  });
}

/** One line for each code: what fails, and how many scenarios show it. A healthy one stands for all of its kind. */
function codeLines(members: readonly ListedScenario[]): string[] {
  const codes = [...new Set(members.map(codeOf))];
  return codes.map((code) => {
    const [first, ...others] = members.filter((scenario) => codeOf(scenario) === code);
    const more = others.length === 0 ? '' : ` (${others.length + 1} scenarios)`;
    const words = ROWS[code as FindingCode] ?? first?.title ?? '';
    return `  ${(code === '' ? (first?.name ?? '') : code).padEnd(9)}${words}${more}`;
  });
}

/** A scenario with its sentence, which stands below the name where one line has no room for both. */
function scenarioLines(scenario: ListedScenario, columns: number): string[] {
  const { name, title } = scenario;
  const head = `  ${codeOf(scenario).padEnd(9)}${name}`;
  if (head.length + 2 + title.length <= columns) return [`${head}  ${title}`];
  const indent = ' '.repeat(13);
  return [head, ...wrap(title, columns - indent.length).map((line) => indent + line)];
}

function tableText(
  scenarios: readonly ListedScenario[],
  word: string | undefined,
  { columns, program }: Terminal,
): string {
  const blocks = groupsOf(scenarios).map(([title, members]) => {
    const lines =
      word === undefined
        ? codeLines(members)
        : members.flatMap((scenario) => scenarioLines(scenario, columns));
    return [title, ...lines].join('\n');
  });
  const example = scenarios[0]?.name ?? DEFAULT_SCENARIO;
  const hints =
    word === undefined
      ? [
          `Run the best of a kind:  ${program} demo FIC-05`,
          `See all of a kind:       ${program} demo --list FIC (a layer, a code or any word)`,
        ]
      : [`Run one: ${program} demo ${example}`];
  return `${blocks.join('\n\n')}\n\n${hints.join('\n')}\n`;
}

/**
 * `wi-doctor demo --list [WORD]`: the scenarios by layer, the most instructive of each code first; all of those
 * that fit a word. Through a pipe one line each, name and sentence parted by a tab.
 */
export async function listDemos(
  word: string | undefined,
  { output }: OutputOptions,
  terminal: Terminal,
): Promise<void> {
  const all = listedScenarios().filter(({ isListed }) => isListed);
  const found = word === undefined ? all : matching(all, word);
  if (found.length === 0) {
    throw new WiDoctorError('USAGE', `No demo scenario has to do with "${word}".`, {
      hint: `Give a layer (${Object.keys(CODE_LAYERS).join(', ')}), a finding code or a word, or see them all: ${terminal.program} demo --list`,
    });
  }
  const document = {
    schemaVersion: SCHEMA_VERSION,
    scenarios: found.map((scenario) => ({
      name: scenario.name,
      layer: CODE_LAYERS[layerOfCode(codeOf(scenario))] ?? null,
      codes: scenario.codes,
      title: scenario.title,
    })),
  };
  const { stdout } = terminal;
  if (output === 'json') stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else if (output === 'yaml')
    stdout.write((await import('../kubernetes/yaml-library.ts')).stringify(document, { lineWidth: 0 }));
  else if (output === 'table' && stdout.isTTY === true) stdout.write(tableText(found, word, terminal));
  else stdout.write(found.map(({ name, title }) => `${name}\t${title}\n`).join(''));
}
