import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Report } from '../../src/report.ts';
import { render, type RenderOptions, type ReportFormat } from '../../src/reporters/index.ts';
import { textWidth } from '../../src/reporters/text-width.ts';
import { reportOf, scenarioNames } from '../scenarios.ts';
import { BROUGHT, INCONCLUSIVE, SAMPLES, SEVERAL } from './samples.ts';

const PLAIN: RenderOptions = { columns: 80, color: false, verbosity: 1, quiet: false };
const FORMATS: readonly ReportFormat[] = ['table', 'short', 'json', 'yaml', 'markdown'];
// What printable() stands for: everything that a terminal acts on or that hides text.
const ACTIVE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/u;

const LONE = /\p{Surrogate}/u;

/** Members that hold free text of the outside; the rest are words of ours. */
const OPEN = new Set([
  'name',
  'context',
  'headline',
  'message',
  'observed',
  'expected',
  'difference',
  'source',
]);
for (const member of [
  'path',
  'command',
  'why',
  'verify',
  'reason',
  'value',
  'next',
  'target',
  'method',
  'detail',
  'meaning',
])
  OPEN.add(member);

/** A copy of a report with `text` put behind every string that may come from outside. */
function poisoned<T>(value: T, text: string, isOpen = false): T {
  if (typeof value === 'string') return (isOpen ? value + text : value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => poisoned(item, text, isOpen)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, poisoned(item, text, OPEN.has(key))]),
  ) as T;
}

const HOSTILE: Readonly<Record<string, string>> = {
  ANSI: '\u001b[31mred\u001b[0m\u009b2J\u0007',
  'a title of the terminal': '\u001b]0;owned\u0007',
  bidi: '\u202egnp.exe\u2066x',
  'line breaks': '\n\r\n\u2028## heading\n\n---\n',
  backticks: ' ` `` ``` ```` `code` ~~~',
  HTML: ' <img src=x onerror=alert(1)><script>alert(1)</script>&lt;',
  links: ' [x](javascript:alert(1)) ![i](http://evil.example/x.png) <http://evil.example> www.evil.example',
  'a table': ' | a | b |\n|---|---|',
  mentions: ' @admin #1 GH-1 owner/repo#2 a@b.example',
  emphasis: ' **bold** __bold__ ~~gone~~ _it_ $x^2$',
  'lone surrogates': '\ud800 \udc00',
};

/** Markdown with its code taken out, as a renderer reads it: fences first, then spans. */
function outsideCode(markdown: string): string {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of markdown.split('\n')) {
    const opening = /^(`{3,})[^`]*$/.exec(line)?.[1];
    if (fence === null && opening !== undefined) fence = opening;
    else if (fence !== null) fence = line === fence ? null : fence;
    else lines.push(line.replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, ''));
  }
  expect(fence).toBeNull();
  return lines.join('\n');
}

describe.each(Object.entries(HOSTILE))('%s from outside', (_what, text) => {
  const reports = [SEVERAL, INCONCLUSIVE, BROUGHT].map((report) => ({
    ...poisoned(report, text),
    tool: report.tool,
  }));

  it.each(FORMATS)('does nothing in %s', async (format) => {
    for (const report of reports) expect(await render(report, format, PLAIN)).not.toMatch(ACTIVE);
  });

  it('adds no line to the short report', async () => {
    for (const report of [SEVERAL, INCONCLUSIVE]) {
      const lines = async (one: Report): Promise<number> =>
        (await render(one, 'short', PLAIN)).split('\n').length;
      expect(await lines(poisoned(report, text))).toBe(await lines(report));
    }
  });

  it('stays text in Markdown', async () => {
    for (const report of reports) {
      const prose = outsideCode(await render(report, 'markdown', PLAIN));
      expect(prose).not.toMatch(/[`<>[\]|@~\\$]|https?:|www\.|_\w/);
      // Ours are the one heading, the bold words at the beginning of a line or around a link of the chain.
      expect(prose.match(/^#+/gm)).toEqual(['###']);
      expect(prose.replaceAll(/^\*\*[\w -]+\*\*|\*\*[a-z ]+ ✖\*\*/gm, '')).not.toMatch(/\*|(?<!^#*)#/m);
    }
  });

  it('comes back unchanged from JSON and YAML', async () => {
    // Neither a YAML file nor any other text in UTF-8 can hold half a character.
    const whole = LONE.test(text) ? [] : reports;
    for (const report of reports) expect(JSON.parse(await render(report, 'json', PLAIN))).toEqual(report);
    for (const report of whole) expect(parse(await render(report, 'yaml', PLAIN))).toEqual(report);
  });
});

/** A line without what stands before a command. */
function bare(line: string): string {
  return line.trim().replace(/^(Verify|Next) {2,4}/, '');
}

describe('a table', () => {
  /** Lines that are commands, which are never folded. */
  function commandsOf(report: Report): Set<string> {
    const commands = report.findings.flatMap(({ fix, verify }) => [
      ...fix.map(({ command }) => command),
      verify,
    ]);
    return new Set([...commands, ...(report.next === null ? [] : [report.next])]);
  }

  it('has no prose wider than the terminal and every command whole on a line of its own', async () => {
    const names = fc.constantFrom(...Object.keys(SAMPLES));
    const word = fc.string({
      unit: fc.constantFrom('a', 'Z', '0', '-', '/', ' ', ':', '店'),
      maxLength: 200,
    });
    await fc.assert(
      fc.asyncProperty(
        names,
        word,
        fc.integer({ min: 60, max: 200 }),
        fc.integer({ min: 0, max: 1 }),
        async (name, text, columns, verbosity) => {
          const sample = SAMPLES[name] ?? SEVERAL;
          const report: Report = {
            ...poisoned(sample, text),
            next: sample.next,
            findings: poisoned(sample.findings, text).map((finding, index) => ({
              ...finding,
              fix: sample.findings[index]?.fix ?? [],
              verify: sample.findings[index]?.verify ?? '',
            })),
          };
          const lines = (await render(report, 'table', { ...PLAIN, columns, verbosity })).split('\n');
          const commands = commandsOf(report);
          for (const line of lines.filter((line) => !commands.has(bare(line))))
            expect(textWidth(line)).toBeLessThanOrEqual(columns);
          const shown = new Set(lines.map(bare));
          for (const { fix } of report.findings.filter(({ role }) => role === 'root'))
            for (const { command } of fix) expect(shown).toContain(command);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has no control character but the line feed, whatever the strings are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        expect(await render(poisoned(SEVERAL, text), 'table', PLAIN)).not.toMatch(ACTIVE);
      }),
      { numRuns: 100 },
    );
  });

  it.each([80, 120])('of %i columns holds every scenario', async (columns) => {
    for (const name of scenarioNames()) {
      const report = reportOf(name);
      const commands = commandsOf(report);
      const lines = (await render(report, 'table', { ...PLAIN, columns, verbosity: 0 })).split('\n');
      const wide = lines.filter((line) => textWidth(line) > columns && !commands.has(bare(line)));
      expect([name, ...wide]).toEqual([name]);
    }
  });

  it('leaves no blanks at the ends of its lines', async () => {
    for (const report of Object.values(SAMPLES)) {
      for (const verbosity of [0, 1])
        expect(await render(report, 'table', { ...PLAIN, verbosity })).not.toMatch(/ $/m);
    }
  });
});
