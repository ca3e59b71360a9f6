import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/kubernetes/connection.ts';
import { WiDoctorError } from '../../src/errors.ts';
import { authorityFile, authorityPem, clientCertificate } from '../support/certificates.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { clientOf, json, kubeconfigFor, localServer, QUICK } from './local-server.ts';

const version = { gitVersion: 'v1.33.13' };

async function failure(promise: Promise<unknown>): Promise<WiDoctorError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WiDoctorError);
  return error as WiDoctorError;
}

function write(name: string, text: string): string {
  const file = join(temporaryFolder('kubeconfig'), name);
  writeFileSync(file, text);
  return file;
}

/** A kubeconfig with one context, cluster and user, all of one name. */
function small(name: string, server: string, current = ''): string {
  return `apiVersion: v1
kind: Config
${current === '' ? '' : `current-context: ${current}\n`}clusters:
- {name: ${name}, cluster: {server: "${server}"}}
users:
- {name: ${name}, user: {token: ${name}-token}}
contexts:
- {name: ${name}, context: {cluster: ${name}, user: ${name}, namespace: ${name}-ns}}
`;
}

describe('the kubeconfig', () => {
  test('of several files the first one wins, and missing ones are passed over', async () => {
    const one = write('one', small('a', 'https://one.test:1'));
    const two = write('two', small('a', 'https://two.test:2', 'b'));
    const three = write('three', small('b', 'https://three.test:4', 'a'));
    const env = { KUBECONFIG: [join(temporaryFolder('none'), 'nothing'), one, two, three].join(delimiter) };
    expect(await connect({}, env)).toMatchObject({
      context: 'b',
      server: 'https://three.test:4',
      namespace: 'b-ns',
    });
    expect(await connect({ context: 'a' }, env)).toMatchObject({
      server: 'https://one.test:1',
      namespace: 'a-ns',
    });
  });

  test('in the home folder is the default', async () => {
    const home = temporaryFolder('home');
    mkdirSync(join(home, '.kube'));
    writeFileSync(join(home, '.kube', 'config'), small('a', 'https://home.test', 'a'));
    expect(await connect({}, { HOME: home })).toMatchObject({ server: 'https://home.test', context: 'a' });
  });

  test('the namespace is the flag, else the context, else default', async () => {
    const file = write('config', small('a', 'https://a.test', 'a').replace(', namespace: a-ns', ''));
    expect(await connect({ kubeconfig: file }, {})).toMatchObject({ namespace: 'default' });
    expect(await connect({ kubeconfig: file, namespace: 'shop' }, {})).toMatchObject({ namespace: 'shop' });
  });

  test('flags choose cluster and server', async () => {
    const env = {
      KUBECONFIG: [
        write('a', small('a', 'https://a.test', 'a')),
        write('b', small('b', 'https://b.test')),
      ].join(delimiter),
    };
    expect(await connect({ cluster: 'b' }, env)).toMatchObject({ server: 'https://b.test', context: 'a' });
    expect(await connect({ server: 'c.test:6443' }, env)).toMatchObject({ server: 'https://c.test:6443' });
    expect(await connect({ server: 'https://u:p@c.test/k8s/?q' }, env)).toMatchObject({
      server: 'https://c.test/k8s',
    });
    expect(await connect({ server: 'https://c.test', token: 't' }, { HOME: '/nowhere' })).toMatchObject({
      context: null,
      namespace: 'default',
    });
  });

  test.each<[string, string, { context?: string; cluster?: string; user?: string }, RegExp, RegExp]>([
    [
      'an unknown context',
      small('prod-west', 'https://a.test', 'prod-west'),
      { context: 'prod-wset' },
      /no context 'prod-wset' in the kubeconfig/,
      /Did you mean: prod-west\?/,
    ],
    [
      'nothing near',
      small('a', 'https://a.test', 'a'),
      { context: 'zzzzzzzz' },
      /no context 'zzzzzzzz'/,
      /It has: a\./,
    ],
    [
      'an unknown cluster',
      small('a', 'https://a.test', 'a'),
      { cluster: 'b' },
      /no cluster 'b' of context 'a'/,
      /a/,
    ],
    ['an unknown user', small('a', 'https://a.test', 'a'), { user: 'b' }, /no user 'b' of context 'a'/, /a/],
    ['no current context', small('a', 'https://a.test'), {}, /has no current context/, /--context: a\./],
    ['no server', small('a', ''), { context: 'a' }, /names no server/, /^$/],
    ['a server that is no URL', small('a', 'https://'), { context: 'a' }, /is no URL/, /HOST:PORT/],
    ['an empty file', '', {}, /no kubeconfig to find a cluster/, /az aks get-credentials/],
    [
      'broken YAML',
      'clusters:\n- name: a\n  cluster: {token: hunter2',
      {},
      /config is not valid YAML at line 3, column \d+\.$/,
      /^$/,
    ],
    [
      'a bomb',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(20)}]\nc: &c [${'*b,'.repeat(20)}]\nd: [${'*c,'.repeat(20)}]\n`,
      {},
      /more YAML aliases/,
      /^$/,
    ],
    ['a text', 'hello', {}, /holds no mapping/, /^$/],
    ['a mapping of clusters', 'clusters: {a: b}', {}, /'clusters' is not a list/, /^$/],
  ])('with %s is told in one sentence', async (_what, text, flags, message, hint) => {
    const error = await failure(connect({ kubeconfig: write('config', text), ...flags }, {}));
    expect(error.code).toBe('KUBECONFIG');
    expect(error.message).toMatch(message);
    expect(error.hint ?? '').toMatch(hint);
    expect(error.message).not.toContain('hunter2');
  });

  test('that was named and does not exist is told', async () => {
    const file = join(temporaryFolder('none'), 'nothing');
    expect(await failure(connect({ kubeconfig: file }, {}))).toMatchObject({
      code: 'KUBECONFIG',
      message: `Cannot read the kubeconfig ${file}: it does not exist.`,
    });
    const folder = temporaryFolder('folder');
    expect((await failure(connect({}, { KUBECONFIG: folder }))).message).toContain('it is a folder');
  });

  test.each(['soon', '-5s', '1y', '1m2'])('--request-timeout %s is refused', async (text) => {
    const flags = { kubeconfig: write('config', small('a', 'https://a.test', 'a')), requestTimeout: text };
    expect(await failure(connect(flags, {}))).toMatchObject({ code: 'USAGE' });
  });
});

describe('credentials', () => {
  test('of a client certificate, as data and as files beside the kubeconfig', async () => {
    const seen: string[] = [];
    const server = await localServer((request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      seen.push(String(subject.CN));
      json(response, 200, version);
    });
    const { cert, key } = clientCertificate('ann', ['admins']);
    const data = {
      'client-certificate-data': Buffer.from(cert).toString('base64'),
      'client-key-data': Buffer.from(key).toString('base64'),
      // Data goes before files, as in kubectl.
      'client-certificate': '/nowhere/cert.pem',
    };
    await (await clientOf(server, { entries: { user: data } })).get('/version');
    const file = kubeconfigFor(server.url, {
      user: { 'client-certificate': 'cert.pem', 'client-key': 'key.pem' },
    });
    writeFileSync(join(file, '..', 'cert.pem'), cert);
    writeFileSync(join(file, '..', 'key.pem'), key);
    const { client } = await connect({ kubeconfig: file }, {});
    onTestFinished(() => client.close());
    await client.get('/version');
    expect(seen).toEqual(['ann', 'ann']);
  });

  test('of a token file, without its line end', async () => {
    const server = await localServer((_request, response) => json(response, 200, version));
    const file = kubeconfigFor(server.url, { user: { tokenFile: 'token', token: 'old' } });
    writeFileSync(join(file, '..', 'token'), 'from-file\n');
    const { client } = await connect({ kubeconfig: file }, {});
    onTestFinished(() => client.close());
    await client.get('/version');
    expect(server.requests[0]?.headers.authorization).toBe('Bearer from-file');
  });

  test('of flags and of user and password', async () => {
    const server = await localServer((_request, response) => json(response, 200, version));
    const entries = { user: { username: 'ann', password: 'p:w', exec: undefined } };
    await (await clientOf(server, { entries })).get('/version');
    await (await clientOf(server, { entries, flags: { token: 'by-hand' } })).get('/version');
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from('ann:p:w').toString('base64')}`,
      'Bearer by-hand',
    ]);
  });

  test('impersonate user, groups, UID and extras', async () => {
    const server = await localServer((_request, response) => json(response, 200, version));
    const flags = { as: 'boss', asGroup: ['one', 'two'], asUid: '42' };
    await (await clientOf(server, { flags })).get('/version');
    const user = { token: 't', as: 'boss', 'as-groups': ['g'], 'as-user-extra': { 'a/b': ['x'] } };
    await (await clientOf(server, { entries: { user } })).get('/version');
    const headers = server.requests.map(({ rawHeaders }) =>
      rawHeaders.flatMap((name, index) =>
        /^impersonate/i.test(name) ? [`${name}: ${rawHeaders[index + 1]}`] : [],
      ),
    );
    expect(headers).toEqual([
      ['Impersonate-User: boss', 'Impersonate-Uid: 42', 'Impersonate-Group: one', 'Impersonate-Group: two'],
      ['Impersonate-User: boss', 'Impersonate-Group: g', 'Impersonate-Extra-a%2Fb: x'],
    ]);
  });

  test('a group cannot be impersonated without a user', async () => {
    const error = await failure(connect({ kubeconfig: kubeconfigFor('https://a.test'), asGroup: ['g'] }, {}));
    expect(error).toMatchObject({ code: 'USAGE', hint: 'Add --as USER.' });
  });

  test.each([
    ['azure', { name: 'azure', config: {} }, 'KUBECONFIG', /kubelogin convert-kubeconfig/],
    ['gcp', { name: 'gcp' }, 'KUBECONFIG', /gke-gcloud-auth-plugin/],
    ['another', { name: 'openstack' }, 'KUBECONFIG', /users\[\]\.user\.exec/],
    [
      'an expired oidc',
      { name: 'oidc', config: { 'id-token': 'a.eyJleHAiOjF9.c' } },
      'CLUSTER',
      /kubectl get --raw/,
    ],
  ])('of %s auth-provider are an error with a way out', async (_what, provider, code, hint) => {
    const kubeconfig = kubeconfigFor('https://a.test', { user: { 'auth-provider': provider } });
    const error = await failure(connect({ kubeconfig }, {}));
    expect(error.code).toBe(code);
    expect(error.hint).toMatch(hint);
  });

  test('of a valid oidc id-token are used', async () => {
    const server = await localServer((_request, response) => json(response, 200, version));
    const claims = Buffer.from(JSON.stringify({ exp: 4_000_000_000 })).toString('base64url');
    const user = { 'auth-provider': { name: 'oidc', config: { 'id-token': `a.${claims}.c` } } };
    await (await clientOf(server, { entries: { user } })).get('/version');
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer a.${claims}.c`);
  });

  test('that cannot be read are told, without their content', async () => {
    const missing = kubeconfigFor('https://a.test', {
      user: { 'client-certificate': 'gone.pem', 'client-key': 'k.pem' },
    });
    expect((await failure(connect({ kubeconfig: missing }, {}))).message).toMatch(
      /gone\.pem cannot be read \(ENOENT\)/,
    );
    const broken = kubeconfigFor('https://a.test', {
      user: {
        'client-key-data': Buffer.from('hunter2').toString('base64'),
        'client-certificate-data': 'eA==',
      },
    });
    const error = await failure(connect({ kubeconfig: broken }, {}));
    expect(error).toMatchObject({ code: 'KUBECONFIG', message: expect.stringContaining('not valid PEM') });
    expect(String(error.stack)).not.toContain('hunter2');
    const noToken = kubeconfigFor('https://a.test', { user: { tokenFile: '/nowhere/token' } });
    expect((await failure(connect({ kubeconfig: noToken }, {}))).message).toBe(
      'Cannot read the token file /nowhere/token (ENOENT).',
    );
  });

  test('of a pod are the service account it runs as', async () => {
    const server = await localServer((_request, response) => json(response, 200, version));
    const root = temporaryFolder('pod');
    const folder = join(root, 'var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'token'), 'pod-token\n');
    writeFileSync(join(folder, 'namespace'), 'shop\n');
    writeFileSync(join(folder, 'ca.crt'), authorityPem());
    const env = {
      HOME: root,
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(server.port),
    };
    const { client, context, namespace } = await connect({}, env, { inClusterRoot: root });
    onTestFinished(() => client.close());
    expect(await client.get('/version')).toMatchObject({ kind: 'ok' });
    expect({ context, namespace }).toEqual({ context: 'in-cluster', namespace: 'shop' });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer pod-token');
    expect(
      await connect(
        {},
        { ...env, KUBERNETES_SERVICE_HOST: 'fd00::1', POD_NAMESPACE: 'own' },
        { inClusterRoot: root },
      ),
    ).toMatchObject({
      server: `https://[fd00::1]:${server.port}`,
      namespace: 'own',
    });
    expect((await failure(connect({}, env, { inClusterRoot: '/nowhere' }))).code).toBe('KUBECONFIG');
  });
});

describe('an API server that cannot be reached', () => {
  const first = async (url: string, cluster: object = {}, limits = {}): Promise<WiDoctorError> =>
    failure((await clientOf({ url }, { entries: { cluster }, limits })).get('/version'));

  test('because nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await first(`https://127.0.0.1:${port}`)).toMatchObject({
      code: 'CLUSTER',
      message: `Cannot reach the API server at 127.0.0.1:${port}: the connection was refused.`,
    });
  });

  test('because its name does not exist', async () => {
    const error = await first('https://cluster.invalid');
    expect(error.message).toMatch(/^Cannot reach the API server at cluster\.invalid:443: its name/);
    expect(error.hint).toBeDefined();
  });

  test.each([
    ['expired', /has expired/, /clock/],
    ['wrong-name', /made out to other names/, /--tls-server-name/],
    ['untrusted', /not signed by the authority/, /get-credentials/],
    ['self-signed', /not signed by the authority/, /get-credentials/],
  ] as const)('because its certificate is %s', async (kind, message, hint) => {
    const server = await localServer((_request, response) => json(response, 200, version), kind);
    const error = await first(server.url);
    expect(error).toMatchObject({ code: 'CLUSTER' });
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(server.requests).toHaveLength(0);
  });

  test('unless the check is turned off, or the right name is given', async () => {
    const server = await localServer((_request, response) => json(response, 200, version), 'wrong-name');
    const insecure = await clientOf(server, { flags: { insecureSkipTlsVerify: true } });
    expect(await insecure.get('/version')).toMatchObject({ kind: 'ok' });
    const named = await clientOf(server, { flags: { tlsServerName: 'elsewhere.invalid' } });
    expect(await named.get('/version')).toMatchObject({ kind: 'ok' });
    const authority = await clientOf(server, {
      entries: {
        cluster: { 'certificate-authority-data': undefined, 'tls-server-name': 'elsewhere.invalid' },
      },
      flags: { certificateAuthority: authorityFile() },
    });
    expect(await authority.get('/version')).toMatchObject({ kind: 'ok' });
  });

  test('because it accepts and says nothing', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const error = await first(`https://127.0.0.1:${port}`, {}, { requestMs: 600 });
    expect(error.message).toContain('no TLS handshake within 0.6 s');
    expect((await first(`http://127.0.0.1:${port}`, {}, { requestMs: 600 })).message).toContain(
      'no answer within 0.6 s',
    );
  });

  test('because it does not speak TLS, or not HTTP', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.9\r\n'),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect((await first(`https://127.0.0.1:${port}`)).message).toContain('the TLS handshake failed');
    expect((await first(`http://127.0.0.1:${port}`)).message).toContain('does not answer in HTTP');
  });

  test('the time-out of the flag is the one that counts', async () => {
    const server = await localServer(() => undefined);
    const kubeconfig = kubeconfigFor(server.url);
    const { client } = await connect({ kubeconfig, requestTimeout: '150ms' }, {}, { limits: QUICK });
    onTestFinished(() => client.close());
    expect((await failure(client.get('/version'))).message).toContain('within 0.15 s');
  });
});
