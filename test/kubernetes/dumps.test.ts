import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WiDoctorError } from '../../src/errors.ts';
import { dumpFiles } from '../../src/kubernetes/dump-files.ts';
import { readDumps, type DumpReader } from '../../src/kubernetes/dumps.ts';
import { pathOf, RESOURCES } from '../../src/kubernetes/resources.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const pod = (name: string, namespace = 'shop', labels: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: { nodeName: 'n1' },
});
const account = (name: string, namespace = 'shop'): object => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace },
});
const list = (...items: object[]): object => ({
  apiVersion: 'v1',
  kind: 'List',
  metadata: { resourceVersion: '' },
  items,
});

function folderOf(files: Record<string, string | Buffer | object>): string {
  const folder = temporaryFolder('dumps');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    const raw = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(join(folder, name), raw ? content : JSON.stringify(content, null, 4));
  }
  return folder;
}

const notesOf = ({ notes }: DumpReader): string[] =>
  notes.map(({ file, line, why }) => `${file}${line === undefined ? '' : `:${line}`}: ${why}`);

const read = async (files: Record<string, string | Buffer | object>): Promise<DumpReader> =>
  readDumps(folderOf(files));
const podPath = (name: string, namespace = 'shop'): string => pathOf(RESOURCES.pods, { namespace, name });
const podsPath = (namespace?: string): string => pathOf(RESOURCES.pods, { namespace });

async function kinds(reader: DumpReader, ...paths: string[]): Promise<string[]> {
  return Promise.all(paths.map(async (path) => (await reader.get(path)).kind));
}

async function failure(promise: Promise<unknown>): Promise<WiDoctorError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WiDoctorError);
  return error as WiDoctorError;
}

describe('what dumps prove', () => {
  test('a single object proves nothing about others', async () => {
    const reader = await read({ 'pod.json': pod('web') });
    expect(await kinds(reader, podPath('web'), podPath('api'), podPath('web', 'dev'))).toEqual([
      'ok',
      'unknown',
      'unknown',
    ]);
    expect(await reader.list(podsPath('shop'))).toEqual({
      kind: 'unknown',
      reason: 'the dump holds only some pods of namespace shop, no list of all',
      settle: 'kubectl get --raw /api/v1/namespaces/shop/pods > shop-pods.json',
    });
    expect(await reader.get(podPath('api'))).toEqual({
      kind: 'unknown',
      reason: 'the dump holds only some pods of namespace shop, and api is not among them',
      settle: 'kubectl get pods api -n shop -o yaml > shop-pod-api.yaml',
    });
    expect(reader.objects(RESOURCES.pods)).toHaveLength(1);
  });

  test('a list proves what is missing in the namespaces it shows, of the kinds it shows', async () => {
    const reader = await read({ 'list.json': list(pod('web'), account('web')) });
    expect(await kinds(reader, podPath('api'), podPath('api', 'dev'))).toEqual(['absent', 'unknown']);
    const deployment = pathOf(RESOURCES.deployments, { namespace: 'shop', name: 'web' });
    const missing = pathOf(RESOURCES.serviceaccounts, { namespace: 'shop', name: 'api' });
    expect(await kinds(reader, deployment, missing)).toEqual(['unknown', 'absent']);
    expect(await reader.list(podsPath())).toMatchObject({ kind: 'unknown' });
  });

  test('a list of several namespaces is one of all of them', async () => {
    const reader = await read({ 'list.json': list(pod('web'), pod('api', 'dev'), account('web')) });
    expect(await kinds(reader, podPath('x', 'other'))).toEqual(['absent']);
    expect(await reader.list(podsPath())).toMatchObject({
      kind: 'ok',
      body: { items: [pod('web'), pod('api', 'dev')] },
    });
    expect(await reader.list(podsPath('other'))).toMatchObject({ kind: 'ok', body: { items: [] } });
  });

  test('an empty list says nothing about the kind, an empty typed list of the whole cluster does', async () => {
    const empty = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfigurationList',
      items: [],
    };
    const reader = await read({
      'a.json': list(),
      'b.json': { apiVersion: 'v1', kind: 'PodList', items: [] },
      'c.json': empty,
    });
    expect(await kinds(reader, podPath('web'))).toEqual(['unknown']);
    expect(await reader.list(pathOf(RESOURCES.mutatingwebhookconfigurations))).toMatchObject({
      kind: 'ok',
      body: { items: [] },
    });
  });

  test('a page of a longer list proves nothing', async () => {
    const page = {
      apiVersion: 'v1',
      kind: 'PodList',
      metadata: { continue: 'x' },
      items: [{ metadata: { name: 'web', namespace: 'shop' } }],
    };
    const reader = await read({ 'page.json': page });
    expect(await kinds(reader, podPath('web'), podPath('api'))).toEqual(['ok', 'unknown']);
    expect(notesOf(reader)).toEqual([expect.stringContaining('one page of a longer list')]);
  });

  test('items of a typed list get its kind', async () => {
    const typed = {
      apiVersion: 'apps/v1',
      kind: 'DeploymentList',
      items: [{ metadata: { name: 'web', namespace: 'shop' } }],
    };
    const reader = await read({ 'd.json': typed });
    expect(await reader.get(pathOf(RESOURCES.deployments, { namespace: 'shop', name: 'web' }))).toMatchObject(
      {
        kind: 'ok',
        body: { apiVersion: 'apps/v1', kind: 'Deployment' },
      },
    );
  });

  test('documents of the API server are known by their shape', async () => {
    const reader = await read({
      'a.json': { issuer: 'https://i.test/', jwks_uri: 'https://i.test/jwks' },
      'b.json': { keys: [{ kid: 'x' }] },
      'c.json': {
        clientVersion: { gitVersion: 'v1.1.1' },
        serverVersion: { major: '1', gitVersion: 'v1.33.13' },
      },
    });
    expect(await reader.get('/.well-known/openid-configuration')).toMatchObject({
      body: { issuer: 'https://i.test/' },
    });
    expect(await reader.get('/openid/v1/jwks')).toMatchObject({ body: { keys: [{ kid: 'x' }] } });
    expect(await reader.get('/version')).toMatchObject({ body: { gitVersion: 'v1.33.13' } });
    expect(await (await read({ 'a.json': pod('web') })).get('/version')).toEqual({
      kind: 'unknown',
      reason: "the dump does not hold the API server's version",
      settle: 'kubectl get --raw /version > version.json',
    });
  });

  test('custom resources are found by the usual plural of their kind', async () => {
    const binding = { apiVersion: 'aks.azure.com/v1', kind: 'IdentityBinding', metadata: { name: 'b' } };
    const reader = await read({ 'a.json': list(binding) });
    expect(
      await kinds(
        reader,
        '/apis/aks.azure.com/v1/identitybindings/b',
        '/apis/aks.azure.com/v1/identitybindings/c',
      ),
    ).toEqual(['ok', 'absent']);
  });

  test('logs and reviews are unknown, and nothing is asked of a cluster', async () => {
    const reader = await read({ 'a.json': list(pod('web')) });
    expect(await reader.text(`${podPath('web')}/log`)).toEqual({
      kind: 'unknown',
      reason: 'log is not in dumps',
    });
    expect(await reader.get(`${podPath('web')}/status`)).toMatchObject({ kind: 'unknown' });
    expect(await reader.create('/x', {})).toMatchObject({ kind: 'unknown' });
    expect(reader.requests).toEqual([]);
    reader.close();
  });
});

describe('selectors', () => {
  test.each([
    ['app=web', ['web']],
    ['app==web,tier', ['web']],
    ['app!=web', ['api', 'bare']],
    ['app in (web, api)', ['web', 'api']],
    ['app notin (web),app', ['api']],
    ['!app', ['bare']],
    ['azure.workload.identity/use=true', ['web']],
    ['', ['web', 'api', 'bare']],
  ])('%s', async (labelSelector, expected) => {
    const reader = await read({
      'a.json': list(
        pod('web', 'shop', { app: 'web', tier: 'x', 'azure.workload.identity/use': true }),
        pod('api', 'shop', { app: 'api' }),
        pod('bare'),
      ),
    });
    const answer = await reader.list<{ metadata: { name: string } }>(podsPath('shop'), { labelSelector });
    expect(answer.kind === 'ok' && answer.body.items.map(({ metadata }) => metadata.name)).toEqual(expected);
  });

  test.each([
    ['metadata.name=web', 1],
    ['metadata.name!=web,spec.nodeName=n1', 1],
    ['status.phase=Running', 0],
    ['status.phase=', 2],
  ])('of fields: %s', async (fieldSelector, count) => {
    const reader = await read({ 'a.json': list(pod('web'), pod('api')) });
    expect(await reader.list(podsPath('shop'), { fieldSelector })).toMatchObject({
      body: { items: { length: count } },
    });
  });

  test.each([{ labelSelector: 'a in b' }, { labelSelector: '=' }, { fieldSelector: 'metadata.name' }])(
    'that cannot be read make the list unknown: %j',
    async (query) => {
      const reader = await read({ 'a.json': list(pod('web')) });
      expect(await reader.list(podsPath('shop'), query)).toMatchObject({ kind: 'unknown' });
    },
  );
});

describe('files', () => {
  test('YAML with several documents, in folders, tells where each object stands', async () => {
    const text = `# dumped\n---\n${stringify(pod('web'))}---\n${stringify(list(pod('a', 'dev'), pod('b', 'dev')))}---\n`;
    const folder = folderOf({ 'x/y/all.yml': text, 'x/note.txt': 'no: {', '.git/config.yaml': 'no: {' });
    const reader = await readDumps(folder);
    const file = join(folder, 'x/y/all.yml');
    expect(reader.files).toEqual([file]);
    expect(await reader.get(podPath('web'))).toMatchObject({
      kind: 'ok',
      body: pod('web'),
      origin: { file, line: 3 },
    });
    const answer = await reader.get<object>(podPath('b', 'dev'));
    const line =
      text
        .split('\n')
        .findIndex(
          (value, index, lines) =>
            value.includes('- apiVersion') && lines[index + 3]?.includes('name: b') === true,
        ) + 1;
    expect(answer).toMatchObject({ kind: 'ok', origin: { file, line } });
    expect(answer.kind === 'ok' && reader.originOf(answer.body)).toEqual({ file, line });
    expect(await reader.get(podPath('c', 'dev'))).toMatchObject({ kind: 'absent', origin: { file } });
  });

  test('one file of any name; JSON after JSON; UTF-16 from PowerShell; a byte order mark', async () => {
    const two = `${JSON.stringify(pod('a'), null, 4)}\n${JSON.stringify(pod('b'), null, 4)}\n`;
    const folder = folderOf({
      dump: two,
      'utf16.yaml': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(stringify(pod('w')), 'utf16le')]),
      'mark.json': `\uFEFF${JSON.stringify(pod('m'))}`,
    });
    const reader = await readDumps(join(folder, 'dump'));
    expect(await kinds(reader, podPath('a'), podPath('b'))).toEqual(['ok', 'ok']);
    expect(await reader.get(podPath('b'))).toMatchObject({
      origin: { line: two.split('\n').findIndex((line, index) => index > 0 && line === '{') + 1 },
    });
    expect(await kinds(await readDumps(folder), podPath('w'), podPath('m'))).toEqual(['ok', 'ok']);
  });

  test('binary, too large and foreign files are passed over with a note', async () => {
    const folder = folderOf({
      'a.yaml': Buffer.from([1, 0, 2]),
      'b.json': { value: [] },
      'c.json': { kind: 'Status', apiVersion: 'v1' },
      'd.json': pod('web'),
    });
    symlinkSync(folder, join(folder, 'loop.yaml'));
    const reader = await readDumps(folder);
    expect(notesOf(reader)).toEqual([
      expect.stringMatching(/a\.yaml: not read, it is no text file/),
      expect.stringMatching(/b\.json:1: is no object of Kubernetes/),
      expect.stringMatching(/c\.json:1: holds a Status, not an object/),
    ]);
    const notes: string[] = [];
    const files: string[] = [];
    const limits = { file: 50, yaml: 50, all: 1000 };
    const note = (file: string, why: string): unknown => notes.push(`${file}: ${why}`);
    for await (const { file } of dumpFiles(folder, note, limits)) files.push(file);
    expect(files).toEqual([join(folder, 'b.json'), join(folder, 'c.json')]);
    expect(notes[1]).toMatch(/d\.json: not read, larger/);
  });

  test('that contradict each other are noted, the first one counts', async () => {
    const reader = await read({
      'a.json': pod('web'),
      'b.json': pod('web', 'shop', { x: 'y' }),
      'c.json': pod('web'),
    });
    expect(await reader.get(podPath('web'))).toMatchObject({ body: pod('web') });
    expect(notesOf(reader)).toEqual([
      expect.stringMatching(/b\.json:1: shows Pod web otherwise than .*a\.json/),
    ]);
  });

  test('that are broken end the run, with file and line', async () => {
    for (const text of ['kind: Pod\nmetadata:\n  name: [web\n', '{"kind": "Pod",\n "metadata": {\n']) {
      const error = await failure(read({ 'a.yaml': text }));
      expect(error.code).toBe('BUNDLE');
      expect(error.message).toMatch(/a\.yaml is not valid YAML at line \d+, column \d+\.$/);
    }
  });

  test('that multiply themselves end the run', async () => {
    const rows = 'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefghi'[index]},`.repeat(9)}]`);
    const error = await failure(read({ 'a.yaml': `a: &a [x]\n${rows.join('\n')}\n` }));
    expect(error).toMatchObject({ code: 'BUNDLE', message: expect.stringContaining('more YAML aliases') });
  });

  test('that are missing, empty or foreign are told', async () => {
    expect(await failure(readDumps('/nowhere/dump'))).toMatchObject({
      code: 'INPUT',
      message: 'Cannot read /nowhere/dump: it does not exist.',
    });
    expect(await failure(read({}))).toMatchObject({
      code: 'BUNDLE',
      message: expect.stringContaining('holds no dump'),
    });
    expect((await failure(read({ 'a.json': { value: [] } }))).message).toContain(
      'is no object of Kubernetes',
    );
  });

  test.skipIf(process.platform === 'win32')('that are no files are not waited for', async () => {
    const folder = folderOf({ 'a.json': pod('web') });
    const server = createServer().listen(join(folder, 'socket.yaml'));
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    expect((await readDumps(folder)).files).toHaveLength(1);
  });

  test('of any content either are read or end in one known error', async () => {
    const folder = temporaryFolder('fuzz');
    const file = join(folder, 'a.yaml');
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .object({ key: fc.constantFrom('kind', 'apiVersion', 'items', 'metadata', 'name', 'keys', 'labels') })
        .map((object) => JSON.stringify(object)),
      fc
        .record({
          kind: fc.constantFrom('List', 'PodList', 'Pod'),
          apiVersion: fc.constantFrom('v1', 3),
          items: fc.jsonValue(),
          metadata: fc.jsonValue(),
        })
        .map((object) => JSON.stringify(object)),
    );
    await fc.assert(
      fc.asyncProperty(value, async (text) => {
        writeFileSync(file, text);
        const outcome: unknown = await readDumps(file).then(
          async (reader) => reader.list(podsPath(), { labelSelector: 'a=b' }),
          (error: unknown) => error,
        );
        expect(
          outcome instanceof Error && !(outcome instanceof WiDoctorError) ? outcome : undefined,
        ).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});
