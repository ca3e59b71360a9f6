import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Proxy {
  /** `http://127.0.0.1:PORT`, for HTTPS_PROXY or a kubeconfig's proxy-url. */
  readonly url: string;
  /** `host:port` of each tunnel asked for. */
  readonly tunnels: readonly string[];
  close(): Promise<void>;
}

/**
 * An HTTP proxy that opens tunnels (CONNECT). `hosts` says where a name really leads, as in runCli; anything else
 * but loopback is refused with the page such a proxy shows.
 */
export async function startProxy(
  options: {
    hosts?: Record<string, string>;
    /** Basic credentials it insists on. */ credentials?: string;
  } = {},
): Promise<Proxy> {
  const tunnels: string[] = [];
  const open = new Set<Duplex>();
  const server = createServer((_, response) => {
    response.writeHead(405).end();
  });
  server.on('connect', (request, client) => {
    open.add(client);
    client.on('error', () => undefined).on('close', () => open.delete(client));
    const target = request.url ?? '';
    tunnels.push(target);
    const expected = `Basic ${Buffer.from(options.credentials ?? '').toString('base64')}`;
    if (options.credentials !== undefined && request.headers['proxy-authorization'] !== expected) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n',
      );
      return;
    }
    const [name = '', port] = target.split(':');
    const [host, toPort] = (options.hosts?.[name] ?? (name === '127.0.0.1' ? target : '')).split(':');
    if (!host || !port) {
      client.end('HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\ncontent-length: 7\r\n\r\n<html/>');
      return;
    }
    const upstream = connect(Number(toPort), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    open.add(upstream);
    upstream.on('error', () => client.destroy()).on('close', () => open.delete(upstream));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    tunnels,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
