import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { WiDoctorError } from '../../src/errors.ts';
import { dumpFiles } from '../../src/kubernetes/dump-files.ts';
import { readDumps, type DumpReader } from '../../src/kubernetes/dumps.ts';
import { pathOf, RESOURCES, type ResourceName } from '../../src/kubernetes/resources.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Content = string | Buffer | object;

function object(kind: string, name: string, more: object = {}, namespace = 'shop'): object {
  return { apiVersion: 'v1', kind, ...more, metadata: { name, namespace, ...metadataOf(more) } };
}

function metadataOf(more: object): object {
  return (more as { metadata?: object }).metadata ?? {};
}

function list(...items: object[]): object {
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
}

function folderOf(files: Record<string, Content>): string {
  const folder = temporaryFolder('dump-files');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    const raw = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(join(folder, name), raw ? content : JSON.stringify(content, null, 4));
  }
  return folder;
}

function notesOf({ notes }: DumpReader, folder: string): string[] {
  return notes.map(({ file, why }) => `${file.slice(folder.length + 1)}: ${why}`);
}

async function state(reader: DumpReader, resource: ResourceName, name: string): Promise<string> {
  const ref = RESOURCES[resource];
  return (await reader.get(pathOf(ref, ref.namespaced ? { namespace: 'shop', name } : { name }))).kind;
}

async function refusal(path: string): Promise<string> {
  const error: unknown = await readDumps(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WiDoctorError);
  return (error as WiDoctorError).message.replace(path, 'PATH');
}

const POD = object('Pod', 'web');

describe('what stands in the place of a dump', () => {
  test.each<[string, Content, RegExp]>([
    ['nothing', ' \n', /^PATH holds no dump of Kubernetes objects: it is empty\.$/],
    [
      'kubectl describe',
      'Name:             web\r\nNamespace:        shop\r\nService Account:  web\r\n',
      /it is the output of kubectl describe, .* dump it with kubectl get -o yaml\.$/,
    ],
    [
      'a table',
      'NAME    READY   STATUS\nweb     1/1     Running\n',
      /it is a table of kubectl get; dump it with -o yaml\.$/,
    ],
    ['a table of all namespaces', 'NAMESPACE   NAME   READY\nshop   web   1/1\n', /is a table/],
    [
      'an error of kubectl',
      'Error from server (NotFound): serviceaccounts "web" not found\n',
      /it is what kubectl said instead: Error from server \(NotFound\): serviceaccounts "web" not found\.$/,
    ],
    ['no resources', 'No resources found in shop namespace.\n', /what kubectl said instead/],
    ['a web page', '<!DOCTYPE html><html></html>', /it is a web page\.$/],
    [
      'credentials',
      '[{"issuer":"a","subject":"b","audiences":[]}]',
      /give it with --federated-credentials\.$/,
    ],
    ['an archive', gzipSync('x'), /it is packed: unpack it first\.$/],
    ['a picture', Buffer.from([0x89, 0x50, 0x00]), /it is no text file\.$/],
    [
      'a kubeconfig',
      'apiVersion: v1\nkind: Config\nusers:\n- user: {token: abc}\n',
      /it is no object of Kubernetes\.$/,
    ],
  ])('%s is named for what it is, alone and among others', async (_what, content, expected) => {
    const alone = folderOf({ 'pod.yaml': content });
    const file = join(alone, 'pod.yaml');
    expect(await refusal(file)).toMatch(expected);
    expect(await refusal(alone)).toContain('pod.yaml');
    const folder = folderOf({ 'pod.yaml': content, 'real.json': POD });
    const reader = await readDumps(folder);
    expect(await state(reader, 'pods', 'web')).toBe('ok');
    expect(notesOf(reader, folder)).toEqual([expect.stringMatching(/^pod\.yaml: /)]);
  });

  test('a bundle of wi-doctor in a folder is read by itself', async () => {
    const folder = folderOf({ 'b.json': { schemaVersion: 'wi-doctor.bundle/v1', facts: {} } });
    expect(await refusal(folder)).toContain('name the file itself with --bundle');
  });
});

describe('how files are written', () => {
  const text = stringify(POD);
  const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
  test.each<[string, string | Buffer]>([
    ['PowerShell', utf16],
    ['big-endian', Buffer.from(utf16).swap16()],
    ['a byte order mark', `\uFEFF${text}`],
    ['Windows', text.replaceAll('\n', '\r\n')],
    ['JSON of Windows', JSON.stringify(POD, null, 4).replaceAll('\n', '\r\n')],
    [
      'several JSON documents of Windows',
      `${JSON.stringify(object('Pod', 'a'), null, 4)}\n${JSON.stringify(POD, null, 4)}\n`.replaceAll(
        '\n',
        '\r\n',
      ),
    ],
    ['a bare list', JSON.stringify([object('Pod', 'a'), POD])],
    ['a bare list in YAML', stringify([object('Pod', 'a'), POD])],
  ])('%s', async (_what, content) => {
    const reader = await readDumps(folderOf({ 'pod.yaml': content }));
    expect([await state(reader, 'pods', 'web'), await state(reader, 'pods', 'no')]).toEqual([
      'ok',
      'unknown',
    ]);
  });

  test('a .txt or a file without extension is read when it begins like a dump', async () => {
    const folder = folderOf({
      'pod.txt': Buffer.from(`\uFEFF${text}`, 'utf16le'),
      sa: `# customer\n---\n${stringify(object('ServiceAccount', 'web'))}`,
      'list.txt': JSON.stringify(list(object('Pod', 'api'))),
      'logs.txt': '{"level":"info"}\n{"level":"error"}\n',
      README: 'Dumps of shop\n',
    });
    const reader = await readDumps(folder);
    expect(reader.files.map((file) => file.slice(folder.length + 1))).toEqual(['list.txt', 'pod.txt', 'sa']);
    expect(reader.notes).toEqual([]);
  });

  test('the stream of kubectl cluster-info dump, with logs in between', async () => {
    const log =
      '==== START logs for container app of pod shop/web ====\n{\n}\n{ "kind": "Pod",\n==== END logs for container app of pod shop/web ====';
    const typed = {
      kind: 'PodList',
      apiVersion: 'v1',
      items: [{ metadata: { name: 'web', namespace: 'shop' } }],
    };
    const stream = `${JSON.stringify({ kind: 'NodeList', apiVersion: 'v1', items: [] }, null, 4)}\n${JSON.stringify(typed, null, 4)}\n${log}\n${log}\n`;
    const file = join(folderOf({ 'dump.txt': stream }), 'dump.txt');
    const reader = await readDumps(file);
    expect([
      await state(reader, 'pods', 'web'),
      await state(reader, 'pods', 'no'),
      await state(reader, 'nodes', 'n'),
    ]).toEqual(['ok', 'absent', 'absent']);
    const pod = await reader.get(pathOf(RESOURCES.pods, { namespace: 'shop', name: 'web' }));
    expect(pod.kind === 'ok' && pod.origin?.line).toBe(6);
  });
});

describe('folders', () => {
  const typed = (kind: string, ...items: object[]): object => ({
    kind: `${kind}List`,
    apiVersion: 'v1',
    items,
  });

  test.each([
    ['kubectl cluster-info dump', 'shop/pods.json', 'shop/events.json'],
    ['must-gather', 'm/namespaces/shop/core/pods.json', 'm/namespaces/shop/core/events.json'],
  ])('of %s show by their name what an empty list is of', async (_what, pods, events) => {
    const folder = folderOf({
      [pods]: typed('Pod', { metadata: { name: 'web', namespace: 'shop' } }),
      [events]: typed('Event'),
      'other/events.json': typed('Event'),
    });
    const reader = await readDumps(folder);
    expect(await state(reader, 'events', 'x')).toBe('absent');
    expect((await reader.list(pathOf(RESOURCES.events, { namespace: 'other' }))).kind).toBe('unknown');
    expect(notesOf(reader, folder)).toEqual([
      'other/events.json: is an empty list, which does not tell of which namespace',
    ]);
  });

  test.skipIf(process.platform === 'win32')('are not left through links', async () => {
    const outside = folderOf({ 'secret.yaml': object('Pod', 'outside') });
    const folder = folderOf({ '..data/in.yaml': object('Pod', 'inside'), 'real.json': POD });
    symlinkSync(join(outside, 'secret.yaml'), join(folder, 'out.yaml'));
    symlinkSync('..data/in.yaml', join(folder, 'in.yaml'));
    symlinkSync('nowhere.yaml', join(folder, 'gone.yaml'));
    symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
    const reader = await readDumps(folder);
    expect(reader.objects(RESOURCES.pods)).toHaveLength(2);
    expect(notesOf(reader, folder)).toEqual(['out.yaml: not read, a link that leads out of the folder']);
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'that hold a file nobody may read',
    async () => {
      const folder = folderOf({ 'pod.yaml': POD });
      chmodSync(join(folder, 'pod.yaml'), 0o000);
      expect(await refusal(folder)).toMatch(/it may not be read by this user/);
    },
  );

  test('are not read without end', async () => {
    const folder = folderOf({ 'a.json': POD, 'b.yaml': stringify(POD), 'c.json': POD, 'd.json': POD });
    const notes: string[] = [];
    const files: string[] = [];
    const note = (file: string, why: string): unknown =>
      notes.push(`${file.slice(folder.length + 1)}: ${why}`);
    const size = JSON.stringify(POD, null, 4).length;
    for await (const { file } of dumpFiles(folder, note, { file: size, yaml: 10, all: 2 * size }))
      files.push(file);
    expect(files.map((file) => file.slice(folder.length + 1))).toEqual(['a.json', 'c.json']);
    expect(notes).toEqual([
      expect.stringMatching(/^b\.yaml: not read, larger than .* MiB; as JSON \(-o json\) more can be read$/),
      expect.stringMatching(/^d\.json: not read, all files together are larger than/),
    ]);
  });

  test.skipIf(process.platform === 'win32')('a device in the place of a file', async () => {
    expect(await refusal('/dev/zero')).toBe('Cannot read PATH: it is neither a file nor a folder.');
  });
});

describe('two copies of an object', () => {
  const at = (
    resourceVersion: string,
    phase: string,
    uid = 'u',
    creationTimestamp = '2026-01-01T00:00:00Z',
  ): object =>
    object('Pod', 'web', { metadata: { resourceVersion, uid, creationTimestamp }, status: { phase } });

  test.each<[string, object, object, string, RegExp | null]>([
    [
      'the newer one counts',
      at('9', 'Pending'),
      at('10', 'Running'),
      'Running',
      /^a\.json: shows Pod web as it was before .*b\.json/,
    ],
    [
      'in whatever order',
      at('10', 'Running'),
      at('9', 'Pending'),
      'Running',
      /^b\.json: shows Pod web as it was before .*a\.json/,
    ],
    [
      'one that was made again counts',
      at('10', 'Failed'),
      at('3', 'Running', 'v', '2026-01-02T00:00:00Z'),
      'Running',
      /as it was before/,
    ],
    [
      'the first one where nothing tells',
      at('x', 'Failed'),
      at('y', 'Running'),
      'Failed',
      /otherwise than .*a\.json/,
    ],
    [
      'fields of managers make no difference',
      at('9', 'Running'),
      {
        ...at('9', 'Running'),
        metadata: { ...metadataOf(at('9', 'Running')), name: 'web', namespace: 'shop', managedFields: [] },
      },
      'Running',
      null,
    ],
  ])('%s', async (_what, a, b, phase, note) => {
    const folder = folderOf({ 'a.json': a, 'b.json': b });
    const reader = await readDumps(folder);
    expect(await reader.get(pathOf(RESOURCES.pods, { namespace: 'shop', name: 'web' }))).toMatchObject({
      body: { status: { phase } },
    });
    expect(notesOf(reader, folder).join('\n')).toMatch(note ?? /^$/);
  });
});

describe('secrets', () => {
  test('are known by name and type only', async () => {
    const secret = object('Secret', 'db', {
      type: 'Opaque',
      data: { password: 'aHVudGVyMg==' },
      stringData: { a: 'hunter2' },
      metadata: {
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"aHVudGVyMg=="}}',
        },
      },
    });
    const reader = await readDumps(
      folderOf({
        'a.json': list(secret),
        'b.json': {
          kind: 'SecretList',
          apiVersion: 'v1',
          items: [{ metadata: { name: 'c', namespace: 'shop' }, data: { x: 'aHVudGVyMg==' } }],
        },
      }),
    );
    expect(reader.objects(RESOURCES.secrets)).toEqual([
      { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { name: 'db', namespace: 'shop' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'c', namespace: 'shop' } },
    ]);
  });
});

describe('what a list leaves out', () => {
  const names = Object.keys(RESOURCES) as ResourceName[];
  test.each(names)('of %s is absent, and what single objects leave out is not', async (resource) => {
    const { group, version, kind, namespaced } = RESOURCES[resource];
    const one = {
      apiVersion: group === '' ? version : `${group}/${version}`,
      kind,
      metadata: { name: 'there', ...(namespaced ? { namespace: 'shop' } : {}) },
    };
    const listed = await readDumps(folderOf({ 'a.json': list(one) }));
    const single = await readDumps(folderOf({ 'a.json': one }));
    const seen = async (reader: DumpReader): Promise<string[]> => [
      await state(reader, resource, 'there'),
      await state(reader, resource, 'gone'),
    ];
    expect([await seen(listed), await seen(single)]).toEqual([
      ['ok', 'absent'],
      ['ok', 'unknown'],
    ]);
  });

  const labelled = (kind: string, name: string, labels: object): object =>
    object(kind, name, { metadata: { labels } });

  test.each<[string, object[], string]>([
    [
      'of service accounts selected by a label',
      [labelled('Pod', 'web-1', { app: 'web' }), labelled('ServiceAccount', 'web-sa', { app: 'web' })],
      'unknown',
    ],
    [
      'that has the account of every namespace',
      [
        labelled('ServiceAccount', 'default', { app: 'web' }),
        labelled('ServiceAccount', 'web-sa', { app: 'web' }),
      ],
      'absent',
    ],
    [
      'with the labels of workload identity only',
      [
        labelled('Pod', 'web-1', { 'azure.workload.identity/use': 'true' }),
        labelled('ServiceAccount', 'web-sa', { 'azure.workload.identity/use': 'true' }),
      ],
      'absent',
    ],
    ['of one', [labelled('ServiceAccount', 'web-sa', { app: 'web' })], 'absent'],
  ])('%s', async (_what, items, expected) => {
    const reader = await readDumps(folderOf({ 'a.json': list(...items) }));
    expect(await state(reader, 'serviceaccounts', 'web')).toBe(expected);
  });
});
