import { describe, expect, it } from 'vitest';
import { render, type RenderOptions, type ReportFormat } from '../../src/reporters/index.ts';
import { SAMPLES, SEVERAL } from './samples.ts';

const PLAIN: RenderOptions = { columns: 80, color: false, verbosity: 0, quiet: false };
const ANSI = /\u001b\[\d+m/g;

describe.each(Object.entries(SAMPLES))('report %s', (name, report) => {
  it.each([80, 120])('fills a table of %i columns', async (columns) => {
    const text = await render(report, 'table', { ...PLAIN, columns });
    await expect(text).toMatchFileSnapshot(`snapshots/${name}.${columns}.txt`);
  });

  it.each<[ReportFormat, string]>([
    ['short', 'short.txt'],
    ['markdown', 'md'],
    ['json', 'json'],
    ['yaml', 'yaml'],
  ])('is written as %s', async (format, ending) => {
    await expect(await render(report, format, PLAIN)).toMatchFileSnapshot(`snapshots/${name}.${ending}`);
  });

  it('says the same with colour as without', async () => {
    for (const verbosity of [0, 1]) {
      const plain = await render(report, 'table', { ...PLAIN, verbosity });
      const colored = await render(report, 'table', { ...PLAIN, verbosity, color: true });
      expect(colored).not.toBe(plain);
      expect(colored.replaceAll(ANSI, '')).toBe(plain);
    }
  });
});

describe('a report with everything', () => {
  it.each([80, 120])('shows all of it with -v at %i columns', async (columns) => {
    const text = await render(SEVERAL, 'table', { ...PLAIN, columns, verbosity: 1 });
    await expect(text).toMatchFileSnapshot(`snapshots/several.verbose.${columns}.txt`);
  });

  it('shows what is wrong and what to type with -q', async () => {
    const text = await render(SEVERAL, 'table', { ...PLAIN, quiet: true });
    await expect(text).toMatchFileSnapshot('snapshots/several.quiet.txt');
  });
});
