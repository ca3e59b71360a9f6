import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { shellCommands } from '../../src/shell-commands.ts';
import { fakeTerminal } from '../generate/fake-terminal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { kubectlAvailable } from '../support.test/kubectl-available.ts';
import { AZ_GLOBAL, AZ_OPTIONS } from './az-options.ts';
import { programsIn, suggestions, violations } from './suggestions.ts';

const ALL = suggestions();

/** The same commands as somebody sees them who has typed many flags. */
const FLAGGED = suggestions({
  program: 'kubectl wi-doctor',
  connectionFlags: [['--context', "the prod's"], ['--as-group', 'sre'], ['--insecure-skip-tls-verify']],
  evidenceFlags: [
    { words: ['-c', 'app'], fits: 'the object' },
    { words: ['--federated-credentials', 'my list.json'], fits: 'the object' },
    { words: ['--azure', 'off'], fits: 'every object' },
  ],
});

const PROGRAMS: ReadonlySet<string> = new Set(
  'kubectl az helm wi-doctor curl jq openssl sleep head sudo echo printf ${EDITOR:-vi}'.split(' '),
);

/** The flags among the words of a program, up to a `--` that ends its own. */
function flagsIn(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  return (end === -1 ? words : words.slice(0, end))
    .filter((word) => /^--?[a-zA-Z]/.test(word))
    .map((word) => word.replace(/=.*$/s, ''))
    .flatMap((word) =>
      /^-[a-z]{2,}$/.test(word)
        ? word
            .slice(1)
            .split('')
            .map((letter) => `-${letter}`)
        : [word],
    );
}

describe.each([
  ['as they are', ALL],
  ['with the flags of the user', FLAGGED],
])('suggested commands, %s', (_how, all) => {
  it('are whole lines for a shell', () => {
    expect(
      violations(all, ({ command }) => (shellCommands(command) === null ? ['is not whole'] : [])),
    ).toEqual([]);
    const script = join(temporaryFolder('script'), 'all.sh');
    writeFileSync(script, `${all.map(({ command }) => command).join('\n')}\n`);
    execFileSync('bash', ['-n', script], { stdio: ['ignore', 'ignore', 'inherit'] });
  });

  it('have every word filled in', () => {
    expect(violations(all, ({ command }) => command.match(/\{[a-zA-Z]\w*\}/g) ?? [])).toEqual([]);
  });

  it('run programs that are known', () => {
    expect(
      violations(all, ({ command }) =>
        programsIn(command).flatMap(([program = '']) =>
          PROGRAMS.has(program) ? [] : [`unknown program ${program}`],
        ),
      ),
    ).toEqual([]);
  });

  it('give az only options that it has', () => {
    expect(
      violations(all, ({ command }) =>
        programsIn(command).flatMap(([program, ...words]) => {
          if (program !== 'az') return [];
          const end = words.findIndex((word) => word.startsWith('-'));
          const name = words.slice(0, end === -1 ? words.length : end).join(' ');
          const options = AZ_OPTIONS[name];
          if (options === undefined) return [`unknown command az ${name}`];
          const known = [...AZ_GLOBAL, ...options];
          return flagsIn(words).flatMap((flag) => (known.includes(flag) ? [] : [`unknown option ${flag}`]));
        }),
      ),
    ).toEqual([]);
  });

  it.skipIf(!kubectlAvailable())('give kubectl only verbs and flags that it has', () => {
    const help = new Map<string, string>();
    const flagsOf = (verb: string): string => {
      const known = help.get(verb);
      if (known !== undefined) return known;
      const own = execFileSync('kubectl', [...verb.split(' '), '--help'], { encoding: 'utf8' });
      const text = own + execFileSync('kubectl', ['options'], { encoding: 'utf8' });
      help.set(verb, text);
      return text;
    };
    expect(
      violations(all, ({ command }) =>
        programsIn(command).flatMap(([program, verb = '', sub = '', ...rest]) => {
          if (program !== 'kubectl' || verb === 'wi-doctor') return [];
          const full = ['create', 'set', 'rollout'].includes(verb) ? `${verb} ${sub}` : verb;
          const text = flagsOf(full);
          // kubectl answers an unknown verb with the help of all.
          if (!text.includes(`kubectl ${full}`)) return [`unknown verb ${full}`];
          return flagsIn([sub, ...rest]).flatMap((flag) => {
            const form = flag.startsWith('--') ? `    ${flag}=` : `${flag}, --`;
            return text.includes(form) || text.includes(`, ${flag}=`) ? [] : [`unknown flag ${flag}`];
          });
        }),
      ),
    ).toEqual([]);
  });
});

describe('suggested commands of wi-doctor', () => {
  const own = (all: typeof ALL, prefix: readonly string[]): string[] => [
    ...new Set(
      all.flatMap(({ command }) =>
        (shellCommands(command) ?? []).flatMap(({ words }) => {
          const texts = words.map(({ text }) => text);
          const isOwn = prefix.every((word, index) => texts[index] === word);
          return isOwn ? [texts.slice(prefix.length).join(' ')] : [];
        }),
      ),
    ),
  ];

  async function refusalOf(line: string): Promise<string> {
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' }).split('\0');
    const terminal = fakeTerminal();
    let refusal = '';
    terminal.stderr.write = (text: unknown): boolean => {
      refusal += String(text);
      return true;
    };
    // Nothing is reached: what is asked here is whether the command line itself is taken.
    await main([...words.slice(0, -1), '--kubeconfig', '/nowhere'], terminal);
    return refusal.split('\n')[0] ?? '';
  }

  it.each(own(ALL, ['wi-doctor']).filter((line) => !/^(explain|token)\b/.test(line)))(
    'wi-doctor %s',
    async (line) => {
      expect(await refusalOf(line)).toContain('Cannot read the kubeconfig /nowhere');
    },
  );

  it.each(own(ALL, ['wi-doctor']).filter((line) => line.startsWith('explain ')))(
    'wi-doctor %s',
    async (line) => {
      const terminal = fakeTerminal();
      expect(await main(line.split(' '), terminal)).toBe(0);
      expect(terminal.out()).not.toBe('');
    },
  );

  it('with the flags of the user are taken as well', async () => {
    for (const line of own(FLAGGED, ['kubectl', 'wi-doctor']).filter(
      (one) => !/^(explain|token)\b/.test(one),
    ))
      expect({ line, refusal: await refusalOf(line) }).toEqual({
        line,
        refusal: expect.stringContaining('Cannot read the kubeconfig /nowhere') as string,
      });
  });
});
