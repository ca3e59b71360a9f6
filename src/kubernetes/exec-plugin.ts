import { readFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { WiDoctorError } from '../errors.ts';
import type { ClusterEntry, Environment, ExecEntry } from './kubeconfig.ts';
import { endProcessTree } from './process-tree.ts';

const GROUP = 'client.authentication.k8s.io';
const VERSIONS: readonly string[] = [`${GROUP}/v1`, `${GROUP}/v1beta1`];

/** An ExecCredential is some kilobytes; whatever writes more than this is something else. */
const MOST_OUTPUT = 1024 * 1024;

/** What a plug-in gave us. */
export interface ExecCredential {
  readonly token?: string;
  /** PEM. */
  readonly certificate?: string;
  /** PEM. */
  readonly key?: string;
  /** Milliseconds since 1970 until which it may be used; undefined means for the whole run. */
  readonly expires?: number;
}

/** Surroundings of a plug-in run. */
export interface ExecOptions {
  readonly env: Environment;
  readonly cluster: ClusterEntry;
  /** Whether a user sits at stdin and may be asked. */
  readonly stdinIsTerminal: boolean;
  /** Milliseconds when the user cannot be asked. */
  readonly pluginMs: number;
  /** Milliseconds when the user can. */
  readonly interactivePluginMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs a credential plug-in (kubelogin and the like) as kubectl does.
 *
 * Its stderr is ours, and its stdin too when it may ask the user, so that a device-code prompt is seen and can
 * be answered.
 *
 * @throws WiDoctorError KUBECONFIG when the entry is wrong, the command is missing or writes no
 * ExecCredential; CLUSTER when it fails or takes too long.
 * @see {@link https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins}
 */
export async function runExecPlugin(exec: ExecEntry, options: ExecOptions): Promise<ExecCredential> {
  const command = exec.command ?? '';
  const apiVersion = exec.apiVersion ?? '';
  if (command === '')
    throw new WiDoctorError('KUBECONFIG', 'The credential plug-in of the kubeconfig names no command.');
  if (!VERSIONS.includes(apiVersion)) {
    throw new WiDoctorError(
      'KUBECONFIG',
      `The credential plug-in ${command} is set up for ${apiVersion === '' ? 'no apiVersion' : apiVersion}, which kubectl no longer knows.`,
      { hint: 'Run kubelogin convert-kubeconfig, or fetch the kubeconfig anew with az aks get-credentials.' },
    );
  }
  const interactive = isInteractive(exec, command, options.stdinIsTerminal);
  const info = {
    kind: 'ExecCredential',
    apiVersion,
    spec: {
      ...(exec.provideClusterInfo === true ? { cluster: await clusterInfo(options.cluster) } : {}),
      interactive,
    },
  };
  const output = await run(exec, command, interactive, JSON.stringify(info), options);
  return readCredential(output, command, apiVersion);
}

function isInteractive({ interactiveMode }: ExecEntry, command: string, stdinIsTerminal: boolean): boolean {
  if (interactiveMode === 'Never') return false;
  if (interactiveMode === 'Always' && !stdinIsTerminal) {
    throw new WiDoctorError(
      'KUBECONFIG',
      `The credential plug-in ${command} must ask the user, but stdin is no terminal.`,
      {
        hint: 'Run it in a terminal, or sign in without questions (kubelogin convert-kubeconfig -l azurecli).',
      },
    );
  }
  return stdinIsTerminal;
}

async function clusterInfo(cluster: ClusterEntry): Promise<Record<string, unknown>> {
  const file = cluster['certificate-authority'];
  const data =
    cluster['certificate-authority-data'] ??
    (file === undefined ? undefined : (await readFile(file).catch(() => Buffer.alloc(0))).toString('base64'));
  return {
    server: cluster.server,
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data': data,
    'proxy-url': cluster['proxy-url'],
    'disable-compression': cluster['disable-compression'],
    config: cluster.extensions?.find(({ name }) => name === `${GROUP}/exec`)?.extension,
  };
}

async function run(
  exec: ExecEntry,
  command: string,
  interactive: boolean,
  info: string,
  { env, signal, pluginMs, interactivePluginMs }: ExecOptions,
): Promise<string> {
  const limit = interactive ? interactivePluginMs : pluginMs;
  const own = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  // A group of its own can be ended as a whole, but has no terminal: a plug-in that asks must stay in ours.
  const grouped = !interactive && process.platform !== 'win32';
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(command, exec.args ?? [], {
      env: { ...env, ...own, KUBERNETES_EXEC_INFO: info },
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
      detached: grouped,
      windowsHide: true,
    });
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      end();
    };
    const stop = (reason: unknown): void => {
      endProcessTree(child, grouped);
      // A grandchild that got away may still hold the pipe; nobody waits for it.
      child.stdout?.destroy();
      child.unref();
      settle(() => reject(reason));
    };
    const onAbort = (): void => stop(signal?.reason);
    const timer = setTimeout(() => {
      stop(
        new WiDoctorError(
          'CLUSTER',
          `The credential plug-in ${command} did not finish within ${limit / 1_000} s.`,
          {
            hint: 'Sign in first (az login, or kubectl get --raw /version to see what it waits for), then try again.',
          },
        ),
      );
    }, limit);
    signal?.addEventListener('abort', onAbort, { once: true });

    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      if (output.length > MOST_OUTPUT) stop(notACredential(command));
    });
    child.on('error', (error) => settle(() => reject(notStarted(error, exec, command))));
    child.on('close', (code, killedBy) => {
      settle(() => {
        if (code === 0) resolve(output);
        else reject(failed(command, code, killedBy));
      });
    });
  });
}

function notStarted(error: Error, { installHint }: ExecEntry, command: string): WiDoctorError {
  const { code } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'is not installed or not on PATH' : `could not be started (${code})`;
  const hint =
    installHint === undefined ? 'Install it (for kubelogin: az aks install-cli).' : firstLines(installHint);
  return new WiDoctorError('KUBECONFIG', `The credential plug-in ${command} of the kubeconfig ${why}.`, {
    hint,
  });
}

function failed(command: string, code: number | null, signal: string | null): WiDoctorError {
  const how = code === null ? `was ended by ${signal}` : `failed with exit code ${code}`;
  return new WiDoctorError(
    'CLUSTER',
    `The credential plug-in ${command} ${how}; what it said stands above.`,
    {
      hint: 'Sign in again (az login), or choose another way with kubelogin convert-kubeconfig -l azurecli.',
    },
  );
}

function notACredential(command: string): WiDoctorError {
  return new WiDoctorError(
    'KUBECONFIG',
    `The credential plug-in ${command} wrote something that is no ExecCredential.`,
    {
      hint: 'Run the command of users[].user.exec by hand and look at what it prints.',
    },
  );
}

function readCredential(output: string, command: string, apiVersion: string): ExecCredential {
  let document: Record<string, unknown>;
  try {
    document = JSON.parse(output) as Record<string, unknown>;
  } catch {
    throw notACredential(command);
  }
  if (document?.['kind'] !== 'ExecCredential') throw notACredential(command);
  if (document['apiVersion'] !== apiVersion) {
    throw new WiDoctorError(
      'KUBECONFIG',
      `The credential plug-in ${command} answers in another apiVersion than the kubeconfig asks for (${apiVersion}).`,
      { hint: 'Bring plug-in and kubeconfig up to date (az aks install-cli, az aks get-credentials).' },
    );
  }
  const status = (document['status'] ?? {}) as Record<string, unknown>;
  const token = textOf(status['token']);
  const certificate = textOf(status['clientCertificateData']);
  const key = textOf(status['clientKeyData']);
  if (token === undefined && (certificate === undefined || key === undefined)) {
    throw new WiDoctorError(
      'CLUSTER',
      `The credential plug-in ${command} gave neither a token nor a certificate with key.`,
      {
        hint: 'Run the command of users[].user.exec by hand and look at what it prints.',
      },
    );
  }
  const expires = Date.parse(textOf(status['expirationTimestamp']) ?? '');
  return {
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
    ...(Number.isNaN(expires) ? {} : { expires }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function firstLines(text: string): string {
  return text.trim().split('\n').slice(0, 8).join('\n');
}
