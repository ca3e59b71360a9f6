import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codesOf } from '../../src/cli/select-checks.ts';
import { CHECKS } from '../scenarios.ts';
import { runMain } from './run-main.ts';

/** Lines that are there to be pasted, as the page has them. */
function fencedLines(markdown: string): string[] {
  return [...markdown.matchAll(/^(`{3,})(?:bash|console|text|yaml)?\n(.*?)\n\1$/gms)].flatMap(
    ([, , body = '']) => body.split('\n').filter((line) => line.trim() !== ''),
  );
}

describe('the list of checks', () => {
  it('fits 80 columns and names every check, code and title', async () => {
    const { code, out } = await runMain(['checks']);
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const words = out.replaceAll(/\s+/g, ' ');
    for (const check of CHECKS) {
      expect(out).toContain(`\n  ${check.id.split('/')[1] ?? ''} `);
      for (const one of codesOf(check)) expect(words).toContain(one);
    }
  });

  it.each(['json', 'yaml'])('is one document in %s', async (format) => {
    const { out } = await runMain(['checks', '-o', format]);
    expect(out).toContain('wi-doctor.checks/v1');
    if (format === 'yaml') return;
    const document = JSON.parse(out) as { checks: { id: string; codes: string[]; docs: string }[] };
    expect(document.checks.map(({ id }) => id)).toEqual(CHECKS.map(({ id }) => id));
    expect(document.checks.every(({ docs }) => readFileSync(docs, 'utf8').startsWith('# '))).toBe(true);
  });

  it('is one line for each check in short', async () => {
    const { out } = await runMain(['checks', '-o', 'short']);
    expect(out.trimEnd().split('\n')).toHaveLength(CHECKS.length);
  });
});

describe.each(CHECKS.map((check) => ({ id: check.id, check })))('the page of $id', ({ id }) => {
  const markdown = readFileSync(new URL(`../../checks/${id}.md`, import.meta.url), 'utf8');

  it('is plain text with commands as they are', async () => {
    const { code, out } = await runMain(['checks', id]);
    expect(code).toBe(0);
    const lines = out.split('\n');
    const fenced = new Set(fencedLines(markdown));
    const pasted = new Set(lines.map((line) => line.slice(4)));
    expect([...fenced].filter((line) => !pasted.has(line))).toEqual([]);
    const prose = lines.filter((line) => !fenced.has(line.slice(4)));
    expect(prose.filter((line) => line.length > 80 && line.trim().includes(' '))).toEqual([]);
    expect(prose.filter((line) => /`|<https?:|<!--|^#|\*\*|\]\(|^\s*\|/.test(line))).toEqual([]);
  });
});

describe('a page', () => {
  it('is one document in JSON, with the check and the Markdown', async () => {
    const { out } = await runMain(['checks', 'fic-05', '-o', 'json']);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 'wi-doctor.checks/v1',
      checks: [{ id: 'federated-credential/subject', codes: ['FIC-05', 'FIC-06', 'FIC-07', 'FIC-09'] }],
      page: { code: 'FIC-05', failure: 'subject differs' },
    });
  });

  it('begins with what helps at once, in every format that is read', async () => {
    for (const format of ['table', 'markdown']) {
      const { out } = await runMain(['checks', 'FIC-05', '-o', format]);
      expect(out.indexOf('How to fix it')).toBeLessThan(out.indexOf('What wi-doctor says'));
    }
  });

  it('tells of a failure that no check can see', async () => {
    const { code, out } = await runMain(['explain', 'FIC-14']);
    expect(code).toBe(0);
    expect(out).toMatch(/^FIC-14: lost in parallel creation\n/);
    expect(out).toContain('\n    az monitor activity-log list ');
  });

  it.each([
    ['FIC-99', /Did you mean: FIC-09/],
    ['federated-credential/subjct', /Did you mean: federated-credential\/subject/],
    ['nothing-like-it-at-all', /See them all: wi-doctor checks/],
  ])('%s is not known: a usage error with what is', async (word, hint) => {
    const { code, out, err } = await runMain(['checks', word]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(hint);
  });
});
