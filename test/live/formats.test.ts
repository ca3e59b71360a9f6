import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { worldOf } from '../scenarios.ts';
import { diagnosePod, reportIn, runPod } from './diagnose-live.ts';
import { objectsOf, startScenario, type LiveScenario } from './start-scenario.ts';

const FORMATS = ['table', 'short', 'json', 'yaml', 'markdown'] as const;
const OUTCOMES = [
  ['healthy', 'healthy', 0],
  ['label-forgotten', 'problem', 1],
  ['no-azure-evidence', 'inconclusive', 3],
] as const;

// eslint-disable-next-line no-control-regex
const ESCAPES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe.each(OUTCOMES)('%s', (name, verdict, exit) => {
  let live: LiveScenario;
  beforeAll(async () => {
    live = await startScenario(name);
  });
  afterAll(() => live.close());

  it.concurrent.each(FORMATS)(`exits with ${exit} as %s, the report on stdout alone`, async (format) => {
    const { code, stdout, stderr } = await runPod(live, ['-o', format]);
    expect({ code, stderr }).toEqual({ code: exit, stderr: '' });
    expect(stdout).toContain('web-7d9f-x2k4q');
    expect(stdout).toMatch(/[^\n]\n$/);
    expect(stdout).not.toMatch(ESCAPES);
  });

  it('says the same as JSON and as YAML', async () => {
    const [json, yaml] = await Promise.all([runPod(live, ['-o', 'json']), runPod(live, ['-o', 'yaml'])]);
    expect(reportIn(json).verdict).toBe(verdict);
    expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout));
  });

  it('keeps its code with -q and with -v -v', async () => {
    const [quiet, loud] = await Promise.all([runPod(live, ['-q']), runPod(live, ['-v', '-v'])]);
    expect([quiet.code, loud.code]).toEqual([exit, exit]);
    expect(loud.stdout.length).toBeGreaterThan(quiet.stdout.length);
  });
});

describe('an error', () => {
  let live: LiveScenario;
  beforeAll(async () => {
    live = await startScenario('healthy');
  });
  afterAll(() => live.close());

  it.concurrent.each(FORMATS)('exits with 2 as %s, the sentence on stderr', async (format) => {
    const { code, stdout, stderr } = await runPod(live, ['-c', 'nobody', '-o', format]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^wi-doctor: Pod web-7d9f-x2k4q has no container nobody\.\n/);
    expect(stdout === '').toBe(format !== 'json');
  });
});

describe('colour', () => {
  it.each<[string, Record<string, string>, string[], boolean]>([
    ['is off in a pipe', {}, [], false],
    ['is on with FORCE_COLOR', { FORCE_COLOR: '1' }, [], true],
    ['is off with FORCE_COLOR=0', { FORCE_COLOR: '0' }, [], false],
    ['is off with NO_COLOR, whatever else is said', { FORCE_COLOR: '1', NO_COLOR: '1' }, [], false],
    ['is off with --no-color', { FORCE_COLOR: '1' }, ['--no-color'], false],
    ['is off on a dumb terminal', { TERM: 'dumb' }, [], false],
  ])('%s', async (_what, env, args, colored) => {
    const live = await startScenario('label-forgotten');
    const { code, stdout, stderr } = await runPod(live, args, { env });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.includes('\u001b[')).toBe(colored);
    await live.close();
  });
});

describe('hostile names', () => {
  const HOSTILE = '\u001b[31mred\u001b[0m\u202etxt\u0007\n# Title\n<script>alert(1)</script>`rm -rf ~`|x|';
  let live: LiveScenario;
  beforeAll(async () => {
    live = await startScenario('healthy');
    const objects = objectsOf(worldOf('healthy')) as { kind: string; metadata: { annotations?: object } }[];
    for (const object of objects.filter(({ kind }) => kind === 'ServiceAccount')) {
      await live.api.patch({
        ...object,
        metadata: {
          ...object.metadata,
          annotations: {
            'azure.workload.identity/client-id': HOSTILE,
            'azure.workload.identity/tenant-id': HOSTILE,
            [`azure.workload.identity/client_id${HOSTILE}`]: HOSTILE,
          },
        },
      });
    }
  });
  afterAll(() => live.close());

  it.concurrent.each(FORMATS)('never reach the reader of %s raw', async (format) => {
    const { code, stdout, stderr } = await runPod(live, ['-o', format, '-v', '-v']);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(ESCAPES);
    expect(stdout).not.toMatch(/^# Title/m);
    // Between backticks Markdown takes nothing for HTML.
    const prose = stdout.replaceAll(/(`+)[^]*?[^`]\1(?!`)/g, '');
    expect(format === 'markdown' && prose.includes('<script>')).toBe(false);
  });

  it('stay one document as JSON', async () => {
    const { report } = await diagnosePod(live);
    expect(report.headline).not.toMatch(/\n/);
    expect(
      JSON.stringify(report.findings.flatMap(({ fix }) => fix.map(({ command }) => command))),
    ).not.toContain('`rm -rf ~`');
  });
});
