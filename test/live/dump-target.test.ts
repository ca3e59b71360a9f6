import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, type RunResult } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { reportIn } from './diagnose-live.ts';
import { refusalIn } from './refusal.ts';

function object(kind: string, name: string, namespace: string): object {
  const spec = { containers: [{ name: 'app' }] };
  return { apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1', kind, metadata: { name, namespace }, spec };
}

function listOf(...items: object[]): object {
  return { apiVersion: 'v1', kind: 'List', items };
}

function dump(...documents: object[]): string {
  const folder = temporaryFolder('dump');
  mkdirSync(join(folder, 'of shop'));
  for (const [index, document] of documents.entries())
    writeFileSync(join(folder, 'of shop', `${index}.json`), JSON.stringify(document));
  return folder;
}

async function run(folder: string, ...args: string[]): Promise<RunResult> {
  return runCli([...args, '--bundle', 'of shop', '-o', 'json'], { cwd: folder });
}

describe('an object that is in the dump under another namespace', () => {
  it('is named with its namespace', async () => {
    const folder = dump(object('Pod', 'web-7d9f', 'shop'), object('Pod', 'api', 'bank'));
    for (const flags of [[], ['-n', 'shopp']]) {
      const { sentence, hint } = refusalIn(await run(folder, 'pod', 'web-7d9f', ...flags));
      expect(sentence).toBe(
        `The dump has pod web-7d9f in namespace shop, not in ${flags[1] ?? 'default'}: add -n shop.`,
      );
      expect(hint).toBe("  wi-doctor pod web-7d9f -n shop --bundle 'of shop'");
    }
  });

  it('is named with all of them, and the flags of the user', async () => {
    const folder = dump(
      listOf(object('Pod', 'web', 'b'), object('Pod', 'web', 'a')),
      object('Pod', 'web', 'c'),
    );
    writeFileSync(join(folder, 'fed.json'), '[]');
    const { sentence, hint } = refusalIn(
      await run(folder, 'pod', 'web', '-c', 'app', '--federated-credentials', 'fed.json'),
    );
    expect(sentence).toBe(
      'The dump has pod web in namespaces a, b and c, not in default: say which with -n.',
    );
    expect(hint.split('\n')).toHaveLength(3);
    expect(hint).toContain(
      "wi-doctor pod web -n a -c app --federated-credentials fed.json --bundle 'of shop'",
    );
  });

  it('may be of any kind', async () => {
    const folder = dump(object('Deployment', 'web', 'shop'), object('ServiceAccount', 'web-sa', 'shop'));
    expect(refusalIn(await run(folder, 'deploy', 'web')).sentence).toContain(
      'has deployment web in namespace shop',
    );
    expect(refusalIn(await run(folder, 'sa', 'web-sa')).sentence).toContain('has service account web-sa in');
  });
});

describe('a name that the dump does not hold', () => {
  it('is held against those it does, single objects included', async () => {
    const folder = dump(object('Pod', 'web-7d9f-x2k4q', 'shop'));
    const { sentence, hint } = refusalIn(await run(folder, 'pod', 'web-7d9f-x2k4p', '-n', 'shop'));
    expect(sentence).toBe('The dump holds no pod web-7d9f-x2k4p of namespace shop.');
    expect(hint).toBe(
      "Did you mean one of these?\n  wi-doctor pod web-7d9f-x2k4q -n shop --bundle 'of shop'",
    );
  });

  it('is looked for in other namespaces as well', async () => {
    const folder = dump(object('Pod', 'web-7d9f-x2k4q', 'shop'));
    expect(refusalIn(await run(folder, 'pod', 'web-7d9f-x2k4p')).hint).toContain('web-7d9f-x2k4q -n shop');
  });

  it('does not exist when a list shows it', async () => {
    const folder = dump(listOf(object('Pod', 'cache', 'shop'), object('Pod', 'db', 'shop')));
    const { sentence, hint } = refusalIn(await run(folder, 'pod', 'web-7d9f', '-n', 'shop'));
    expect([sentence, hint]).toEqual([
      'There is no pod web-7d9f in namespace shop.',
      'The dump has cache and db.',
    ]);
  });

  it.each([
    [
      'of pods in other namespaces only',
      [object('Pod', 'a', 'bank'), object('Pod', 'b', 'mail')],
      'the dump holds pods of namespaces bank and mail only, not of shop',
    ],
    ['of no pods', [object('ServiceAccount', 'web', 'shop')], 'the dump holds no pods'],
    [
      'of some pods',
      [object('Pod', 'db', 'shop')],
      'the dump holds only some pods of namespace shop, and web-7d9f is not among them',
    ],
  ])('may exist where single objects prove nothing: a dump %s', async (_what, documents, reason) => {
    const result = await run(dump(...documents), 'pod', 'web-7d9f', '-n', 'shop');
    const { headline, ask, findings } = reportIn(result);
    expect([result.code, findings]).toEqual([3, []]);
    expect(headline).toContain(reason);
    expect(ask?.[0]).toEqual({
      command: 'kubectl get pods web-7d9f -n shop -o yaml > shop-pod-web-7d9f.yaml',
      why: reason,
    });
  });
});

describe('what of a dump is passed over', () => {
  it('is told on stderr, with the control characters of its name made harmless', async () => {
    const folder = dump(object('Pod', 'web', 'shop'));
    writeFileSync(join(folder, 'of shop', 'sa\u001B[31m.yaml'), 'Error from server (Forbidden): no\n');
    for (let index = 0; index < 6; index += 1)
      writeFileSync(join(folder, 'of shop', `empty${index}.yaml`), '');
    const told = await run(folder, 'pod', 'web', '-n', 'shop');
    expect(told.stderr.split('\n')).toEqual([
      ...[0, 1, 2, 3, 4].map((index) => `wi-doctor: of shop/empty${index}.yaml: is empty`),
      'wi-doctor: 2 more such notes with -v',
      '',
    ]);
    const all = await run(folder, 'pod', 'web', '-n', 'shop', '-v');
    expect(all.stderr).toContain(
      'sa\\u001b[31m.yaml: is what kubectl said instead: Error from server (Forbidden): no\n',
    );
    expect((await run(folder, 'pod', 'web', '-n', 'shop', '-q')).stderr).toBe('');
  });

  it('is nothing that another flag reads', async () => {
    const folder = dump(object('Pod', 'web', 'shop'));
    const file = join('of shop', 'credentials.json');
    writeFileSync(join(folder, file), '[{"name":"a","issuer":"b","subject":"c","audiences":["d"]}]');
    expect((await run(folder, 'pod', 'web', '-n', 'shop')).stderr).toContain(
      'give it with --federated-credentials',
    );
    expect((await run(folder, 'pod', 'web', '-n', 'shop', '--federated-credentials', file)).stderr).toBe('');
  });
});
