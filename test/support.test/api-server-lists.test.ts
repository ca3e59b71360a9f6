import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type ApiServer, startApiServer } from '../support/api-server.ts';
import { CLUSTER } from './cluster.ts';
import { type Answer, httpsRequest } from './https-request.ts';

let server: ApiServer;
beforeEach(async () => {
  server = await startApiServer({ objects: CLUSTER });
});
afterEach(() => server.close());

function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return httpsRequest(server.url + path, {
    headers: { authorization: `Bearer ${server.token}`, ...headers },
  });
}

interface List {
  kind: string;
  metadata: { continue?: string; remainingItemCount?: number };
  items: { kind?: string; metadata: { name: string } }[];
}

async function list(path: string): Promise<List> {
  return JSON.parse((await get(path)).text) as List;
}

function names({ items }: List): string[] {
  return items.map(({ metadata }) => metadata.name);
}

describe('lists', () => {
  test('of all namespaces, ordered, without a type on each item', async () => {
    const pods = await list('/api/v1/pods');
    expect(pods.kind).toBe('PodList');
    expect(names(pods)).toEqual(['app', 'app-two', 'zeta']);
    expect(pods.items[0]).not.toHaveProperty('kind');
  });

  test('custom resources keep their type', async () => {
    const classes = await list('/apis/secrets-store.csi.x-k8s.io/v1/namespaces/demo/secretproviderclasses');
    expect(classes.kind).toBe('SecretProviderClassList');
    expect(classes.items[0]).toMatchObject({ kind: 'SecretProviderClass', spec: { provider: 'azure' } });
  });

  test.each([
    ['labelSelector=app%3Dweb,tier', ['app']],
    ['labelSelector=app%20in%20(web,api),!tier', ['app-two']],
    ['labelSelector=tier%20notin%20(front)', ['app-two', 'zeta']],
    ['fieldSelector=metadata.name%3Dzeta', ['zeta']],
    ['fieldSelector=spec.nodeName%3Dnode-1', ['app']],
  ])('%s selects %j', async (query, expected) => {
    expect(names(await list(`/api/v1/pods?${query}`))).toEqual(expected);
  });

  test('events are found by the object they are about', async () => {
    const path = '/api/v1/namespaces/demo/events?fieldSelector=';
    expect(
      names(await list(`${path}involvedObject.name%3Dapp,involvedObject.kind%3DPod,reason%3DFailedMount`)),
    ).toEqual(['app.17a1']);
    expect(names(await list(`${path}involvedObject.name%3Dapp-two`))).toEqual([]);
  });

  test('a field that cannot be selected by is a 400', async () => {
    const answer = await get('/api/v1/pods?fieldSelector=spec.volumes%3Dx');
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('field label not supported: spec.volumes');
  });
});

describe('paging', () => {
  test('hands out every object once', async () => {
    const first = await list('/api/v1/pods?limit=2');
    expect(names(first)).toEqual(['app', 'app-two']);
    expect(first.metadata.remainingItemCount).toBe(1);
    const token = first.metadata.continue ?? '';
    expect(JSON.parse(Buffer.from(token, 'base64url').toString())).toEqual({
      v: 'meta.k8s.io/v1',
      rv: expect.any(Number) as number,
      start: '/demo/app-two\u0000',
    });
    const second = await list(`/api/v1/pods?limit=2&continue=${token}`);
    expect(names(second)).toEqual(['zeta']);
    expect(second.metadata).not.toHaveProperty('continue');
  });

  test('within a namespace the token counts from there', async () => {
    const first = await list('/api/v1/namespaces/demo/pods?limit=1');
    const second = await list(`/api/v1/namespaces/demo/pods?limit=1&continue=${first.metadata.continue}`);
    expect(names(second)).toEqual(['app-two']);
  });

  test('a token nobody issued is a 400', async () => {
    const answer = await get('/api/v1/pods?limit=1&continue=abc');
    expect(answer.status).toBe(400);
    expect(answer.text).toBe(
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"invalid continue token: ' +
        "continue key is not valid: invalid character 'i' looking for beginning of value\"," +
        '"reason":"BadRequest","code":400}\n',
    );
  });

  test('an old token is a 410 that can be taken up again', async () => {
    const first = await list('/api/v1/pods?limit=1');
    await server.compact();
    const answer = await get(`/api/v1/pods?limit=1&continue=${first.metadata.continue}`);
    expect(answer.status).toBe(410);
    expect(JSON.parse(answer.text)).toMatchObject({
      metadata: { continue: first.metadata.continue },
      reason: 'Expired',
      code: 410,
    });
  });
});
