import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

import { authorityFile, authorityPem, serverCertificate } from '../certificates.ts';
import type { User } from '../kubernetes/authentication.ts';
import type { SigningKey } from '../signing-key.ts';
import { freePort, type ServerProcess, startProcess } from './processes.ts';

/** What a server is told at its start, and cannot change later. */
export interface ServerConfig {
  readonly issuer: string;
  readonly jwksUri: string;
  /** The first one signs, all are published. */
  readonly keys: readonly SigningKey[];
  /** By token. */
  readonly users: Readonly<Record<string, User>>;
}

export interface KubeApiServer {
  readonly port: number;
  readonly url: string;
  readonly process: ServerProcess;
}

const READY_MS = 90_000;
const ANSWER_MS = 10_000;

/** Only what the program under test asks is of interest; not what servers and tests do themselves. */
export const AUDITED_GROUP = 'wi-doctor:audited';
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['ResponseStarted'],
  rules: [{ level: 'Request', userGroups: [AUDITED_GROUP] }, { level: 'None' }],
};

function writeFiles(folder: string, { keys, users }: ServerConfig): { keys: string[]; auditLog: string } {
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const { key, cert } = serverCertificate();
  write('server.key', key);
  write('server.crt', cert);
  write('audit-policy.json', JSON.stringify(AUDIT_POLICY));
  write(
    'tokens.csv',
    Object.entries(users)
      .map(([token, { name, groups, uid }]) => `${token},${name},${uid ?? name},"${groups.join(',')}"\n`)
      .join(''),
  );
  const keyFiles = keys.map(({ privateKey }, index) =>
    write(`signing-${index}.key`, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  );
  return { keys: keyFiles, auditLog: write('audit.log', '') };
}

/** Starts a kube-apiserver on loopback; it answers when this returns. */
export async function startKubeApiServer(
  binary: string,
  folder: string,
  etcdUrl: string,
  config: ServerConfig,
): Promise<KubeApiServer & { auditLog: string }> {
  const { keys, auditLog } = writeFiles(folder, config);
  const port = await freePort();
  const file = (name: string): string => join(folder, name);
  const server = startProcess(
    binary,
    [
      `--etcd-servers=${etcdUrl}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${port}`,
      '--endpoint-reconciler-type=none',
      '--service-cluster-ip-range=10.0.0.0/24',
      `--tls-cert-file=${file('server.crt')}`,
      `--tls-private-key-file=${file('server.key')}`,
      `--client-ca-file=${authorityFile()}`,
      `--token-auth-file=${file('tokens.csv')}`,
      '--authorization-mode=RBAC',
      `--service-account-issuer=${config.issuer}`,
      `--service-account-jwks-uri=${config.jwksUri}`,
      `--api-audiences=${config.issuer}`,
      `--service-account-signing-key-file=${keys[0]}`,
      ...keys.map((path) => `--service-account-key-file=${path}`),
      // As on AKS.
      '--service-account-max-token-expiration=24h',
      `--audit-policy-file=${file('audit-policy.json')}`,
      `--audit-log-path=${auditLog}`,
      // An event is written before its request goes on, so that a request that was made is seen.
      '--audit-log-mode=blocking',
    ],
    file('kube-apiserver.log'),
  );
  const url = `https://127.0.0.1:${port}`;
  await server.ready(async () => (await ask(url, '/readyz')).text === 'ok', READY_MS);
  return { port, url, process: server, auditLog };
}

/** One request to a control plane, of the tests themselves. */
export function ask(
  url: string,
  path: string,
  { token, body }: { token?: string; body?: object } = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url + path,
      {
        ca: authorityPem(),
        method: body ? 'POST' : 'GET',
        timeout: ANSWER_MS,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${ANSWER_MS} ms`)));
    outgoing.on('error', reject);
    outgoing.end(body && JSON.stringify(body));
  });
}
