import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A credential plug-in such as kubelogin, and how it behaves. */
export interface ExecPlugin {
  /** The credential it hands out; none when it fails. */
  token?: string;
  certificate?: { cert: string; key: string };
  apiVersion?: 'client.authentication.k8s.io/v1' | 'client.authentication.k8s.io/v1beta1';
  /** Printed on stderr first, as a device-code prompt is. */
  prompt?: string;
  /** Reads a line from stdin before it answers, and fails when there is none. */
  readsStdin?: boolean;
  interactiveMode?: 'Never' | 'IfAvailable' | 'Always';
  provideClusterInfo?: boolean;
  delayMs?: number;
  /** Never ends. */
  hangs?: boolean;
  /** Ends with this code and no credential. */
  exitCode?: number;
  /** Printed instead of the ExecCredential. */
  stdout?: string;
  /** Names a program that does not exist, with this hint for the user. */
  missing?: string;
  /** `null` leaves it out; seconds from now otherwise. */
  expiresInSeconds?: number | null;
  env?: Record<string, string>;
  args?: string[];
  /** A file that gets one JSON line per start: arguments and KUBERNETES_EXEC_INFO. */
  log?: string;
}

/** Writes the plug-in as a program of its own and returns the kubeconfig's `exec` member. */
export function writeExecPlugin(folder: string, name: string, plugin: ExecPlugin): object {
  const apiVersion = plugin.apiVersion ?? 'client.authentication.k8s.io/v1';
  const behaviour = join(folder, `${name}-plugin.json`);
  const program = join(folder, `${name}-plugin.mjs`);
  writeFileSync(behaviour, JSON.stringify({ ...plugin, apiVersion }), { mode: 0o600 });
  writeFileSync(program, `#!${process.execPath}\n${SCRIPT}`);
  chmodSync(program, 0o755);
  return {
    apiVersion,
    // Without the interpreter in the command it would not start on Windows.
    command: plugin.missing === undefined ? process.execPath : plugin.missing,
    args: [program, behaviour, ...(plugin.args ?? [])],
    interactiveMode: plugin.interactiveMode ?? 'IfAvailable',
    provideClusterInfo: plugin.provideClusterInfo ?? false,
    ...(plugin.missing !== undefined && { installHint: `Install ${plugin.missing} first.` }),
    env: Object.entries(plugin.env ?? {}).map(([key, value]) => ({ name: key, value })),
  };
}

/** Fails as kubelogin does when the caller does not keep the contract of client.authentication.k8s.io. */
const SCRIPT = `
import { appendFileSync, readFileSync } from 'node:fs';

const plugin = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const info = process.env.KUBERNETES_EXEC_INFO;
if (plugin.log) appendFileSync(plugin.log, JSON.stringify({ args: process.argv.slice(3), info: info ?? null }) + '\\n');
if (plugin.prompt) process.stderr.write(plugin.prompt + '\\n');
if (!info) {
  process.stderr.write('Error: KUBERNETES_EXEC_INFO is not set\\n');
  process.exit(3);
}
const wanted = JSON.parse(info).apiVersion;
if (wanted !== plugin.apiVersion) {
  process.stderr.write('Error: asked for ' + wanted + ', this plug-in speaks ' + plugin.apiVersion + '\\n');
  process.exit(4);
}
if (plugin.readsStdin) {
  const line = readFileSync(0, 'utf8').split('\\n')[0];
  if (!line) {
    process.stderr.write('Error: nothing on stdin\\n');
    process.exit(5);
  }
}
if (plugin.hangs) setInterval(() => undefined, 1000);
else setTimeout(answer, plugin.delayMs ?? 0);

function answer() {
  if (plugin.exitCode) process.exit(plugin.exitCode);
  if (plugin.stdout !== undefined) {
    process.stdout.write(plugin.stdout);
    return;
  }
  const seconds = plugin.expiresInSeconds === undefined ? 3600 : plugin.expiresInSeconds;
  process.stdout.write(JSON.stringify({
    apiVersion: wanted,
    kind: 'ExecCredential',
    status: {
      ...(seconds === null ? {} : { expirationTimestamp: new Date(Date.now() + seconds * 1000).toISOString() }),
      ...(plugin.token ? { token: plugin.token } : {}),
      ...(plugin.certificate
        ? { clientCertificateData: plugin.certificate.cert, clientKeyData: plugin.certificate.key }
        : {}),
    },
  }));
}
`;
