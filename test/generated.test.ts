import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { coverageText } from './generate/coverage.ts';
import { pageText } from './generate/page.ts';
import { readmeText } from './generate/readme.ts';
import { registryText } from './generate/registry.ts';
import { transcriptText } from './generate/transcript.ts';
import { CHECKS, scenarioNames } from './scenarios.ts';

function path(relative: string): string {
  return fileURLToPath(new URL(`../${relative}`, import.meta.url));
}

// `npm run generate` writes these files; without -u a difference fails.
describe('generated files are fresh', () => {
  it('checks/index.ts', async () => {
    await expect(registryText(CHECKS.map(({ id }) => id))).toMatchFileSnapshot(path('checks/index.ts'));
  });

  it('checks/COVERAGE.md', async () => {
    await expect(coverageText(CHECKS)).toMatchFileSnapshot(path('checks/COVERAGE.md'));
  });

  it('README.md', async () => {
    const file = path('README.md');
    await expect(await readmeText(readFileSync(file, 'utf8'), CHECKS)).toMatchFileSnapshot(file);
  });

  it.each(CHECKS.map((check) => ({ id: check.id, check })))('checks/$id.md', async ({ id, check }) => {
    const file = path(`checks/${id}.md`);
    await expect(await pageText(check, readFileSync(file, 'utf8'))).toMatchFileSnapshot(file);
  });

  it.each(scenarioNames())('fixtures/%s/transcript.md', async (name) => {
    await expect(await transcriptText(name)).toMatchFileSnapshot(path(`fixtures/${name}/transcript.md`));
  });
});
