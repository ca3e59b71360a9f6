import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type ServedCluster, startApiServer } from '../support/api-server.ts';
import { clientCertificate } from '../support/certificates.ts';
import { ASSETS, startControlPlane } from '../support/control-plane.ts';
import { signingKey } from '../support/signing-key.ts';
import { CLUSTER, POD_UID } from './cluster.ts';
import { type Answer, httpsRequest } from './https-request.ts';

const ISSUER = 'https://eastus.oic.prod-aks.azure.com/tenant/guid/';
const WORLD = { objects: CLUSTER, issuer: ISSUER, signingKey: signingKey() };

interface Question {
  readonly path: string;
  /** Who asks: by default somebody who may do everything. */
  readonly who?: 'nobody' | 'stranger' | 'anonymous';
  readonly accept?: string;
  readonly impersonate?: string;
  readonly body?: object;
}

function ask(server: ServedCluster, question: Question): Promise<Answer> {
  const { path, who, accept, impersonate, body } = question;
  const token = who === undefined ? server.token : who === 'stranger' ? 'of a stranger' : undefined;
  return httpsRequest(server.url + path, {
    method: body ? 'POST' : 'GET',
    ...(who === 'nobody' ? clientCertificate('nobody') : {}),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(accept === undefined ? {} : { accept }),
      ...(impersonate === undefined ? {} : { 'impersonate-user': impersonate }),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

const SHOP = '/api/v1/namespaces/demo';
const CLASSES = '/apis/secrets-store.csi.x-k8s.io/v1/namespaces/demo/secretproviderclasses';

function tokenRequest(spec: object, account = 'workload-sa'): Question {
  return {
    path: `${SHOP}/serviceaccounts/${account}/token`,
    body: { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', spec },
  };
}

function boundTo(reference: object): Question {
  const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', ...reference };
  return tokenRequest({ audiences: ['api://AzureADTokenExchange'], boundObjectRef });
}

/** Answered alike to the last byte. */
const REFUSALS: readonly (readonly [what: string, question: Question])[] = [
  ['an object that does not exist', { path: `${SHOP}/pods/none` }],
  ['one of a group', { path: '/apis/apps/v1/namespaces/demo/deployments/none' }],
  ['a custom resource that does not exist', { path: `${CLASSES}/none` }],
  ['a kind that is not served', { path: `${SHOP}/things` }],
  ['one of a group that is', { path: '/apis/apps/v1/namespaces/demo/things/x' }],
  ['a version that is not served', { path: '/apis/apps/v7/deployments' }],
  ['a group that is not served', { path: '/apis/nope.example/v1/things' }],
  ['a version of a custom resource that is not served', { path: CLASSES.replace('v1', 'v7') }],
  ['a kind that is not defined in a group that is', { path: CLASSES.replace('secretprovider', 'other') }],
  ['a node in a namespace', { path: `${SHOP}/nodes` }],
  ['a pod in none', { path: '/api/v1/pods/app' }],
  ['a part of a pod that there is not', { path: `${SHOP}/pods/app/nope` }],
  ['reading where only writing makes sense', { path: `${SHOP}/serviceaccounts/workload-sa/token` }],
  ['a token of a stranger', { path: '/api/v1/pods', who: 'stranger' }],
  ['no token at all', { path: '/api/v1/pods', who: 'anonymous' }],
  ['the keys without a token', { path: '/openid/v1/jwks', who: 'anonymous' }],
  ['no right to an object', { path: `${SHOP}/pods/app`, who: 'nobody' }],
  ['no right to a list', { path: '/apis/apps/v1/deployments', who: 'nobody' }],
  ['no right to a namespace', { path: SHOP, who: 'nobody' }],
  ['no right to a log', { path: `${SHOP}/pods/app/log`, who: 'nobody' }],
  ['no right to what is not served', { path: '/apis/nope.example/v1/things', who: 'nobody' }],
  ['no right to a document', { path: '/.well-known/openid-configuration', who: 'nobody' }],
  ['no right to impersonate', { path: '/api/v1/pods', who: 'nobody', impersonate: 'jane' }],
  ['no right to a token', { ...tokenRequest({ audiences: ['a'] }), who: 'nobody' }],
  ['keys for who takes JSON only', { path: '/openid/v1/jwks', accept: 'application/json' }],
  ['a document for who takes text only', { path: '/.well-known/openid-configuration', accept: 'text/plain' }],
  ['an object for who takes text only', { path: `${SHOP}/pods/app`, accept: 'text/plain' }],
  ['a field that nothing is selected by', { path: `${SHOP}/pods?fieldSelector=spec.nope%3Dx` }],
  ['a selector that is none', { path: `${SHOP}/pods?fieldSelector=nonsense` }],
  ['a limit that is no number', { path: '/api/v1/pods?limit=x' }],
  ['a token of a page that nobody issued', { path: '/api/v1/pods?limit=1&continue=abc' }],
  ['a token that lives too short', tokenRequest({ audiences: ['a'], expirationSeconds: 60 })],
  ['a token that lives too long', tokenRequest({ audiences: ['a'], expirationSeconds: 2 ** 33 })],
  ['a token of nobody', tokenRequest({ audiences: ['a'] }, 'none')],
  ['a token for a pod that does not exist', boundTo({ name: 'none' })],
  ['a token for a pod that was replaced', boundTo({ name: 'app', uid: 'another' })],
  ['a token for another kind', boundTo({ kind: 'ConfigMap', name: 'none' })],
  [
    'a token for the pod of another account',
    tokenRequest(
      { audiences: ['a'], boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'app' } },
      'default',
    ),
  ],
  ['a log without a container to choose', { path: `${SHOP}/pods/app-two/log` }],
  ['a log of a container that there is not', { path: `${SHOP}/pods/app-two/log?container=none` }],
];

/** Answered with objects, of which a real server says more. */
const OBJECTS: readonly (readonly [what: string, question: Question])[] = [
  ['an object', { path: `${SHOP}/pods/app` }],
  ['a list', { path: '/api/v1/pods' }],
  ['a list by label', { path: `${SHOP}/pods?labelSelector=app%3Dweb,tier` }],
  ['a list by field', { path: `${SHOP}/events?fieldSelector=type%3DWarning` }],
  ['a list of a namespace that does not exist', { path: '/api/v1/namespaces/none/pods' }],
  ['a custom resource', { path: `${CLASSES}/vault` }],
  ['custom resources of all namespaces', { path: CLASSES.replace('/namespaces/demo', '') }],
  ['the issuer', { path: '/.well-known/openid-configuration' }],
  ['its keys', { path: '/openid/v1/jwks' }],
  ['its keys for who takes anything', { path: '/openid/v1/jwks/', accept: 'application/json, */*' }],
  ['a group', { path: '/apis/apps' }],
  [
    'whether one may',
    {
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        kind: 'SelfSubjectAccessReview',
        apiVersion: 'authorization.k8s.io/v1',
        spec: { resourceAttributes: { namespace: 'demo', verb: 'get', resource: 'pods' } },
      },
    },
  ],
];

/** Without what differs from server to server: versions, and who wrote what when. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.entries(value).filter(([name]) => !['resourceVersion', 'continue'].includes(name));
  return Object.fromEntries(own.map(([name, member]) => [name, comparable(member)]));
}

function claimsIn({ text }: Answer): Record<string, unknown> {
  const { status } = JSON.parse(text) as { status: { token: string } };
  const payload = Buffer.from(status.token.split('.')[1] ?? '', 'base64url').toString();
  return JSON.parse(payload) as Record<string, unknown>;
}

describe.skipIf(!ASSETS)('the API server of the tests answers as a real one', () => {
  let ours: ServedCluster;
  let real: ServedCluster;
  beforeAll(async () => {
    ours = await startApiServer(WORLD, { deny: [{ verb: '*', resource: '*', user: 'nobody' }] });
    real = await startControlPlane(WORLD, {});
  });
  afterAll(() => Promise.all([ours.close(), real.close()]));

  it.each(REFUSALS)('%s', async (_what, question) => {
    const [one, other] = await Promise.all([ask(ours, question), ask(real, question)]);
    const seen = ({ status, headers, text }: Answer): object => ({
      status,
      type: headers['content-type'],
      text: text.trimEnd(),
    });
    expect(seen(one)).toEqual(seen(other));
    expect(other.status).toBeGreaterThanOrEqual(400);
  });

  it.each(OBJECTS)('%s', async (_what, question) => {
    const [one, other] = await Promise.all([ask(ours, question), ask(real, question)]);
    expect([one.status, one.headers['content-type']]).toEqual([other.status, other.headers['content-type']]);
    expect(comparable(JSON.parse(other.text))).toMatchObject(comparable(JSON.parse(one.text)) as object);
  });

  it('a token, whose claims say the same', async () => {
    const question = boundTo({ name: 'app', uid: POD_UID });
    const [one, other] = await Promise.all([ask(ours, question), ask(real, question)]);
    expect([one.status, other.status]).toEqual([201, 201]);
    const lasting = ({
      exp,
      iat,
      nbf,
      jti: _jti,
      'kubernetes.io': about,
      ...rest
    }: Record<string, unknown>): object => {
      const { node: _node, ...bound } = about as Record<string, unknown>;
      return { ...rest, lifetime: Number(exp) - Number(iat), early: Number(iat) - Number(nbf), about: bound };
    };
    expect(lasting(claimsIn(one))).toEqual(lasting(claimsIn(other)));
  });

  it('a token for longer than is given', async () => {
    const question = tokenRequest({ audiences: ['a'], expirationSeconds: 1_000_000 });
    const [one, other] = await Promise.all([ask(ours, question), ask(real, question)]);
    for (const answer of [one, other]) {
      const { exp, iat } = claimsIn(answer);
      expect(Number(exp) - Number(iat)).toBe(86_400);
      expect(JSON.parse(answer.text)).toMatchObject({ spec: { expirationSeconds: 86_400 } });
    }
  });

  it('pages, and the end of their patience', async () => {
    const page = async (server: ServedCluster): Promise<{ token: string; names: string[] }> => {
      const { text } = await ask(server, { path: '/api/v1/pods?limit=2' });
      const { metadata, items } = JSON.parse(text) as {
        metadata: { continue: string; remainingItemCount: number };
        items: { metadata: { name: string } }[];
      };
      expect(metadata.remainingItemCount).toBe(1);
      return { token: metadata.continue, names: items.map((item) => item.metadata.name) };
    };
    for (const server of [ours, real]) {
      const { token, names } = await page(server);
      expect(names).toEqual(['app', 'app-two']);
      const path = `/api/v1/pods?limit=2&continue=${token}`;
      const rest = JSON.parse((await ask(server, { path })).text) as {
        items: { metadata: { name: string } }[];
      };
      expect(rest.items.map((item) => item.metadata.name)).toEqual(['zeta']);
      // A compaction spares what is newest, so something has to change first.
      await server.patch({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'later', namespace: 'demo' },
      });
      await server.compact();
      const answer = await ask(server, { path });
      const { reason, metadata } = JSON.parse(answer.text) as {
        reason: string;
        metadata: { continue?: string };
      };
      expect({ status: answer.status, reason }).toEqual({ status: 410, reason: 'Expired' });
      expect(metadata.continue).toEqual(expect.any(String));
    }
  });
});
