import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connect, type ConnectOptions } from '../../src/kubernetes/connection.ts';
import type { ConnectionFlags } from '../../src/kubernetes/flags.ts';
import type { KubernetesClient } from '../../src/kubernetes/answers.ts';
import type { Limits } from '../../src/kubernetes/limits.ts';
import {
  authorityPem,
  serverCertificate,
  type Certificate,
  type CertificateKind,
} from '../support/certificates.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export interface LocalServer {
  readonly url: string;
  readonly port: number;
  readonly requests: IncomingMessage[];
  /** TCP connections that were opened. */
  connections(): number;
}

/** A TLS server on loopback that ends with the test; `count` tells its handler how often it was asked before. */
export async function localServer(
  handler: Handler,
  certificate: CertificateKind | Certificate = 'trusted',
): Promise<LocalServer> {
  const requests: IncomingMessage[] = [];
  let opened = 0;
  const server = createServer({
    ...(typeof certificate === 'string' ? serverCertificate(certificate) : certificate),
    ca: authorityPem(),
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.on('request', (request, response) => {
    requests.push(request);
    handler(request, response, requests.length - 1);
  });
  server.on('connection', () => (opened += 1));
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `https://127.0.0.1:${port}`, port, requests, connections: () => opened };
}

/** Answers JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** The error document of the API server. */
export function status(code: number, reason: string, message: string, details: object = {}): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    details,
    code,
  };
}

interface Entries {
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: object;
}

/** A kubeconfig for one server; `entries` are laid over what it would hold otherwise. */
export function kubeconfigFor(url: string, entries: Entries = {}): string {
  const file = join(temporaryFolder('kubeconfig'), 'config');
  const authority = Buffer.from(authorityPem()).toString('base64');
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [
      { name: 'c', cluster: { server: url, 'certificate-authority-data': authority, ...entries.cluster } },
    ],
    users: [{ name: 'u', user: entries.user ?? { token: 'sesame' } }],
    contexts: [{ name: 'test', context: { cluster: 'c', user: 'u', ...entries.context } }],
  };
  writeFileSync(file, JSON.stringify(document));
  return file;
}

/** Small enough for tests to end soon, large enough for a busy machine. */
export const QUICK: Partial<Limits> = { requestMs: 5_000, retryMs: 2_000, backoffMs: 1 };

/** A client of a server, through a kubeconfig as in real life. */
export async function clientOf(
  { url }: { readonly url: string },
  options: ConnectOptions & { readonly entries?: Entries; readonly flags?: ConnectionFlags } = {},
): Promise<KubernetesClient> {
  const { entries, flags, limits, ...rest } = options;
  const { client } = await connect(
    { kubeconfig: kubeconfigFor(url, entries), ...flags },
    {},
    { ...rest, stdinIsTerminal: rest.stdinIsTerminal ?? false, limits: { ...QUICK, ...limits } },
  );
  onTestFinished(() => client.close());
  return client;
}
