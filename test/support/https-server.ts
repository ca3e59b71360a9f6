import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';

import { authorityPem, type Certificate, serverCertificate } from './certificates.ts';
import { type Fault, type FaultRule, Faults, type Reply, send } from './faults.ts';

/** One request as it came in. */
export interface Received {
  readonly method: string;
  /** The name the client asked for, without a port. */
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The same before decoding, for what is no text. */
  readonly bytes: Buffer;
  readonly socket: TLSSocket;
}

export interface HttpsServerOptions {
  certificate?: Certificate;
  faults?: FaultRule[];
  /** What the Date header says; the present when left out. */
  now?: () => Date;
  handle: (request: Received) => Reply | Promise<Reply>;
  /** Called as soon as a request is read, before any fault. */
  received?: (request: Received) => void;
  /** The service's own error document. */
  describe: (status: number, fault: Extract<Fault, { kind: 'error' }>, request: Received) => Reply;
  /** Takes the connection over, or refuses with an ordinary answer. */
  upgrade?: (request: Received, socket: Duplex) => Reply | undefined;
}

/** A server on a free loopback port, over TLS. */
export interface LoopbackServer {
  readonly port: number;
  /** `127.0.0.1:PORT`, as the host table of redirect-hosts.mjs wants it. */
  readonly address: string;
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  readonly faults: Faults;
  close(): Promise<void>;
}

export async function startHttpsServer(options: HttpsServerOptions): Promise<LoopbackServer> {
  const faults = new Faults(options.faults);
  const server = createServer({
    ...(options.certificate ?? serverCertificate()),
    ca: authorityPem(),
    // Client certificates are looked at by the handler: a bad one is a 401, not a broken handshake.
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.on('request', (incoming, response) => {
    if (options.now) response.setHeader('date', options.now().toUTCString());
    void (async () => {
      const request = await read(incoming);
      options.received?.(request);
      const fault = faults.take(request.method, targetOf(incoming));
      // A refused request must not have side effects, so the handler runs only if its answer is sent.
      const reply = replaces(fault) ? { status: 500 } : await options.handle(request);
      await send(response, reply, fault, (status, error) => options.describe(status, error, request));
    })().catch((error: unknown) => {
      // A client that has gone is no news; anything else is a fault of the test server itself.
      if (incoming.destroyed && response.destroyed) return;
      process.stderr.write(`test server: ${inspect(error)}\n`);
      response.destroy();
    });
  });
  server.on('upgrade', (incoming, socket) => {
    const request = describeRequest(incoming, Buffer.alloc(0));
    options.received?.(request);
    const fault = faults.take(request.method, targetOf(incoming));
    const refusal = fault ? { status: 500 } : options.upgrade?.(request, socket);
    if (!refusal) return;
    const response = new ServerResponse(incoming);
    response.assignSocket(socket as TLSSocket);
    response.shouldKeepAlive = false;
    response.on('finish', () => socket.end());
    void send(response, refusal, fault, (status, error) => options.describe(status, error, request));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    address: `127.0.0.1:${port}`,
    url: `https://127.0.0.1:${port}`,
    faults,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function replaces(fault: Fault | undefined): boolean {
  return fault !== undefined && !['slow', 'drip', 'cut', 'padded', 'broken-json'].includes(fault.kind);
}

async function read(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return describeRequest(incoming, Buffer.concat(chunks));
}

function describeRequest(incoming: IncomingMessage, bytes: Buffer): Received {
  const host = incoming.headers.host ?? '127.0.0.1';
  const url = new URL(targetOf(incoming), 'https://loopback.invalid');
  return {
    method: incoming.method ?? 'GET',
    host: host.replace(/:\d+$/, ''),
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: bytes.toString('utf8'),
    bytes,
    socket: incoming.socket as TLSSocket,
  };
}

function targetOf(incoming: IncomingMessage): string {
  return incoming.url ?? '/';
}
