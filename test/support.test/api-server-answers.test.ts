import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type ApiServer, startApiServer } from '../support/api-server.ts';
import { type Answer, httpsRequest } from './https-request.ts';
import { CLUSTER, POD_UID } from './cluster.ts';

let server: ApiServer;

beforeAll(async () => {
  server = await startApiServer(
    { objects: CLUSTER, issuer: 'https://eastus.oic.prod-aks.azure.com/tenant/guid/' },
    {
      users: {
        'limited-user': { name: 'system:serviceaccount:demo:limited', groups: ['system:authenticated'] },
      },
    },
  );
  server.deny.push({ verb: '*', resource: '*', user: 'system:serviceaccount:demo:limited' });
});
afterAll(() => server.close());

function ask(
  path: string,
  options: { token?: string | null; method?: string; body?: unknown; accept?: string } = {},
): Promise<Answer> {
  const { token = server.token, method = 'GET', body, accept } = options;
  return httpsRequest(server.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(accept !== undefined && { accept }),
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** The whole body as bytes: order of members and the line feed are part of what clients see. */
function status(code: number, reason: string, message: string, details?: object): string {
  return `${JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details && { details }),
    code,
  })}\n`;
}

describe('refusals, byte for byte', () => {
  test('401 for a token that nobody issued', async () => {
    const answer = await ask('/api/v1/namespaces/demo/pods/app', { token: 'forged' });
    expect(answer.status).toBe(401);
    expect(answer.text).toBe(status(401, 'Unauthorized', 'Unauthorized'));
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(answer.headers['audit-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers).not.toHaveProperty('x-kubernetes-pf-flowschema-uid');
  });

  test('no token at all is the anonymous user', async () => {
    const answer = await ask('/api/v1/namespaces/demo/pods', { token: null });
    expect(answer.status).toBe(403);
    expect(answer.text).toBe(
      status(
        403,
        'Forbidden',
        'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "demo"',
        { kind: 'pods' },
      ),
    );
    expect(answer.headers).toHaveProperty('x-kubernetes-pf-flowschema-uid');
  });

  test('403 names object, verb, group and namespace', async () => {
    const limited = 'User "system:serviceaccount:demo:limited"';
    const cases: [string, string, string, object][] = [
      [
        'GET',
        '/api/v1/namespaces/demo/pods/app',
        `pods "app" is forbidden: ${limited} cannot get resource "pods" in API group "" in the namespace "demo"`,
        { name: 'app', kind: 'pods' },
      ],
      [
        'POST',
        '/api/v1/namespaces/demo/serviceaccounts/workload-sa/token',
        `serviceaccounts "workload-sa" is forbidden: ${limited} cannot create resource "serviceaccounts/token" in API group "" in the namespace "demo"`,
        { name: 'workload-sa', kind: 'serviceaccounts' },
      ],
      [
        'GET',
        '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
        `mutatingwebhookconfigurations.admissionregistration.k8s.io is forbidden: ${limited} cannot list resource "mutatingwebhookconfigurations" in API group "admissionregistration.k8s.io" at the cluster scope`,
        { group: 'admissionregistration.k8s.io', kind: 'mutatingwebhookconfigurations' },
      ],
      ['GET', '/openid/v1/jwks', `forbidden: ${limited} cannot get path "/openid/v1/jwks"`, {}],
    ];
    for (const [method, path, message, details] of cases) {
      const answer = await ask(path, { method, token: 'limited-user' });
      expect(answer.status).toBe(403);
      expect(answer.text).toBe(status(403, 'Forbidden', message, details));
    }
  });

  test('404 for an object, with the group where there is one', async () => {
    const pod = await ask('/api/v1/namespaces/demo/pods/nope');
    expect(pod.text).toBe(status(404, 'NotFound', 'pods "nope" not found', { name: 'nope', kind: 'pods' }));
    const deployment = await ask('/apis/apps/v1/namespaces/demo/deployments/nope');
    expect(deployment.text).toBe(
      status(404, 'NotFound', 'deployments.apps "nope" not found', {
        name: 'nope',
        group: 'apps',
        kind: 'deployments',
      }),
    );
  });

  test('an unknown resource is a Status, an unknown group plain text', async () => {
    const resource = await ask('/api/v1/namespaces/demo/foos');
    expect(resource.text).toBe(
      status(404, 'NotFound', 'the server could not find the requested resource', {}),
    );
    const group = await ask('/apis/nope.example/v1/foos');
    expect(group).toMatchObject({ status: 404, text: '404 page not found\n' });
  });

  test('a namespace that does not exist lists nothing', async () => {
    const answer = await ask('/api/v1/namespaces/nope/pods');
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: expect.stringMatching(/^\d+$/) as string },
      items: [],
    });
  });

  test('writing is not offered', async () => {
    const answer = await ask('/api/v1/namespaces/demo/pods/app', { method: 'DELETE' });
    expect(answer.status).toBe(405);
  });
});

describe('TokenRequest', () => {
  const path = '/api/v1/namespaces/demo/serviceaccounts/workload-sa/token';
  const request = (spec: object): object => ({
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: ['api://AzureADTokenExchange'], expirationSeconds: 3600, ...spec },
  });

  test('mints a token that is bound to the pod and its node', async () => {
    const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'app', uid: POD_UID };
    const answer = await ask(path, { method: 'POST', body: request({ boundObjectRef }) });
    expect(answer.status).toBe(201);
    const body = JSON.parse(answer.text) as {
      status: { token: string; expirationTimestamp: string };
      spec: object;
    };
    expect(Object.keys(body)).toEqual(['kind', 'apiVersion', 'metadata', 'spec', 'status']);
    expect(body.spec).toEqual({
      audiences: ['api://AzureADTokenExchange'],
      expirationSeconds: 3600,
      boundObjectRef,
    });
    const [header = '', claims = ''] = body.status.token.split('.');
    const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(decode(header)).toEqual({ alg: 'RS256', kid: expect.any(String) as string });
    const decoded = decode(claims) as Record<string, number>;
    expect(decoded).toMatchObject({
      iss: 'https://eastus.oic.prod-aks.azure.com/tenant/guid/',
      sub: 'system:serviceaccount:demo:workload-sa',
      aud: ['api://AzureADTokenExchange'],
      'kubernetes.io': {
        namespace: 'demo',
        pod: { name: 'app', uid: POD_UID },
        node: { name: 'node-1', uid: expect.any(String) as string },
        serviceaccount: { name: 'workload-sa', uid: expect.any(String) as string },
      },
    });
    expect((decoded['exp'] ?? 0) - (decoded['iat'] ?? 0)).toBe(3600);
    expect(body.status.expirationTimestamp).toBe(
      new Date((decoded['exp'] ?? 0) * 1000).toISOString().replace('.000Z', 'Z'),
    );
  });

  test('409 when the pod was replaced', async () => {
    const uid = '00000000-0000-0000-0000-000000000000';
    const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'app', uid };
    const answer = await ask(path, { method: 'POST', body: request({ boundObjectRef }) });
    expect(answer.status).toBe(409);
    expect(answer.text).toBe(
      status(
        409,
        'Conflict',
        `Operation cannot be fulfilled on Pod "app": the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
        { name: 'app', kind: 'Pod' },
      ),
    );
  });

  test('422 below ten minutes', async () => {
    const answer = await ask(path, { method: 'POST', body: request({ expirationSeconds: 300 }) });
    expect(answer.status).toBe(422);
    const message = 'Invalid value: 300: may not specify a duration less than 10 minutes';
    expect(answer.text).toBe(
      status(
        422,
        'Invalid',
        `TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: ${message}`,
        {
          group: 'authentication.k8s.io',
          kind: 'TokenRequest',
          causes: [{ reason: 'FieldValueInvalid', message, field: 'spec.expirationSeconds' }],
        },
      ),
    );
  });

  test('404 for an account that does not exist', async () => {
    const answer = await ask('/api/v1/namespaces/demo/serviceaccounts/nope/token', {
      method: 'POST',
      body: request({}),
    });
    expect(answer.text).toBe(
      status(404, 'NotFound', 'serviceaccounts "nope" not found', { name: 'nope', kind: 'serviceaccounts' }),
    );
  });
});

test('objects have their metadata in the order of the real server', async () => {
  const { text } = await ask('/api/v1/namespaces/demo/pods/app');
  const pod = JSON.parse(text) as { metadata: object };
  expect(Object.keys(pod)).toEqual(['kind', 'apiVersion', 'metadata', 'spec']);
  expect(Object.keys(pod.metadata)).toEqual([
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'creationTimestamp',
    'labels',
  ]);
});

describe('the issuer as the API server states it', () => {
  test('discovery and keys', async () => {
    const discovery = await ask('/.well-known/openid-configuration');
    expect(JSON.parse(discovery.text)).toEqual({
      issuer: 'https://eastus.oic.prod-aks.azure.com/tenant/guid/',
      jwks_uri: 'https://eastus.oic.prod-aks.azure.com/tenant/guid/openid/v1/jwks',
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
    const jwks = await ask('/openid/v1/jwks');
    expect(jwks.headers['content-type']).toBe('application/jwk-set+json');
    expect(JSON.parse(jwks.text)).toMatchObject({
      keys: [{ use: 'sig', kty: 'RSA', alg: 'RS256', e: 'AQAB' }],
    });
  });

  // As a real kube-apiserver answers.
  test.each([
    ['/openid/v1/jwks', 'application/json', 406],
    ['/openid/v1/jwks', 'application/jwk-set+json', 200],
    ['/openid/v1/jwks', 'application/json, */*', 200],
    ['/.well-known/openid-configuration', 'application/jwk-set+json', 406],
    ['/.well-known/openid-configuration', 'application/json', 200],
  ])('%s for who accepts %s', async (path, accept, status) => {
    expect((await ask(path, { accept })).status).toBe(status);
  });
});
