import { afterEach, describe, expect, test } from 'vitest';

import {
  type ApiServer,
  type ApiServerOptions,
  type LoggedRequest,
  startApiServer,
} from '../support/api-server.ts';
import { clientCertificate } from '../support/certificates.ts';
import type { FaultRule } from '../support/faults.ts';
import { rounds } from '../support/kubernetes/request-log.ts';
import { CLUSTER } from './cluster.ts';
import { type Answer, httpsRequest } from './https-request.ts';

let server: ApiServer;
afterEach(() => server.close());

async function start(options: ApiServerOptions = {}): Promise<void> {
  server = await startApiServer({ objects: CLUSTER }, options);
}

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

describe('users', () => {
  test('a client certificate is a user with groups', async () => {
    await start();
    const { cert, key } = clientCertificate('jane', ['dev']);
    const review = await httpsRequest(`${server.url}/apis/authentication.k8s.io/v1/selfsubjectreviews`, {
      method: 'POST',
      cert,
      key,
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.parse(review.text)).toMatchObject({
      status: { userInfo: { username: 'jane', groups: ['dev', 'system:authenticated'] } },
    });
  });

  test.each(['untrusted', 'expired'] as const)('an %s client certificate is a 401', async (kind) => {
    await start();
    const answer = await httpsRequest(`${server.url}/api/v1/pods`, clientCertificate('jane', [], kind));
    expect(answer.status).toBe(401);
  });

  test('impersonation acts as the other user and needs the right to', async () => {
    await start({ deny: [{ verb: 'list', resource: 'pods', user: 'bob' }] });
    const answer = await get('/api/v1/pods', { 'impersonate-user': 'bob' });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('User \\"bob\\" cannot list resource');
    expect(server.requests[0]?.headers).toMatchObject({ 'impersonate-user': 'bob' });
    server.deny.push({ verb: 'impersonate', resource: 'users' });
    expect((await get('/version', { 'impersonate-user': 'bob' })).text).toContain(
      'cannot impersonate resource \\"users\\"',
    );
  });

  test('with rules of a role, only what they say is allowed, and reviews agree', async () => {
    await start({ allow: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'], namespace: 'demo' }] });
    expect((await get('/api/v1/namespaces/demo/pods/app')).status).toBe(200);
    expect((await get('/api/v1/namespaces/demo/pods')).status).toBe(403);
    expect((await get('/api/v1/namespaces/other/pods/zeta')).status).toBe(403);
    expect((await get('/version')).status).toBe(200);
    const allowed = async (verb: string): Promise<unknown> => {
      const answer = await httpsRequest(
        `${server.url}/apis/authorization.k8s.io/v1/selfsubjectaccessreviews`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${server.token}` },
          body: JSON.stringify({
            spec: { resourceAttributes: { namespace: 'demo', verb, resource: 'pods' } },
          }),
        },
      );
      expect(answer.status).toBe(201);
      return (JSON.parse(answer.text) as { status: unknown }).status;
    };
    expect(await allowed('get')).toEqual({ allowed: true });
    expect(await allowed('list')).toEqual({ allowed: false });
  });
});

describe('faults', () => {
  const pods = /\/pods/;
  const spoil = (fault: FaultRule['fault'], times?: number): FaultRule => ({
    match: { path: pods, ...(times !== undefined && { times }) },
    fault,
  });

  test('429 with Retry-After, for as often as said', async () => {
    await start({ faults: [spoil({ kind: 'error', status: 429, retryAfter: 1 }, 1)] });
    const refused = await get('/api/v1/pods');
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(JSON.parse(refused.text)).toMatchObject({
      message: 'too many requests, please try again later',
      reason: 'TooManyRequests',
      details: { retryAfterSeconds: 1 },
    });
    expect((await get('/api/v1/pods')).status).toBe(200);
  });

  test('403 of a fault is the refusal of that very request', async () => {
    await start({ faults: [spoil({ kind: 'error', status: 403 })] });
    expect((await get('/api/v1/namespaces/demo/pods/app')).text).toContain(
      'pods \\"app\\" is forbidden: User \\"kubernetes-admin\\" cannot get resource',
    );
  });

  test('HTML of a proxy, a redirect, broken JSON', async () => {
    await start();
    server.faults.add(
      spoil({ kind: 'html' }, 1),
      spoil({ kind: 'redirect', location: 'https://x.invalid/' }, 1),
    );
    server.faults.add(spoil({ kind: 'broken-json' }, 1));
    expect(await get('/api/v1/pods')).toMatchObject({
      status: 502,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    expect(await get('/api/v1/pods')).toMatchObject({
      status: 302,
      headers: { location: 'https://x.invalid/' },
    });
    const broken = await get('/api/v1/pods');
    expect(() => JSON.parse(broken.text) as unknown).toThrow(SyntaxError);
  });

  test('a cut or reset connection is an error of the connection', async () => {
    await start();
    server.faults.add(spoil({ kind: 'cut' }, 1), spoil({ kind: 'reset' }, 1));
    await expect(get('/api/v1/pods')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(get('/api/v1/pods')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('hanging and dripping servers still close', async () => {
    await start();
    server.faults.add(spoil({ kind: 'hang' }, 1), spoil({ kind: 'drip' }, 1));
    const hanging = get('/api/v1/pods');
    const dripping = get('/api/v1/pods');
    await expect.poll(() => server.requests.length).toBe(2);
    await Promise.all([
      server.close(),
      expect(hanging).rejects.toThrow('socket hang up'),
      expect(dripping).rejects.toThrow('aborted'),
    ]);
  });
});

describe('the request log', () => {
  test('knows verb, resource and query, and no credentials', async () => {
    await start();
    await get('/api/v1/namespaces/demo/pods/app/log?container=app', { 'user-agent': 'wi-doctor/1' });
    await get('/apis/apps/v1/namespaces/demo/deployments?limit=5');
    await get('/version');
    expect(
      server.requests.map(({ verb, resource, namespace, name }) => [verb, resource, namespace, name]),
    ).toEqual([
      ['get', 'pods/log', 'demo', 'app'],
      ['list', 'deployments.apps', 'demo', undefined],
      ['get', '/version', undefined, undefined],
    ]);
    expect(server.requests[0]).toMatchObject({
      query: { container: 'app' },
      headers: { 'user-agent': 'wi-doctor/1' },
    });
    expect(JSON.stringify(server.requests)).not.toContain(server.token);
    server.forget();
    expect(server.requests).toEqual([]);
  });

  test('counts round trips: requests that waited for the answer of another', () => {
    const at = (arrived: number, answered: number): Pick<LoggedRequest, 'arrived' | 'answered'> => ({
      arrived,
      answered,
    });
    expect(rounds([])).toBe(0);
    expect(rounds([at(0, 200), at(1, 201), at(2, 202)])).toBe(1);
    expect(rounds([at(0, 200), at(1, 201), at(205, 400), at(206, 400), at(401, 600)])).toBe(3);
  });
});

test('tokens are shortened to the maximum and follow the clock of the server', async () => {
  await start({ maximumTokenSeconds: 7200, clockSkewSeconds: 36_000 });
  const answer = await httpsRequest(
    `${server.url}/api/v1/namespaces/demo/serviceaccounts/workload-sa/token`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}` },
      body: JSON.stringify({ spec: { expirationSeconds: 86_400 } }),
    },
  );
  const { spec, status } = JSON.parse(answer.text) as { spec: object; status: { token: string } };
  const claims = JSON.parse(Buffer.from(status.token.split('.')[1] ?? '', 'base64url').toString()) as {
    iat: number;
    exp: number;
    aud: string[];
  };
  expect(claims.exp - claims.iat).toBe(7200);
  expect(claims.iat).toBeGreaterThan(Date.now() / 1000 + 30_000);
  expect(claims.aud).toEqual([server.url]);
  expect(spec).toMatchObject({ audiences: [server.url], boundObjectRef: null });
});

test('objects come and go while it runs', async () => {
  await start();
  await server.patch({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'late', namespace: 'demo' } });
  expect(names(await list('/api/v1/namespaces/demo/pods'))).toContain('late');
  await server.remove({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'late', namespace: 'demo' } });
  expect((await get('/api/v1/namespaces/demo/pods/late')).status).toBe(404);
});

test('long answers are compressed for those who take it', async () => {
  await start();
  await server.patch({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'long',
      namespace: 'demo',
    },
    data: { text: 'x'.repeat(2e5) },
  });
  const path = '/api/v1/namespaces/demo/configmaps/long';
  expect((await get(path, { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe('gzip');
  expect((await get(path)).headers['content-encoding']).toBeUndefined();
});
