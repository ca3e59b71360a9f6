import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/kubernetes/connection.ts';
import { readDumps } from '../../src/kubernetes/dumps.ts';
import { pathOf, RESOURCES } from '../../src/kubernetes/resources.ts';
import type { KubernetesClient, ListQuery } from '../../src/kubernetes/answers.ts';
import type { Pod, TokenRequest } from '../../src/kubernetes/types.ts';
import { startApiServer, type ApiServer, type ApiServerOptions } from '../support/api-server.ts';
import { writeKubeconfig } from '../support/kubeconfig.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'shop' } };
const pod = (
  name: string,
  labels: Record<string, string> = {},
): { apiVersion: string; kind: string; metadata: object } => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels },
});

async function cluster(
  objects: Parameters<typeof startApiServer>[0]['objects'],
  options: ApiServerOptions = {},
): Promise<{ server: ApiServer; client: KubernetesClient }> {
  const server = await startApiServer({ objects }, options);
  const { client } = await connect(
    { kubeconfig: writeKubeconfig([{ server }]).path },
    {},
    { stdinIsTerminal: false },
  );
  onTestFinished(async () => {
    client.close();
    await server.close();
  });
  return { server, client };
}

const PODS = pathOf(RESOURCES.pods, { namespace: 'shop' });

describe('an API server', () => {
  test('that pages gives all objects of a long list', async () => {
    const pods = Array.from({ length: 1_201 }, (_, index) => pod(`p-${String(index).padStart(4, '0')}`));
    const { server, client } = await cluster([namespace, ...pods]);
    const answer = await client.list<Pod>(PODS);
    expect(answer.kind === 'ok' && answer.body.items.map(({ metadata }) => metadata?.name)).toEqual(
      pods.map(({ metadata }) => (metadata as { name: string }).name),
    );
    expect(server.requests).toHaveLength(3);
  });

  test('that forbids names the right, and tells absent from forbidden', async () => {
    const { client } = await cluster([namespace, pod('web')], {
      deny: [{ verb: 'list', resource: 'pods' }],
    });
    expect(await client.list(PODS)).toMatchObject({
      kind: 'unknown',
      right: { verb: 'list', resource: 'pods', group: '', namespace: 'shop' },
    });
    expect(await client.get(pathOf(RESOURCES.pods, { namespace: 'shop', name: 'web' }))).toMatchObject({
      kind: 'ok',
    });
    expect(await client.get(pathOf(RESOURCES.pods, { namespace: 'shop', name: 'nope' }))).toEqual({
      kind: 'absent',
    });
    expect(await client.get(pathOf(RESOURCES.namespaces, { name: 'nope' }))).toEqual({ kind: 'absent' });
    expect(await client.list(pathOf(RESOURCES.serviceaccounts, { namespace: 'nope' }))).toMatchObject({
      body: { items: [] },
    });
  });

  test('mints a token, and says why it does not', async () => {
    const { client } = await cluster([namespace, account]);
    const path = pathOf(RESOURCES.serviceaccounts, { namespace: 'shop', name: 'web', subresource: 'token' });
    const spec = { audiences: ['api://AzureADTokenExchange'], expirationSeconds: 3_600 };
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
    const answer = await client.create<TokenRequest>(path, body);
    expect(answer).toMatchObject({ kind: 'ok', body: { status: { token: expect.stringContaining('.') } } });
    expect(await client.create(path, { ...body, spec: { ...spec, expirationSeconds: 5 } })).toMatchObject({
      kind: 'unknown',
      status: 422,
    });
    const missing = path.replace('/web/', '/nope/');
    expect(await client.create(missing, body)).toEqual({ kind: 'absent' });
    expect(JSON.stringify(client.requests)).not.toContain(
      (answer as { body: TokenRequest }).body.status?.token,
    );
  });

  test.each<ListQuery>([
    { labelSelector: 'app=web' },
    { labelSelector: 'app!=web' },
    { labelSelector: 'app in (web,db),!old' },
    { labelSelector: 'app notin (web)' },
    { labelSelector: 'app' },
    { fieldSelector: 'metadata.name=a' },
    { fieldSelector: 'metadata.name!=a', labelSelector: 'app=web' },
  ])('selects as dumps of it do: %j', async (query) => {
    const pods = [
      pod('a', { app: 'web' }),
      pod('b', { app: 'web', old: '' }),
      pod('c', { app: 'db' }),
      pod('d'),
    ];
    const { client } = await cluster([namespace, ...pods]);
    const file = join(temporaryFolder('dump'), 'pods.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods }));
    const dumps = await readDumps(file);
    const names = await Promise.all(
      [client, dumps].map(async (reader) => {
        const answer = await reader.list<Pod>(PODS, query);
        return answer.kind === 'ok' ? answer.body.items.map(({ metadata }) => metadata?.name) : answer;
      }),
    );
    expect(names[0]).toEqual(names[1]);
    expect(names[0]).not.toHaveLength(4);
  });
});
