import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';

import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { CATALOGUE } from '../../src/aadsts/catalogue/index.ts';
import { explainCode } from '../../src/aadsts/explain-code.ts';
import { explain } from '../../src/cli/explain.ts';
import type { ExplainOptions } from '../../src/cli/explain.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { SUBJECT, TRACE, WRONG_SUBJECT } from './sentence.ts';

const folder = mkdtempSync(join(tmpdir(), 'explain-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(options: ExplainOptions, stdin?: string): Promise<{ exit: number; out: string }> {
  const stdout = new PassThrough();
  let out = '';
  stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const input = Readable.from(stdin === undefined ? [] : [Buffer.from(stdin)]);
  const terminal: Terminal = {
    stdin: Object.assign(input, stdin === undefined ? { isTTY: true } : {}),
    stdout,
    stderr: new PassThrough(),
    env: {},
    columns: 80,
    color: false,
    progress: false,
    program: 'wi-doctor',
  };
  const exit = await explain(options, terminal);
  return { exit, out };
}

describe('what is explained', () => {
  test.each(['AADSTS700213', '700213', 'aadsts700213'])('the code %s', async (subject) => {
    const { exit, out } = await run({ subject });
    expect(exit).toBe(0);
    expect(out).toMatch(/^✖ AADSTS700213: No federated credential of this client names the service account/);
  });

  test('a code nobody knows ends with 3 and the page that explains it', async () => {
    const { exit, out } = await run({ subject: 'AADSTS99999' });
    expect(exit).toBe(3);
    expect(out).toContain('https://login.microsoftonline.com/error?code=99999');
  });

  test('a prefix of a code is another code', () => {
    expect(explainCode('70021')?.errors[0]?.code).toBe(70021);
    expect(explainCode('AADSTS7002')).toBeUndefined();
    expect(explainCode('FIC-03')).toBeUndefined();
  });

  test('a user-flow code is unrelated by itself', () => {
    expect(explainCode('50034')?.errors[0]).toMatchObject({ unrelated: true, causes: [] });
  });

  test('every code of the catalogue can be asked for', () => {
    for (const code of CATALOGUE.flatMap((entry) => entry.codes))
      expect(explainCode(String(code))?.errors[0]?.code).toBe(code);
  });

  test('a sentence', async () => {
    expect((await run({ subject: WRONG_SUBJECT, output: 'short' })).out).toMatch(/^AADSTS700213: .*FIC-05/);
  });

  test('a file', async () => {
    const file = join(folder, 'pod.log');
    writeFileSync(file, `noise\n${WRONG_SUBJECT}\n`);
    const { exit, out } = await run({ subject: file, output: 'json' });
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 'wi-doctor.explanation/v1',
      errors: [{ code: 700213, fields: { subject: SUBJECT } }],
    });
  });

  test('standard input, with and without a dash', async () => {
    expect((await run({ subject: '-', output: 'short' }, WRONG_SUBJECT)).exit).toBe(0);
    expect((await run({ output: 'short' }, WRONG_SUBJECT)).out).toContain('AADSTS700213');
  });

  test('a finding code prints its page', async () => {
    const { exit, out } = await run({ subject: 'fic-03' });
    expect(exit).toBe(0);
    expect(out).toMatch(/^FIC-03: issuer differs by a slash\n\n {2}federated-credential\/issuer \(/);
    const unknown = await run({ subject: 'FIC-99' });
    expect(unknown.exit).toBe(3);
    expect(unknown.out).toMatch(/^There is no finding FIC-99\. Did you mean: FIC-09/);
  });
});

describe('what is refused', () => {
  test('no argument at a terminal', async () => {
    await expect(run({})).rejects.toMatchObject({ code: 'USAGE' });
  });

  test.each(['missing.log', './nothing', '/var/log/none', 'logs/today.txt'])(
    'a path that is not there: %s',
    async (subject) => {
      await expect(run({ subject })).rejects.toMatchObject({ code: 'INPUT' });
    },
  );

  test('a directory', async () => {
    await expect(run({ subject: folder })).rejects.toMatchObject({ code: 'INPUT' });
  });

  test('a text without anything known ends with 3', async () => {
    expect(await run({ subject: 'it does not work' })).toMatchObject({ exit: 3 });
    const json = await run({ subject: '-', output: 'json' }, 'hello');
    expect(json.exit).toBe(3);
    expect(JSON.parse(json.out)).toMatchObject({ schemaVersion: 'wi-doctor.explanation/v1', errors: [] });
  });

  test('an address is a text, not a path', async () => {
    expect((await run({ subject: 'https://login.microsoftonline.com/error?code=70021' })).exit).toBe(3);
  });
});

describe('formats', () => {
  test('the table says meaning, values, causes and what next, in 80 columns', async () => {
    const { out } = await run({ subject: WRONG_SUBJECT });
    expect(out).toContain(`    subject         ${SUBJECT}\n`);
    expect(out).toContain(`    trace id        ${TRACE}\n`);
    expect(out).toContain('Causes, most likely first');
    expect(out).toContain('wi-doctor pod POD -n billing --error AADSTS700213');
    const prose = out.split('\n').filter((line) => !/https?:|[{}]|system:serviceaccount/.test(line));
    for (const line of prose) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('commands that were broken can be pasted as a whole', async () => {
    const { out } = await run({ subject: WRONG_SUBJECT });
    expect(out.replaceAll(/ \\\n\s+/g, ' ')).toContain(
      `az identity federated-credential create --name NAME --identity-name IDENTITY -g RESOURCE_GROUP --issuer ISSUER --subject ${SUBJECT} --audiences AUDIENCE`,
    );
  });

  test('yaml holds the same document as json', async () => {
    const json = await run({ subject: WRONG_SUBJECT, output: 'json' });
    const yaml = await run({ subject: WRONG_SUBJECT, output: 'yaml' });
    expect(parse(yaml.out)).toEqual(JSON.parse(json.out));
  });

  test('markdown keeps values from the outside inside their code spans', async () => {
    const subject = 'a`b|c</td>';
    const text = WRONG_SUBJECT.replace(SUBJECT, subject);
    const { out } = await run({ subject: text, output: 'markdown' });
    expect(out).toContain('## [AADSTS700213](https://login.microsoftonline.com/error?code=700213)');
    expect(out).not.toContain('| a`b|c');
  });

  test('the list holds every code and every symptom', async () => {
    const { exit, out } = await run({ list: true });
    expect(exit).toBe(0);
    for (const code of CATALOGUE.flatMap((entry) => entry.codes)) expect(out).toContain(`AADSTS${code}`);
    expect(out).toContain('imds-identity-not-found');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const json = JSON.parse((await run({ list: true, output: 'json' })).out) as { codes: unknown[] };
    expect(json.codes).toHaveLength(CATALOGUE.length);
  });

  test('characters that move a terminal print as escapes', async () => {
    const { out } = await run({
      subject: `AADSTS700016: Application with identifier 'a\u202eb' was not found in the directory 'x\u001b[2Jy'.`,
    });
    // eslint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\u001b\u202e]/);
  });
});
