import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { runPod } from './diagnose-live.ts';
import { refusalIn, type Refusal } from './refusal.ts';
import { startScenario, type LiveScenario } from './start-scenario.ts';

let live: LiveScenario;
beforeAll(async () => {
  live = await startScenario('no-azure-evidence');
});
afterAll(() => live.close());

const folder = temporaryFolder('bad-files');
let count = 0;

function file(text: string, extension = 'json'): string {
  const path = join(folder, `given-${count++}.${extension}`);
  writeFileSync(path, text);
  return path;
}

async function refused(...args: string[]): Promise<Refusal> {
  return refusalIn(await runPod(live, [...args, '-o', 'json']));
}

describe('--federated-credentials', () => {
  it.each<[string, () => string, RegExp]>([
    ['does not exist', () => join(folder, 'none.json'), /cannot be read: there is no such file/],
    ['is a folder', () => folder, /it is a directory/],
    ['is empty', () => file(''), /is empty/],
    ['is cut off', () => file('[{"name": "web-fed"'), /cut off or damaged/],
    ['is HTML', () => file('<html>Sign in</html>'), /HTML or XML page/],
    ['is a message of az', () => file("ERROR: Please run 'az login'"), /a message of az/],
    ['is a number', () => file('7'), /neither a list nor an object/],
    ['is an error of ARM', () => file('{"error":{"code":"AuthorizationFailed"}}'), /AuthorizationFailed/],
    ['holds identities', () => file('[{"clientId":"x","principalId":"y","name":"z"}]'), /managed identity/],
    ['lost its audiences', () => file('[{"name":"a","issuer":"b","subject":"c"}]'), /no "audiences"/],
  ])('that %s', async (_what, path, sentence) => {
    const refusal = await refused('--federated-credentials', path());
    expect(refusal.sentence).toMatch(sentence);
  });
});

describe('--token-file', () => {
  it('that does not exist', async () => {
    expect((await refused('--token-file', join(folder, 'no-token'))).sentence).toMatch(/no-token/);
  });

  it('that is a folder', async () => {
    expect((await refused('--token-file', folder)).sentence).toMatch(/folder|directory/);
  });

  it('of 2 MB', async () => {
    const { sentence } = await refused('--token-file', file('x'.repeat(2 * 1024 * 1024), 'txt'));
    expect(sentence).toMatch(/larger|too large|too long/);
  });
});

describe('--bundle', () => {
  it.each<[string, () => string, RegExp]>([
    ['does not exist', () => join(folder, 'none'), /nothing to read at/],
    ['is broken YAML', () => file('kind: Pod\nmetadata: [\n', 'yaml'), /given-\d+\.yaml/],
    ['is broken JSON', () => file('{"kind": "Pod"', 'json'), /given-\d+\.json/],
    ['holds nothing of Kubernetes', () => file('{"a": 1}'), /no dump of Kubernetes objects/],
    ['is an empty folder', () => temporaryFolder('empty'), /no dump of Kubernetes objects/],
    [
      'is a bundle of a later version',
      () => file('{"schemaVersion":"wi-doctor.bundle/v9","facts":{}}'),
      /wi-doctor\.bundle\/v9/,
    ],
    [
      'is a bundle without facts',
      () => file('{"schemaVersion":"wi-doctor.bundle/v1"}'),
      /has no object "facts"/,
    ],
    [
      'is a bundle with a broken fact',
      () => file('{"schemaVersion":"wi-doctor.bundle/v1","facts":{"pod":{"state":"maybe"}}}'),
      /"pod"/,
    ],
    [
      'is a bundle that ends too early',
      () => file('{"schemaVersion":"wi-doctor.bundle/v1","facts":{"po'),
      /not whole/,
    ],
  ])('that %s', async (_what, path, sentence) => {
    const refusal = await refused('--bundle', path());
    expect(refusal.sentence).toMatch(sentence);
  });

  it('of other pods', async () => {
    const path = file('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"other","namespace":"shop"}}');
    const run = await runPod(live, ['--bundle', path, '-o', 'json']);
    // A single pod proves nothing about others.
    expect(run.code).toBe(3);
    const list = file(
      '{"apiVersion":"v1","kind":"PodList","items":[{"metadata":{"name":"web-7d9f-x2k4p","namespace":"shop"}}]}',
    );
    const { sentence, hint } = await refused('--bundle', list);
    expect(sentence).toBe('There is no pod web-7d9f-x2k4q in namespace shop.');
    expect(hint).toContain('wi-doctor pod web-7d9f-x2k4p -n shop');
  });
});
