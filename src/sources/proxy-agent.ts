import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { HttpsProxyAgent, type HttpsProxyAgentOptions } from 'https-proxy-agent';

import { PROXY_FAILURE } from './proxy-failure.ts';

type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];

const REQUIRES_SIGN_IN = 407;
const TUNNEL_OPEN = 200;

function failure(code: string | number, words: string, cause?: unknown): Error {
  return Object.assign(new Error(`${words} (${code})`, { cause }), { code: `${PROXY_FAILURE}${code}` });
}

/** A tunnel through an HTTP proxy. What the proxy itself answers is an error here, never the answer of the host. */
export class ProxyAgent extends HttpsProxyAgent<string> {
  /** `proxy.example:3128`, without user and password. */
  readonly name: string;

  constructor(proxy: URL) {
    const options: HttpsProxyAgentOptions<string> = { rejectUnauthorized: true };
    super(proxy, options);
    this.name = proxy.host;
  }

  override async connect(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    let status = 0;
    request.once('proxyConnect', ({ statusCode }: { statusCode: number }) => (status = statusCode));
    let socket: Socket;
    try {
      socket = await super.connect(request, options);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw failure(code ?? 'no answer', `the proxy ${this.name} cannot be reached`, cause);
    }
    if (status === TUNNEL_OPEN) return socket;
    socket.destroy();
    const host = String(options.host);
    throw failure(
      status,
      status === REQUIRES_SIGN_IN
        ? `the proxy ${this.name} wants user and password`
        : `the proxy ${this.name} does not let requests through to ${host}`,
    );
  }
}
