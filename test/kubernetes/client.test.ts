import { describe, expect, test, vi } from 'vitest';
import { clientOf, json, localServer, status, type Handler } from './local-server.ts';
import type { KubernetesClient } from '../../src/kubernetes/answers.ts';
import type { Limits } from '../../src/kubernetes/limits.ts';

const POD = '/api/v1/namespaces/shop/pods/web';
const PODS = '/api/v1/namespaces/shop/pods';
const pod = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'web', namespace: 'shop' } };
const version = { major: '1', minor: '33', gitVersion: 'v1.33.13' };

/** A client that has been answered once, so that later failures are unknown facts and no end. */
async function inTouch(handler: Handler, limits: Partial<Limits> = {}): Promise<KubernetesClient> {
  const server = await localServer((request, response, count) => {
    if (request.url === '/version') json(response, 200, version);
    else handler(request, response, count - 1);
  });
  const client = await clientOf(server, { limits });
  await client.get('/version');
  return client;
}

describe('answers', () => {
  test('an object is ok, with the token sent and the request recorded', async () => {
    const server = await localServer((_request, response) => json(response, 200, pod));
    const client = await clientOf(server);
    expect(await client.get(POD)).toEqual({ kind: 'ok', body: pod });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer sesame',
      accept: 'application/json, */*',
      'accept-encoding': 'identity',
    });
    expect(client.requests).toEqual([
      { method: 'GET', path: POD, status: 200, milliseconds: expect.any(Number) },
    ]);
  });

  test('one connection serves several requests', async () => {
    const server = await localServer((_request, response) => json(response, 200, pod));
    const client = await clientOf(server);
    for (let n = 0; n < 4; n++) await client.get(POD);
    expect(server.connections()).toBe(1);
  });

  test('a 404 about this very object is absent', async () => {
    const missing = status(404, 'NotFound', 'pods "web" not found', { name: 'web', kind: 'pods' });
    const client = await inTouch((_request, response) => json(response, 404, missing));
    expect(await client.get(POD)).toEqual({ kind: 'absent' });
  });

  test.each([
    ['another object', status(404, 'NotFound', 'pods "other" not found', { name: 'other', kind: 'pods' })],
    ['the kind itself', status(404, 'NotFound', 'the server could not find the requested resource')],
  ])('a 404 about %s is unknown', async (_what, body) => {
    const client = await inTouch((_request, response) => json(response, 404, body));
    expect(await client.get(POD)).toMatchObject({ kind: 'unknown', status: 404 });
    expect(await client.list(PODS)).toMatchObject({ kind: 'unknown', status: 404 });
  });

  const unserved = status(404, 'NotFound', 'the server could not find the requested resource');

  test.each([
    ['/apis/batch/v1/namespaces/shop/cronjobs/web', '/apis/batch/v1beta1/namespaces/shop/cronjobs/web'],
    ['/apis/batch/v1/cronjobs', '/apis/batch/v1beta1/cronjobs'],
    [
      '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices',
      '/apis/discovery.k8s.io/v1beta1/namespaces/shop/endpointslices',
    ],
  ])('what is not served at %s yet is read at %s', async (path, older) => {
    const list = { kind: 'List', apiVersion: 'v1', items: [{ metadata: { name: 'web' } }] };
    const client = await inTouch(({ url = '' }, response) =>
      url.startsWith(older) ? json(response, 200, list) : json(response, 404, unserved),
    );
    expect(await client.get(path)).toEqual({ kind: 'ok', body: list });
    expect(await client.list(path)).toMatchObject({ kind: 'ok', body: { items: list.items } });
  });

  test('an object that the older version does not have is absent', async () => {
    const missing = status(404, 'NotFound', 'cronjobs.batch "web" not found', {
      name: 'web',
      group: 'batch',
      kind: 'cronjobs',
    });
    const client = await inTouch(({ url = '' }, response) =>
      json(response, 404, url.includes('/v1beta1/') ? missing : unserved),
    );
    expect(await client.get('/apis/batch/v1/namespaces/shop/cronjobs/web')).toEqual({ kind: 'absent' });
  });

  test('what no version has is unknown by the path that is usual, and other kinds have one version', async () => {
    const client = await inTouch((_request, response) => json(response, 404, unserved));
    const jobs = '/apis/batch/v1/namespaces/shop/jobs';
    expect(await client.list('/apis/batch/v1/cronjobs')).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('does not serve /apis/batch/v1/cronjobs (404)'),
    });
    expect(await client.list(jobs)).toMatchObject({ kind: 'unknown', status: 404 });
    expect(client.requests.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
      '/version',
      '/apis/batch/v1/cronjobs',
      '/apis/batch/v1beta1/cronjobs',
      jobs,
    ]);
  });

  test('a 404 that is not of Kubernetes is unknown', async () => {
    const client = await inTouch((_request, response) => response.writeHead(404).end('404 page not found\n'));
    expect(await client.get('/openid/v1/jwks')).toEqual({
      kind: 'unknown',
      reason: 'the API server does not serve /openid/v1/jwks (404)',
      status: 404,
    });
  });

  test.each([
    [
      'list in the whole cluster',
      '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
      'mutatingwebhookconfigurations.admissionregistration.k8s.io is forbidden: User "dev" cannot list resource "mutatingwebhookconfigurations" in API group "admissionregistration.k8s.io" at the cluster scope',
      'the user may not list mutatingwebhookconfigurations.admissionregistration.k8s.io in the whole cluster (403)',
      {
        verb: 'list',
        resource: 'mutatingwebhookconfigurations',
        group: 'admissionregistration.k8s.io',
        user: 'dev',
      },
    ],
    [
      'list in a namespace, with what Azure RBAC adds',
      PODS,
      'pods is forbidden: User "dev" cannot list resource "pods" in API group "" in the namespace "shop": User does not have access to the resource in Azure. Update role assignment to allow access.',
      'the user may not list pods in namespace shop (403): User does not have access to the resource in Azure. Update role assignment to allow access',
      { verb: 'list', resource: 'pods', group: '', namespace: 'shop', user: 'dev' },
    ],
    [
      'impersonation',
      PODS,
      'users "boss" is forbidden: User "dev" cannot impersonate resource "users" in API group "" at the cluster scope',
      'the user may not impersonate users boss (403)',
      { verb: 'impersonate', resource: 'users', group: '', name: 'boss', user: 'dev' },
    ],
  ])('403 names the missing right: %s', async (_what, path, message, reason, right) => {
    const body = status(403, 'Forbidden', message, right.verb === 'impersonate' ? { name: 'boss' } : {});
    const client = await inTouch((_request, response) => json(response, 403, body));
    expect(await client.list(path)).toEqual({ kind: 'unknown', reason, right, status: 403 });
  });

  test('403 on a path that is no resource', async () => {
    const message = 'forbidden: User "dev" cannot get path "/openid/v1/jwks"';
    const client = await inTouch((_request, response) =>
      json(response, 403, status(403, 'Forbidden', message)),
    );
    expect(await client.get('/openid/v1/jwks')).toEqual({
      kind: 'unknown',
      reason: 'the user may not get /openid/v1/jwks (403)',
      right: { verb: 'get', resource: '', group: '', nonResourceURL: '/openid/v1/jwks', user: 'dev' },
      status: 403,
    });
  });

  test('401 ends the run and says what to do, and the token is not in the error', async () => {
    const server = await localServer((_request, response) =>
      json(response, 401, status(401, 'Unauthorized', 'Unauthorized')),
    );
    const client = await clientOf(server);
    const error: unknown = await client.get(POD).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CLUSTER', message: expect.stringContaining('(401)') });
    expect(error).toMatchObject({ hint: expect.stringContaining('az aks get-credentials') });
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('sesame');
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    [
      'HTML',
      'text/html',
      '<html><body>Sign in</body></html>',
      'a proxy answered with HTML instead of the API server (200)',
    ],
    [
      'broken JSON',
      'application/json',
      '{"kind":"Pod"',
      'the answer is not JSON instead of the API server (200)',
    ],
    [
      'JSON of something else',
      'application/json',
      '{"hello":"world"}',
      `what answers at ${POD} is no Kubernetes API (200)`,
    ],
    ['an array', 'application/json', '[]', 'the answer is not JSON instead of the API server (200)'],
  ])('%s is unknown', async (_what, type, body, reason) => {
    const client = await inTouch((_request, response) =>
      response.writeHead(200, { 'content-type': type }).end(body),
    );
    expect(await client.get(POD)).toEqual({ kind: 'unknown', reason, status: 200 });
  });

  test('a redirect is not followed', async () => {
    const client = await inTouch((_request, response) =>
      response.writeHead(302, { location: 'https://login.example.com/x?y=z' }).end(),
    );
    expect(await client.get(POD)).toEqual({
      kind: 'unknown',
      reason: 'the API server redirects to login.example.com, which is not followed (302)',
      status: 302,
    });
  });
});

describe('patience', () => {
  test.each([429, 500, 503, 504])('%i is asked again', async (code) => {
    const client = await inTouch((_request, response, count) =>
      count < 2 ? json(response, code, status(code, 'X', 'later')) : json(response, 200, pod),
    );
    expect(await client.get(POD)).toEqual({ kind: 'ok', body: pod });
    expect(client.requests.map((request) => request.status)).toEqual([200, code, code, 200]);
  });

  test('Retry-After of seconds and of a date that is over is waited for', async () => {
    const headers = [{ 'retry-after': '0' }, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }];
    const client = await inTouch(
      (_request, response, count) =>
        count < 2 ? json(response, 429, {}, headers[count]) : json(response, 200, pod),
      // Without the header the pause would be longer than all patience.
      { backoffMs: 60_000 },
    );
    expect(await client.get(POD)).toMatchObject({ kind: 'ok' });
  });

  test('a Retry-After beyond the time for all attempts is not waited for', async () => {
    const client = await inTouch((_request, response) =>
      json(response, 429, status(429, 'TooManyRequests', 'too many requests.'), { 'retry-after': '3600' }),
    );
    expect(await client.get(POD)).toEqual({
      kind: 'unknown',
      reason: 'the API server answered 429: too many requests',
      status: 429,
    });
    expect(client.requests).toHaveLength(2);
  });

  test('an API server that keeps failing is unknown in the end', async () => {
    const client = await inTouch(
      (_request, response) => json(response, 500, status(500, 'X', 'etcd is away')),
      {
        retryMs: 50,
        backoffMs: 5,
      },
    );
    expect(await client.get(POD)).toMatchObject({ kind: 'unknown', status: 500 });
    expect(client.requests.length).toBeGreaterThan(2);
  });

  test('a body that is cut off is asked for once more', async () => {
    const client = await inTouch((_request, response, count) => {
      if (count > 0) return json(response, 200, pod);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('{"kind":"Pod"', () => response.destroy());
    });
    expect(await client.get(POD)).toMatchObject({ kind: 'ok' });
  });

  test('a body that is always cut off is unknown, on the first contact too', async () => {
    const server = await localServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"kind":"Pod"', () => response.destroy());
    });
    const client = await clientOf(server);
    expect(await client.get(POD)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('the connection was broken off'),
    });
    expect(server.requests).toHaveLength(2);
  });

  test('a connection that is closed without an answer is unknown after the first contact', async () => {
    const client = await inTouch((_request, response) => response.destroy());
    expect(await client.get(POD)).toMatchObject({ kind: 'unknown' });
  });

  test('a byte now and then ends with the time-out', async () => {
    const client = await inTouch(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const drip = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(drip));
      },
      { requestMs: 600 },
    );
    expect(await client.get(POD)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('no complete answer within 0.6 s'),
    });
  });

  test('silence after the first contact is unknown', async () => {
    const client = await inTouch(() => undefined, { requestMs: 600 });
    expect(await client.get(POD)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('no answer'),
    });
  });

  test('too large a body is unknown', async () => {
    const client = await inTouch(
      (_request, response) => json(response, 200, { ...pod, x: 'y'.repeat(5_000) }),
      {
        bodyBytes: 1_000,
      },
    );
    expect(await client.get(POD)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('larger'),
    });
  });

  test('a slow request is told once', async () => {
    const onSlow = vi.fn<(path: string, seconds: number) => void>();
    const server = await localServer((_request, response) => {
      const watch = setInterval(() => {
        if (onSlow.mock.calls.length === 0) return;
        clearInterval(watch);
        json(response, 200, { kind: 'PodList', apiVersion: 'v1', items: [] });
      }, 5);
    });
    const client = await clientOf(server, { onSlow, limits: { slowMs: 20 } });
    expect(await client.list(PODS)).toMatchObject({ kind: 'ok' });
    expect(onSlow.mock.calls).toEqual([[`${PODS}?limit=500`, 0]]);
  });

  test('an abort ends a request and a pause between attempts', async () => {
    const abort = new AbortController();
    const server = await localServer((_request, response) => {
      json(response, 503, {}, { 'retry-after': '1' });
      setTimeout(() => abort.abort(new Error('stopped by the user')), 10);
    });
    const client = await clientOf(server, { signal: abort.signal, limits: { retryMs: 60_000 } });
    await expect(client.get(POD)).rejects.toThrow('stopped by the user');
    await expect(client.get(POD)).rejects.toThrow('stopped by the user');
    expect(server.requests).toHaveLength(1);
  });
});

describe('lists', () => {
  const item = (name: string): object => ({ metadata: { name, namespace: 'shop' } });
  const list = (names: string[], next?: string): object => ({
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: { resourceVersion: '7', ...(next === undefined ? {} : { continue: next }) },
    items: names.map(item),
  });

  test('all pages become one list', async () => {
    const paths: (string | undefined)[] = [];
    const client = await inTouch((request, response) => {
      paths.push(request.url);
      json(response, 200, request.url?.includes('continue=') === true ? list(['b']) : list(['a'], 'next+/='));
    });
    expect(await client.list(PODS, { labelSelector: 'app in (a,b)' })).toEqual({
      kind: 'ok',
      body: {
        kind: 'PodList',
        apiVersion: 'v1',
        metadata: { resourceVersion: '7' },
        items: [item('a'), item('b')],
      },
    });
    expect(paths).toEqual([
      `${PODS}?labelSelector=app+in+%28a%2Cb%29&limit=500`,
      `${PODS}?labelSelector=app+in+%28a%2Cb%29&limit=500&continue=next%2B%2F%3D`,
    ]);
    expect(client.requests.map(({ path }) => path).join()).not.toContain('continue');
  });

  test('an expired continue token starts the list over, once', async () => {
    const gone = status(410, 'Expired', 'The provided continue parameter is too old');
    const pages = [list(['a'], 'x'), gone, list(['a'], 'y'), list(['b'])];
    const client = await inTouch((_request, response, count) =>
      json(response, count === 1 ? 410 : 200, pages[count]),
    );
    expect(await client.list(PODS)).toMatchObject({ kind: 'ok', body: { items: [item('a'), item('b')] } });
    const stubborn = await inTouch((request, response) =>
      request.url?.includes('continue=') === true
        ? json(response, 410, gone)
        : json(response, 200, list(['a'], 'x')),
    );
    expect(await stubborn.list(PODS)).toMatchObject({ kind: 'unknown', status: 410 });
  });

  test('a page that fails makes the whole list unknown', async () => {
    const client = await inTouch((_request, response, count) =>
      count === 0 ? json(response, 200, list(['a'], 'x')) : json(response, 403, status(403, 'Forbidden', '')),
    );
    expect(await client.list(PODS)).toMatchObject({ kind: 'unknown', status: 403 });
  });

  test('a list without end ends', async () => {
    const same = await inTouch((_request, response) => json(response, 200, list(['a'], 'x')));
    expect(await same.list(PODS)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('same page'),
    });
    const endless = await inTouch(
      (_request, response, count) => json(response, 200, list(['a'], `x${count}`)),
      {
        pages: 5,
      },
    );
    expect(await endless.list(PODS)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('5 pages'),
    });
  });

  test('items that are null are none, items that are missing the kind are no list', async () => {
    const client = await inTouch((_request, response, count) =>
      json(response, 200, count === 0 ? { kind: 'PodList', apiVersion: 'v1', items: null } : { items: [] }),
    );
    expect(await client.list(PODS)).toMatchObject({ kind: 'ok', body: { items: [] } });
    expect(await client.list(PODS)).toMatchObject({ kind: 'unknown' });
  });
});

describe('writing', () => {
  const REVIEW = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

  test('token requests and self reviews are posted', async () => {
    const bodies: string[] = [];
    const server = await localServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        bodies.push(`${request.method} ${request.url} ${body}`);
        json(response, 201, { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1' });
      });
    });
    const client = await clientOf(server);
    for (const path of [REVIEW, '/api/v1/namespaces/shop/serviceaccounts/web/token']) {
      expect(await client.create(path, { spec: 1 })).toMatchObject({ kind: 'ok' });
      expect(bodies.at(-1)).toBe(`POST ${path} {"spec":1}`);
    }
  });

  test.each([
    '/api/v1/namespaces/shop/pods',
    '/api/v1/namespaces/shop/serviceaccounts',
    '/api/v1/namespaces/shop/serviceaccounts/a/../../secrets/token',
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/x',
    '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    '/api/v1/namespaces/shop/serviceaccounts/web/token?x',
  ])('nothing is posted to %s', async (path) => {
    const server = await localServer((_request, response) => json(response, 201, {}));
    const client = await clientOf(server);
    await expect(client.create(path, {})).rejects.toThrow('read-only');
    expect(server.requests).toHaveLength(0);
  });

  test('a path with dot segments is refused instead of resolved', async () => {
    const server = await localServer((_request, response) => json(response, 201, {}));
    const client = await clientOf(server);
    for (const dots of ['..', '%2e%2E']) {
      await expect(client.create(`/api/v1/namespaces/${dots}/serviceaccounts/web/token`, {})).rejects.toThrow(
        TypeError,
      );
      await expect(client.get(`/api/v1/namespaces/shop/pods/${dots}`)).rejects.toThrow(TypeError);
    }
    expect(server.requests).toHaveLength(0);
  });

  test('a refused token request says what the API server said', async () => {
    const message =
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: may not specify less';
    const client = await inTouch((_request, response) =>
      json(response, 422, status(422, 'Invalid', message)),
    );
    expect(await client.create('/api/v1/namespaces/shop/serviceaccounts/web/token', {})).toEqual({
      kind: 'unknown',
      reason: `the API server answered 422: ${message}`,
      status: 422,
    });
  });
});

describe('logs', () => {
  test('keep their end, from a whole line on', async () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index}`).join('\n');
    const client = await inTouch((_request, response) => response.writeHead(200).end(lines));
    const answer = await client.text(`${POD}/log`, { tailLines: 5 }, { maxBytes: 25 });
    expect(answer).toEqual({ kind: 'ok', body: 'line 1998\nline 1999' });
    expect(await client.text(`${POD}/log`)).toEqual({ kind: 'ok', body: lines });
    expect(client.requests[1]?.path).toBe(`${POD}/log?tailLines=5`);
  });

  test('of a container that waits are unknown', async () => {
    const message = 'container "app" in pod "web" is waiting to start: ContainerCreating';
    const client = await inTouch((_request, response) =>
      json(response, 400, status(400, 'BadRequest', message)),
    );
    expect(await client.text(`${POD}/log`)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining(message),
    });
  });
});
