import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { fetchJson } from '../../../src/sources/issuer/fetch-json.ts';
import { internet, serve } from './loopback.ts';

const URL_ = 'https://issuer.example/doc';
const PUBLIC = ['20.1.2.3'];

test('a document is parsed, and nothing but the plain request is sent', async () => {
  let headers: unknown;
  const port = await serve((request, response) => {
    headers = request.headers;
    response.setHeader('set-cookie', 'a=b');
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end('{"issuer":"https://issuer.example/"}');
  });
  const seen = internet({ 'issuer.example': PUBLIC }, port);
  expect(await fetchJson(URL_)).toEqual({
    kind: 'document',
    url: URL_,
    finalUrl: URL_,
    status: 200,
    contentType: 'application/json; charset=utf-8',
    json: { issuer: 'https://issuer.example/' },
  });
  expect(headers).toEqual({
    accept: 'application/json',
    'accept-encoding': 'identity',
    connection: 'close',
    host: expect.stringMatching(/^issuer\.example(:\d+)?$/) as string,
    'user-agent': 'wi-doctor',
  });
  expect(seen.lookups).toEqual(['issuer.example']);
  expect(seen.requests[0]).toMatchObject({
    rejectUnauthorized: true,
    agent: false,
    insecureHTTPParser: false,
  });
});

test.each([
  ['404', 404, 'nothing here', { kind: 'http', status: 404, snippet: 'nothing here' }],
  ['403 without a body', 403, '', { kind: 'http', status: 403 }],
  [
    '503 in HTML over lines',
    503,
    '<html>\n\t<b>\u001b[31mno\u202e</b>',
    { kind: 'http', status: 503, snippet: '<html> <b> [31mno </b>' },
  ],
  ['204', 204, '', { kind: 'http', status: 204 }],
  ['300 without a location', 300, '', { kind: 'http', status: 300 }],
  ['HTML with status 200', 200, '<!DOCTYPE html>', { kind: 'not-json', snippet: '<!DOCTYPE html>' }],
  ['an empty body', 200, '', { kind: 'not-json', snippet: '' }],
  ['broken JSON', 200, '{"issuer": "https://', { kind: 'not-json' }],
  ['JSON nested too deeply', 200, '['.repeat(50_000) + ']'.repeat(50_000), { kind: 'not-json' }],
  ['a JSON string', 200, '"x"', { kind: 'document', json: 'x' }],
] as const)('%s', async (_name, status, body, expected) => {
  const port = await serve((_request, response) => response.writeHead(status).end(body));
  internet({ 'issuer.example': PUBLIC }, port);
  expect(await fetchJson(URL_)).toMatchObject({ url: URL_, ...expected });
});

test('bytes that are not UTF-8 and unasked compression are not JSON', async () => {
  const port = await serve((request, response) => {
    if (request.url === '/gzip') response.setHeader('content-encoding', 'gzip');
    response.end(Buffer.from([0x22, 0xff, 0x22]));
  });
  internet({ 'issuer.example': PUBLIC }, port);
  expect(await fetchJson(URL_)).toMatchObject({ kind: 'not-json' });
  expect(await fetchJson('https://issuer.example/gzip')).toMatchObject({
    kind: 'not-json',
    snippet: '(body in the encoding gzip, which was not asked for)',
  });
});

test.each([
  ['announced', (body: string) => ({ 'content-length': String(body.length) })],
  ['not announced', () => ({})],
])('a body over the limit is dropped, its length %s', async (_name, headersOf) => {
  const body = JSON.stringify('x'.repeat(2000));
  const port = await serve((_request, response) => response.writeHead(200, headersOf(body)).end(body));
  internet({ 'issuer.example': PUBLIC }, port);
  expect(await fetchJson(URL_, { maxBytes: 1000 })).toEqual({ kind: 'too-large', url: URL_, limit: 1000 });
  expect(await fetchJson(URL_, { maxBytes: 2002 })).toMatchObject({ kind: 'document' });
});

test.each([
  ['untrusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['expired', 'CERT_HAS_EXPIRED'],
  ['wrong-name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
] as const)('a certificate that is %s is an observation', async (kind, code) => {
  const port = await serve((_request, response) => response.end('{}'), kind);
  internet({ 'issuer.example': PUBLIC }, port);
  expect(await fetchJson(URL_)).toMatchObject({ kind: 'tls', url: URL_, code });
});

test('plain text where TLS is expected is a TLS failure', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  internet({ 'issuer.example': PUBLIC }, (server.address() as { port: number }).port);
  expect(await fetchJson(URL_)).toMatchObject({ kind: 'tls', url: URL_ });
});

test('redirects are followed three times, each looked up and pinned anew', async () => {
  const port = await serve((request, response) => {
    const step = Number(request.url?.slice(2) ?? '0');
    if (step === 3) response.end('{}');
    else response.writeHead(302, { location: `https://other.example/r${step + 1}` }).end();
  });
  const seen = internet({ 'issuer.example': PUBLIC, 'other.example': ['20.1.2.4', '2603:1000::1'] }, port);
  expect(await fetchJson('https://issuer.example/r0')).toMatchObject({
    kind: 'document',
    url: 'https://issuer.example/r0',
    finalUrl: 'https://other.example/r3',
  });
  expect(seen.lookups).toEqual(['issuer.example', 'other.example', 'other.example', 'other.example']);
});

test.each([
  ['too-many', '/next', 'https://issuer.example/next/next/next', '/next/next/next/next'],
  ['loop', 'https://issuer.example/doc', URL_, 'https://issuer.example/doc'],
  ['not-https', 'http://issuer.example/doc', URL_, 'http://issuer.example/doc'],
  ['not-https', 'file:///etc/passwd', URL_, 'file:///etc/passwd'],
  ['not-public', 'https://169.254.169.254/metadata', URL_, 'https://169.254.169.254/metadata'],
  ['not-public', 'https://localhost/', URL_, 'https://localhost/'],
  ['bad-url', 'https://user:secret@issuer.example/', URL_, 'https://issuer.example/'],
  ['bad-url', 'https://', URL_, 'https://'],
])('a redirect that is %s is not followed: %s', async (problem, location, url, shown) => {
  let step = '';
  const port = await serve((_request, response) => {
    step += location;
    response.writeHead(307, { location: location === '/next' ? step : location }).end();
  });
  const seen = internet({ 'issuer.example': PUBLIC }, port);
  const outcome = await fetchJson(problem === 'too-many' ? 'https://issuer.example/' : URL_);
  expect(outcome).toEqual({ kind: 'redirect', url, location: shown, problem });
  expect(new Set(seen.lookups)).toEqual(new Set(['issuer.example']));
});

test('a redirect to a public name with a private address says nothing about the issuer', async () => {
  const port = await serve((_request, response) =>
    response.writeHead(301, { location: 'https://other.example/' }).end(),
  );
  const seen = internet({ 'issuer.example': PUBLIC, 'other.example': ['10.0.0.4'] }, port);
  expect(await fetchJson(URL_)).toMatchObject({ kind: 'unreachable', cause: 'private-answer' });
  expect(seen.requests).toHaveLength(1);
});

test.each([
  [['10.0.0.4'], false, 'private'],
  [['20.1.2.3', '127.0.0.1'], false, 'loopback'],
  [['20.1.2.3', '::ffff:192.168.0.1'], false, 'private'],
  [['64:ff9b::a00:1'], false, 'private'],
  [['169.254.169.254'], true, 'metadata'],
  [['168.63.129.16'], true, 'metadata'],
  [['10.0.0.4', 'fe80::1%eth0'], true, 'link-local'],
  [['0.0.0.0'], true, 'reserved'],
])(
  'a public name that resolves to %j (allowPrivate %s) is not connected to',
  async (found, allowPrivate, why) => {
    const seen = internet({ 'issuer.example': found });
    const outcome = await fetchJson(URL_, { allowPrivate });
    expect(outcome).toMatchObject({ kind: 'unreachable', cause: 'private-answer' });
    expect((outcome as { reason: string }).reason).toContain(`(${why})`);
    expect(seen.requests).toEqual([]);
  },
);

test.each(['198.18.3.4', '203.0.113.9'])(
  'a placeholder address of a VPN (%s) is connected to',
  async (found) => {
    const seen = internet({ 'issuer.example': [found] });
    await fetchJson(URL_);
    expect(seen.requests).toHaveLength(1);
  },
);

test('with allowPrivate a private answer and a loopback literal with a port are fetched', async () => {
  const port = await serve((_request, response) => response.end('{}'));
  internet({ 'issuer.example': ['10.0.0.4'] }, port);
  expect(await fetchJson(URL_, { allowPrivate: true })).toMatchObject({ kind: 'document' });
  const url = `https://127.0.0.1:${port}/`;
  expect(await fetchJson(url, { allowPrivate: true })).toMatchObject({ kind: 'document', finalUrl: url });
});

test('what may not be fetched is never looked up', async () => {
  const seen = internet({});
  expect(await fetchJson('http://issuer.example/')).toEqual({
    kind: 'not-https',
    url: 'http://issuer.example/',
  });
  expect(await fetchJson('https://10.0.0.1/')).toMatchObject({ kind: 'not-public', why: 'private' });
  expect(seen).toEqual({ lookups: [], requests: [] });
});

test.each([
  ['a name that does not exist', {}, 'dns'],
  ['a name without addresses', { 'issuer.example': [] }, 'dns'],
  ['a refused connection', { 'issuer.example': PUBLIC }, 'refused'],
])('%s is unreachable from here', async (_name, names, cause) => {
  internet(names, 1);
  expect(await fetchJson(URL_)).toMatchObject({ kind: 'unreachable', url: URL_, cause });
});

test('a connection cut before or within the answer is unreachable', async () => {
  const port = await serve((request, response) => {
    if (request.url === '/doc') request.socket.destroy();
    else response.writeHead(200, { 'content-length': '100' }).write('{"a":', () => request.socket.destroy());
  });
  internet({ 'issuer.example': PUBLIC }, port);
  expect(await fetchJson(URL_)).toMatchObject({ kind: 'unreachable', cause: 'reset' });
  expect(await fetchJson('https://issuer.example/cut')).toMatchObject({
    kind: 'unreachable',
    cause: 'reset',
  });
});

test('an answer that is not HTTP is unreachable', async () => {
  const port = await serve((request) => request.socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
  internet({ 'issuer.example': PUBLIC }, port);
  expect(await fetchJson(URL_)).toMatchObject({ kind: 'unreachable', cause: 'protocol' });
});

test.each([
  ['never answers', () => undefined],
  [
    'sends a byte now and then',
    (write: (text: string) => void) => {
      const timer = setInterval(() => write(' '), 20);
      onTestFinished(() => clearInterval(timer));
    },
  ],
])('a server that %s is given up', async (_name, answer) => {
  const port = await serve((_request, response) => answer((text) => void response.write(text)));
  internet({ 'issuer.example': PUBLIC }, port);
  expect(await fetchJson(URL_, { timeoutMs: 200 })).toEqual({
    kind: 'unreachable',
    url: URL_,
    cause: 'timeout',
    reason: 'issuer.example did not answer from here within 0.2 s',
  });
});

test('an error page that never ends still tells its status', async () => {
  const port = await serve((_request, response) => void response.writeHead(502).write('bad gateway'));
  internet({ 'issuer.example': PUBLIC }, port);
  const outcome = await fetchJson(URL_, { timeoutMs: 500 });
  expect(outcome).toMatchObject({ kind: 'http', status: 502, snippet: 'bad gateway' });
});

test('a look-up that never ends is given up, and an abort ends everything at once', async () => {
  const seen = internet({});
  const { default: dns } = await import('node:dns');
  (dns.lookup as unknown as { mockImplementation: (f: () => object) => void }).mockImplementation(() => ({}));
  expect(await fetchJson(URL_, { timeoutMs: 50 })).toMatchObject({ kind: 'unreachable', cause: 'timeout' });
  const reason = new Error('interrupted');
  const controller = new AbortController();
  const pending = fetchJson(URL_, { signal: controller.signal });
  controller.abort(reason);
  await expect(pending).rejects.toBe(reason);
  await expect(fetchJson(URL_, { signal: controller.signal })).rejects.toBe(reason);
  expect(seen.requests).toEqual([]);
});

test('an abort during the body rejects with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('interrupted');
  const port = await serve((_request, response) => {
    response.write('{', () => controller.abort(reason));
  });
  internet({ 'issuer.example': PUBLIC }, port);
  await expect(fetchJson(URL_, { signal: controller.signal })).rejects.toBe(reason);
});
