import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { authorityFile, authorityPem, type Certificate, clientCertificate } from './certificates.ts';
import { type ExecPlugin, writeExecPlugin } from './exec-plugin.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type Credentials =
  | { token: string }
  | { tokenFile: string }
  | { certificate: Certificate; as?: 'data' | 'file' }
  | { exec: ExecPlugin }
  | { username: string; password: string }
  | Record<string, never>;

export interface Context {
  name?: string;
  server: { url: string; token?: string };
  /** The server's own token when left out. */
  credentials?: Credentials;
  namespace?: string;
  /** How the server's certificate is checked: against the test CA (in the file, beside it) or not at all. */
  trust?: 'data' | 'file' | 'insecure' | 'none';
  proxyUrl?: string;
  tlsServerName?: string;
}

export interface Kubeconfig {
  /** Its path, for KUBECONFIG or --kubeconfig. */
  readonly path: string;
  readonly folder: string;
}

/** Writes a kubeconfig; the first context is the current one unless `current` says otherwise. */
export function writeKubeconfig(contexts: Context[], options: { current?: string | null } = {}): Kubeconfig {
  const folder = temporaryFolder('kubeconfig');
  const path = join(folder, 'config');
  const named = contexts.map((context, index) => ({ ...context, name: context.name ?? `test-${index}` }));
  const current = options.current === undefined ? named[0]?.name : options.current;
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    ...(current !== undefined && current !== null && { 'current-context': current }),
    clusters: named.map((context) => ({ name: `${context.name}-cluster`, cluster: clusterOf(context) })),
    contexts: named.map(({ name, namespace }) => ({
      name,
      context: {
        cluster: `${name}-cluster`,
        user: `${name}-user`,
        ...(namespace !== undefined && { namespace }),
      },
    })),
    users: named.map((context) => ({
      name: `${context.name}-user`,
      user: userOf(context.credentials ?? { token: context.server.token ?? '' }, folder, context.name),
    })),
  };
  // JSON is YAML, and kubectl reads it as such.
  writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
  return { path, folder };
}

/** The usual case: one server, its own token. */
export function kubeconfigFor(server: Context['server'], options: Omit<Context, 'server'> = {}): Kubeconfig {
  return writeKubeconfig([{ server, ...options }]);
}

/** Credentials of a client certificate for that user. */
export function certificateCredentials(
  user: string,
  groups: string[] = [],
  as: 'data' | 'file' = 'data',
): Credentials {
  return { certificate: clientCertificate(user, groups), as };
}

function clusterOf({ server, trust = 'data', proxyUrl, tlsServerName }: Context): object {
  return {
    server: server.url,
    ...(trust === 'data' && { 'certificate-authority-data': base64(authorityPem()) }),
    ...(trust === 'file' && { 'certificate-authority': authorityFile() }),
    ...(trust === 'insecure' && { 'insecure-skip-tls-verify': true }),
    ...(proxyUrl !== undefined && { 'proxy-url': proxyUrl }),
    ...(tlsServerName !== undefined && { 'tls-server-name': tlsServerName }),
  };
}

function userOf(credentials: Credentials, folder: string, name: string): object {
  if ('certificate' in credentials) {
    const { cert, key } = credentials.certificate;
    if (credentials.as !== 'file')
      return { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
    // Relative paths count from the kubeconfig's own folder.
    writeFileSync(join(folder, `${name}.crt`), cert);
    writeFileSync(join(folder, `${name}.key`), key, { mode: 0o600 });
    return { 'client-certificate': `${name}.crt`, 'client-key': `${name}.key` };
  }
  if ('exec' in credentials) return { exec: writeExecPlugin(folder, name, credentials.exec) };
  return credentials;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
