import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the metadata service of a machine hands out. */
export interface ImdsOptions {
  /** The token of the machine's identity for a resource; null when the machine has none such. */
  token: (resource: string, clientId: string | null) => string | null;
  /** `hang` never answers, as where a firewall drops the packets. */
  mode?: 'answers' | 'hang';
}

export interface Imds {
  /** Host table for `runCli`. */
  readonly hosts: Record<string, string>;
  /** Query of each request for a token, and whether it bore the header without which nothing is given. */
  readonly requests: readonly { path: string; query: Record<string, string>; metadata: boolean }[];
  close(): Promise<void>;
}

/** The instance metadata service of Azure, as far as managed identities go. It speaks plain HTTP. */
export async function startImds({ token, mode = 'answers' }: ImdsOptions): Promise<Imds> {
  const requests: { path: string; query: Record<string, string>; metadata: boolean }[] = [];
  const reply = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  };
  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://169.254.169.254');
    const metadata = request.headers['metadata'] === 'true';
    requests.push({ path: url.pathname, query: Object.fromEntries(url.searchParams), metadata });
    if (mode === 'hang') return;
    if (url.pathname !== '/metadata/identity/oauth2/token')
      return reply(response, 404, { error: 'not_found' });
    const problem = (text: string): void =>
      reply(response, 400, { error: 'invalid_request', error_description: text });
    if (!metadata) return problem('Required metadata header not specified');
    const resource = url.searchParams.get('resource');
    if (resource === null) return problem("Required query variable 'resource' is missing");
    const access = token(resource, url.searchParams.get('client_id'));
    if (access === null) return problem('Identity not found');
    reply(response, 200, {
      access_token: access,
      client_id: url.searchParams.get('client_id') ?? '',
      expires_in: '86399',
      expires_on: String(Math.floor(Date.now() / 1000) + 86_399),
      ext_expires_in: '86399',
      not_before: String(Math.floor(Date.now() / 1000)),
      resource,
      token_type: 'Bearer',
    });
  }
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    hosts: { '169.254.169.254': `127.0.0.1:${port}` },
    requests,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
