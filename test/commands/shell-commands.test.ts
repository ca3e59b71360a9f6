import { array, assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellQuote } from '../../src/fill.ts';
import { shellCommands } from '../../src/shell-commands.ts';

/** The words of each command in a line, and what stands from the place of further flags on. */
function read(line: string): [words: string[], behind: string][] | null {
  const commands = shellCommands(line);
  return commands?.map(({ words, flagsAt }) => [words.map(({ text }) => text), line.slice(flagsAt)]) ?? null;
}

describe('a line for the shell', () => {
  it.each<[string, [string[], string][]]>([
    ['kubectl get pods', [[['kubectl', 'get', 'pods'], '']]],
    [
      'kubectl exec web -c app -- cat /token',
      [[['kubectl', 'exec', 'web', '-c', 'app', '--', 'cat', '/token'], ' -- cat /token']],
    ],
    [
      'a x > f && b y | c z; d',
      [
        [['a', 'x'], ' > f && b y | c z; d'],
        [['b', 'y'], ' | c z; d'],
        [['c', 'z'], '; d'],
        [['d'], ''],
      ],
    ],
    ['openssl s_client < /dev/null 2>&1', [[['openssl', 's_client'], ' < /dev/null 2>&1']]],
    ["echo 'a && b | c -- d'", [[['echo', "'a && b | c -- d'"], '']]],
    [String.raw`echo a\ b "c \" d"`, [[['echo', String.raw`a\ b`, String.raw`"c \" d"`], '']]],
    [String.raw`echo $'a\'b' c`, [[['echo', String.raw`$'a\'b'`, 'c'], '']]],
    [
      'k="$(kubectl get --raw "/a b" | jq -r .issuer)" run',
      [
        [['k="$(kubectl get --raw "/a b" | jq -r .issuer)"', 'run'], ''],
        [['kubectl', 'get', '--raw', '"/a b"'], ' | jq -r .issuer)" run'],
        [['jq', '-r', '.issuer'], ')" run'],
      ],
    ],
    ['', []],
  ])('%s', (line, commands) => {
    expect(read(line)).toEqual(commands);
  });

  it.each(["echo 'a", 'echo "a', 'echo $(a', 'echo a)', 'echo "$(a"', String.raw`echo $'a\'`, 'echo a\\'])(
    'is not whole: %s',
    (line) => {
      expect(shellCommands(line)).toBeNull();
    },
  );

  it('gives back every word that was quoted for it', () => {
    assert(
      property(array(string({ unit: 'grapheme' }), { minLength: 1 }), (texts) => {
        const quoted = texts.map(shellQuote);
        expect(read(quoted.join(' '))).toEqual([[quoted, '']]);
      }),
    );
  });
});
