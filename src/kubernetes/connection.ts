import type { KubernetesClient } from './answers.ts';
import { createClient } from './client.ts';
import { createCredentials } from './credentials.ts';
import { requestTimeout } from './duration.ts';
import type { ConnectionFlags } from './flags.ts';
import { inClusterKubeconfig } from './in-cluster.ts';
import { readKubeconfig, type Environment, type Kubeconfig } from './kubeconfig.ts';
import { LIMITS, type Limits } from './limits.ts';
import { proxyFromEnvironment } from './proxy.ts';
import { select } from './selection.ts';
import { WiDoctorError } from '../errors.ts';

export type { ConnectionFlags } from './flags.ts';

/** One API server, seen as one user. */
export interface Connection {
  /** Name of the kubeconfig context; `in-cluster` in a pod, null when only a server was given. */
  readonly context: string | null;
  /** `--namespace`, else the context's, else `default`. */
  readonly namespace: string;
  /** URL of the API server, without credentials. */
  readonly server: string;
  readonly client: KubernetesClient;
}

export interface ConnectOptions {
  /** Ends every wait; requests then reject with its reason. */
  readonly signal?: AbortSignal;
  /** Called once for each request that takes longer than 10 s. */
  readonly onSlow?: (path: string, seconds: number) => void;
  /** Whether a user sits at stdin, so that a credential plug-in may ask. Default: whether it is a terminal. */
  readonly stdinIsTerminal?: boolean;
  readonly limits?: Partial<Limits>;
  /** Prefix of the service account mount, for tests. */
  readonly inClusterRoot?: string;
}

/**
 * Finds the cluster as kubectl would and signs in: reads the kubeconfig (in a pod without one: the service
 * account), lays the flags over it and runs the credential plug-in, whose prompts are over when this returns.
 * The API server itself is not contacted yet.
 *
 * @throws WiDoctorError KUBECONFIG, CLUSTER (plug-in failed) or USAGE (`--request-timeout`).
 */
export async function connect(
  flags: ConnectionFlags,
  env: Environment,
  options: ConnectOptions = {},
): Promise<Connection> {
  const requestMs = requestTimeout(flags.requestTimeout, options.limits?.requestMs ?? LIMITS.requestMs);
  const limits: Limits = { ...LIMITS, ...options.limits, requestMs };
  const kubeconfig = await configuration(flags, env, options.inClusterRoot);
  const selection = select(kubeconfig, flags);
  const { server } = selection.cluster;
  const proxy = proxyUrl(selection.cluster['proxy-url'] || proxyFromEnvironment(server, env));
  const { signal, onSlow } = options;
  // Absent, not false, where stdin is a pipe.
  const { isTTY }: { isTTY?: boolean } = process.stdin;
  const credentials = createCredentials(selection, {
    env,
    proxy: proxy?.href,
    timeoutMs: limits.requestMs,
    stdinIsTerminal: options.stdinIsTerminal ?? isTTY ?? false,
    pluginMs: limits.pluginMs,
    interactivePluginMs: limits.interactivePluginMs,
    ...(signal === undefined ? {} : { signal }),
  });
  await credentials.current();
  const client = createClient({
    endpoint: { server, timeoutMs: limits.requestMs, ...(proxy === undefined ? {} : { proxy: proxy.host }) },
    credentials,
    limits,
    ...(signal === undefined ? {} : { signal }),
    ...(onSlow === undefined ? {} : { onSlow }),
  });
  return { context: selection.context, namespace: selection.namespace, server, client };
}

async function configuration(flags: ConnectionFlags, env: Environment, root = ''): Promise<Kubeconfig> {
  const kubeconfig = await readKubeconfig(flags.kubeconfig === '' ? undefined : flags.kubeconfig, env);
  const empty =
    kubeconfig.clusters.size === 0 && kubeconfig.contexts.size === 0 && kubeconfig.users.size === 0;
  // As in kubectl, a kubeconfig goes before the service account, and so does a server named by hand.
  const byHand =
    Boolean(flags.kubeconfig) || Boolean(flags.server) || Boolean(flags.context) || Boolean(flags.cluster);
  if (!empty || byHand) return kubeconfig;
  return (await inClusterKubeconfig(env, root)) ?? kubeconfig;
}

function proxyUrl(text: string | undefined): URL | undefined {
  if (text === undefined || text === '') return undefined;
  // Names are looked up behind a SOCKS proxy, as Go does it; to the library only socks5h means that.
  const withScheme = (text.includes('://') ? text : `http://${text}`).replace(/^socks5:/i, 'socks5h:');
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (url === undefined || !/^(?:https?|socks(?:5h?|4a?)?):$/.test(url.protocol)) {
    throw new WiDoctorError('KUBECONFIG', 'The proxy for the API server is no URL that kubectl would take.', {
      hint: 'Check proxy-url of the kubeconfig and HTTPS_PROXY: http://, https:// or socks5://HOST:PORT.',
    });
  }
  return url;
}
