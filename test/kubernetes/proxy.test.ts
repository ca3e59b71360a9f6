import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect as dial, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/kubernetes/connection.ts';
import { proxyFromEnvironment } from '../../src/kubernetes/proxy.ts';
import { serverCertificate } from '../support/certificates.ts';
import { clientOf, json, kubeconfigFor, localServer, QUICK, type LocalServer } from './local-server.ts';

describe('the proxy of the environment', () => {
  const PROXY = 'http://proxy.test:3128';
  test.each<[string, Record<string, string>, string | undefined]>([
    ['https://api.test', { HTTPS_PROXY: PROXY }, PROXY],
    ['https://api.test', { https_proxy: PROXY }, PROXY],
    ['https://api.test', { HTTPS_PROXY: '', https_proxy: PROXY }, PROXY],
    ['https://api.test', { HTTP_PROXY: PROXY }, undefined],
    ['http://api.test', { HTTP_PROXY: PROXY }, PROXY],
    ['https://localhost', { HTTPS_PROXY: PROXY }, undefined],
    ['https://127.0.0.2:6443', { HTTPS_PROXY: PROXY }, undefined],
    ['https://[::1]', { HTTPS_PROXY: PROXY }, undefined],
    ['https://api.test', { HTTPS_PROXY: PROXY, NO_PROXY: '*' }, undefined],
    ['https://api.test', { HTTPS_PROXY: PROXY, NO_PROXY: 'other.test, api.test' }, undefined],
    ['https://a.api.test', { HTTPS_PROXY: PROXY, NO_PROXY: 'api.test' }, undefined],
    ['https://a.api.test', { HTTPS_PROXY: PROXY, NO_PROXY: '*.api.test' }, undefined],
    ['https://a.api.test', { HTTPS_PROXY: PROXY, no_proxy: '.API.test' }, undefined],
    ['https://api.test', { HTTPS_PROXY: PROXY, NO_PROXY: '.api.test' }, PROXY],
    ['https://xapi.test', { HTTPS_PROXY: PROXY, NO_PROXY: 'api.test' }, PROXY],
    ['https://api.test:6443', { HTTPS_PROXY: PROXY, NO_PROXY: 'api.test:6443' }, undefined],
    ['https://api.test', { HTTPS_PROXY: PROXY, NO_PROXY: 'api.test:6443' }, PROXY],
    ['https://10.1.2.3', { HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.0/8' }, undefined],
    ['https://11.1.2.3', { HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.0/8,999.1.1.1/8,10.0.0.0/99' }, PROXY],
    ['https://10.1.2.3', { HTTPS_PROXY: PROXY, NO_PROXY: '10.1.2.3' }, undefined],
    ['https://[fd00::1]', { HTTPS_PROXY: PROXY, NO_PROXY: 'fd00::/8' }, undefined],
    ['https://10.1.2.3', { HTTPS_PROXY: PROXY, NO_PROXY: '2.3' }, PROXY],
  ])('for %s with %o is %s', (server, env, expected) => {
    expect(proxyFromEnvironment(server, env)).toBe(expected);
  });
});

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

function tunnel(socket: Socket, port: number, greeting: string | Buffer): void {
  const upstream = dial(port, '127.0.0.1', () => {
    socket.write(greeting);
    socket.pipe(upstream).pipe(socket);
  });
  for (const end of [socket, upstream])
    end.on('error', () => [socket, upstream].forEach((other) => other.destroy()));
  socket.on('close', () => upstream.destroy());
}

/** A CONNECT proxy that leads every name to `server`. */
async function connectProxy(server: LocalServer, asked: string[], secure = false): Promise<number> {
  const proxy = secure ? createHttpsServer(serverCertificate()) : createHttpServer();
  proxy.on('connect', (request, socket: Socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    if (request.url?.startsWith('forbidden') === true)
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    else tunnel(socket, server.port, 'HTTP/1.1 200 Connection established\r\n\r\n');
  });
  return listening(proxy);
}

/** A SOCKS5 proxy without sign-in that leads every name to `server`. */
async function socksProxy(server: LocalServer, asked: string[]): Promise<number> {
  return listening(
    createServer((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.from([5, 0]));
        socket.once('data', (request: Buffer) => {
          asked.push(request.subarray(5, 5 + (request[4] ?? 0)).toString());
          tunnel(socket, server.port, Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
        });
      });
    }),
  );
}

describe('a request', () => {
  const NAME = 'eastus.oic.prod-aks.azure.com';
  const answering = async (): Promise<LocalServer> =>
    localServer((_request, response) => json(response, 200, { gitVersion: 'v1' }));

  test('goes through the proxy of the environment, with its user', async () => {
    const server = await answering();
    const asked: string[] = [];
    const port = await connectProxy(server, asked);
    const env = { HTTPS_PROXY: `http://ann:secret@127.0.0.1:${port}` };
    const { client } = await connect({ kubeconfig: kubeconfigFor(`https://${NAME}:6443`) }, env, {
      limits: QUICK,
    });
    onTestFinished(() => client.close());
    expect(await client.get('/version')).toMatchObject({ kind: 'ok' });
    expect(await client.get('/version')).toMatchObject({ kind: 'ok' });
    expect(asked).toEqual([`${NAME}:6443 Basic ${Buffer.from('ann:secret').toString('base64')}`]);
  });

  test.each(['http', 'https', 'socks5'])('goes through proxy-url with %s', async (scheme) => {
    const server = await answering();
    const asked: string[] = [];
    const port =
      scheme === 'socks5'
        ? await socksProxy(server, asked)
        : await connectProxy(server, asked, scheme === 'https');
    if (scheme === 'https') trustTestAuthority();
    const entries = { cluster: { 'proxy-url': `${scheme}://127.0.0.1:${port}` } };
    const client = await clientOf({ url: `https://${NAME}` }, { entries });
    expect(await client.get('/version')).toMatchObject({ kind: 'ok' });
    expect(await client.get('/version')).toMatchObject({ kind: 'ok' });
    expect(asked).toEqual([scheme === 'socks5' ? NAME : `${NAME}:443`]);
    expect(server.connections()).toBe(1);
  });

  test('that a proxy refuses names the proxy and not its password', async () => {
    const server = await answering();
    const port = await connectProxy(server, []);
    const entries = { cluster: { 'proxy-url': `http://ann:secret@127.0.0.1:${port}` } };
    const client = await clientOf({ url: 'https://forbidden.test' }, { entries });
    await expect(client.get('/version')).rejects.toMatchObject({
      code: 'CLUSTER',
      message: `Cannot reach the API server at forbidden.test:443: the proxy 127.0.0.1:${port} refused to connect (407).`,
    });
  });

  test('without a proxy that listens names it', async () => {
    const entries = { cluster: { 'proxy-url': 'http://127.0.0.1:1' } };
    const client = await clientOf({ url: `https://${NAME}` }, { entries });
    await expect(client.get('/version')).rejects.toMatchObject({
      message: expect.stringContaining('the connection was refused (through the proxy 127.0.0.1:1)'),
    });
  });

  test('is not sent to a proxy of an unknown kind', async () => {
    const kubeconfig = kubeconfigFor(`https://${NAME}`, { cluster: { 'proxy-url': 'ftp://127.0.0.1' } });
    await expect(connect({ kubeconfig }, {})).rejects.toMatchObject({ code: 'KUBECONFIG' });
  });
});

/** The certificate of an https proxy is checked against the trust store of Node, which tests cannot extend later. */
function trustTestAuthority(): void {
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  onTestFinished(() => {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
  });
}
