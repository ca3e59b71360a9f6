import { CATALOGUE } from '../../src/aadsts/catalogue/index.ts';
import type { Check } from '../../src/check.ts';
import { codesOf } from '../../src/cli/select-checks.ts';
import { DEFAULT_SCENARIO } from '../../src/cli/scenarios.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { render } from '../../src/reporters/index.ts';
import { reportOf } from '../scenarios.ts';
import { table, withBlock } from './block.ts';
import { dumpScreen } from './dump-screen.ts';
import { fakeTerminal } from './fake-terminal.ts';
import { commandOf, screenOf } from './transcript.ts';

/** The codes that workloads meet, each with the first sentence of its meaning and its likeliest causes. */
function aadstsRows(): string[][] {
  return CATALOGUE.filter(({ about }) => about === 'federation' || about === 'shared').map(
    ({ codes, meaning, causes }) => [
      codes.map((code) => `AADSTS${code}`).join(' '),
      /^.*?[.](?=\s|$)/.exec(meaning)?.[0] ?? meaning,
      causes
        .slice(0, 3)
        .map(({ code }) => code)
        .join(' '),
    ],
  );
}

async function helpText(args: readonly string[]): Promise<string> {
  const terminal = fakeTerminal();
  await dispatch(args, terminal);
  return terminal.out().trimEnd();
}

/** README.md with every generated block filled in; the bench block is left to `npm run bench -- --write`. */
export async function readmeText(readme: string, checks: readonly Check[]): Promise<string> {
  const screen = `\`\`\`console\n$ ${commandOf(DEFAULT_SCENARIO)}\n${(await screenOf(DEFAULT_SCENARIO)).trimEnd()}\n\`\`\``;
  const short = await render(reportOf(DEFAULT_SCENARIO), 'short', {
    columns: 80,
    color: false,
    verbosity: 0,
    quiet: false,
  });
  const checkRows = checks.map((check) => [
    `[${check.id}](checks/${check.id}.md)`,
    codesOf(check).join(' '),
    check.title,
  ]);
  const help = `\`\`\`console\n$ wi-doctor --help\n${await helpText(['--help'])}\n\`\`\`\n\n\`\`\`console\n$ wi-doctor pod --help\n${await helpText(['pod', '--help'])}\n\`\`\``;
  const blocks: readonly (readonly [string, string])[] = [
    ['screen', screen],
    ['runbook', `\`\`\`console\n${short.trimEnd()}\nexit code 1\n\`\`\``],
    ['dump', await dumpScreen()],
    ['aadsts', table(['code', 'what it means here', 'likeliest causes'], aadstsRows())],
    ['checks', table(['check', 'codes', 'healthy when'], checkRows)],
    ['help', help],
  ];
  return blocks.reduce((text, [name, content]) => withBlock(text, name, content), readme);
}
