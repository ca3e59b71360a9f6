import { resolve } from 'node:path';
import { WiDoctorError } from '../errors.ts';
import type { ConnectionFlags } from './flags.ts';
import type { ClusterEntry, ContextEntry, Kubeconfig, UserEntry } from './kubeconfig.ts';
import { nearestNames } from './nearest.ts';

/** The one cluster and user that a run talks to, flags already laid over the kubeconfig. */
export interface Selection {
  /** Null when a server was given without any context. */
  readonly context: string | null;
  readonly namespace: string;
  readonly clusterName: string;
  readonly cluster: ClusterEntry & { readonly server: string };
  readonly userName: string;
  readonly user: UserEntry;
}

/**
 * Picks context, cluster, user and namespace as kubectl does.
 *
 * @throws WiDoctorError KUBECONFIG for a name that the kubeconfig does not hold, with the nearest names in its
 * hint; USAGE for an impersonation without a user.
 */
export function select(kubeconfig: Kubeconfig, flags: ConnectionFlags): Selection {
  const { name, entry } = contextOf(kubeconfig, flags);
  const clusterName = flags.cluster ?? entry.cluster ?? '';
  const userName = flags.user ?? entry.user ?? '';
  const where = name === null ? '' : ` of context '${name}'`;
  const cluster =
    clusterName === '' ? {} : found(kubeconfig.clusters, clusterName, 'cluster', where, kubeconfig);
  const user = userName === '' ? {} : found(kubeconfig.users, userName, 'user', where, kubeconfig);
  return {
    context: name,
    namespace: nonEmpty(flags.namespace) ?? nonEmpty(entry.namespace) ?? 'default',
    clusterName,
    cluster: clusterWith(cluster, flags, clusterName),
    userName,
    user: userWith(user, flags),
  };
}

function contextOf(
  kubeconfig: Kubeconfig,
  flags: ConnectionFlags,
): { name: string | null; entry: ContextEntry } {
  const name = nonEmpty(flags.context) ?? kubeconfig.currentContext;
  if (name !== undefined) return { name, entry: found(kubeconfig.contexts, name, 'context', '', kubeconfig) };
  if (nonEmpty(flags.server) !== undefined || nonEmpty(flags.cluster) !== undefined)
    return { name: null, entry: {} };
  const contexts = [...kubeconfig.contexts.keys()];
  if (contexts.length === 0) {
    throw new WiDoctorError(
      'KUBECONFIG',
      `There is no kubeconfig to find a cluster with (looked at ${kubeconfig.files.join(', ')}).`,
      { hint: 'Fetch one with az aks get-credentials -g GROUP -n CLUSTER, or name one with --kubeconfig.' },
    );
  }
  throw new WiDoctorError(
    'KUBECONFIG',
    `The kubeconfig ${kubeconfig.files.join(', ')} has no current context.`,
    {
      hint: `Choose one with --context: ${some(contexts)}.`,
    },
  );
}

function found<T>(
  entries: ReadonlyMap<string, T>,
  name: string,
  kind: 'context' | 'cluster' | 'user',
  where: string,
  { files }: Kubeconfig,
): T {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  const near = nearestNames(name, entries.keys());
  const names = near.length > 0 ? near : [...entries.keys()];
  const place = files.length === 0 ? 'the in-cluster configuration' : `the kubeconfig ${files.join(', ')}`;
  throw new WiDoctorError('KUBECONFIG', `There is no ${kind} '${name}'${where} in ${place}.`, {
    hint:
      names.length === 0
        ? 'Fetch a kubeconfig with az aks get-credentials.'
        : `${near.length > 0 ? 'Did you mean' : 'It has'}: ${some(names)}${near.length > 0 ? '?' : '.'}`,
  });
}

function some(names: readonly string[]): string {
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function clusterWith(
  entry: ClusterEntry,
  flags: ConnectionFlags,
  name: string,
): ClusterEntry & { server: string } {
  const server = nonEmpty(flags.server) ?? entry.server;
  if (typeof server !== 'string' || server === '') {
    throw new WiDoctorError('KUBECONFIG', `The cluster '${name}' of the kubeconfig names no server.`);
  }
  const {
    'tls-server-name': ownName,
    'certificate-authority': ownFile,
    'certificate-authority-data': ownData,
    ...rest
  } = entry;
  const insecure = flags.insecureSkipTlsVerify ?? rest['insecure-skip-tls-verify'] === true;
  const file = nonEmpty(flags.certificateAuthority);
  // As in kubectl: the name to check belongs to the server that it was written for.
  const serverName =
    nonEmpty(flags.tlsServerName) ?? (nonEmpty(flags.server) === undefined ? ownName : undefined);
  const authority = {
    ...(ownFile === undefined ? {} : { 'certificate-authority': ownFile }),
    ...(ownData === undefined ? {} : { 'certificate-authority-data': ownData }),
  };
  return {
    ...rest,
    server: checkedServer(server),
    'insecure-skip-tls-verify': insecure,
    ...(serverName === undefined ? {} : { 'tls-server-name': serverName }),
    ...(insecure ? {} : file === undefined ? authority : { 'certificate-authority': resolve(file) }),
  };
}

/** A URL without user, password, query and fragment; `host:port` alone means https, as in kubectl. */
function checkedServer(server: string): string {
  const text = /^https?:\/\//i.test(server) ? server : `https://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '') {
    throw new WiDoctorError('KUBECONFIG', `The server address of the kubeconfig is no URL.`, {
      hint: 'Write it as https://HOST:PORT.',
    });
  }
  return `${url.origin}${url.pathname}`.replace(/\/$/, '');
}

function userWith(entry: UserEntry, flags: ConnectionFlags): UserEntry {
  const result: Record<string, unknown> = { ...entry };
  if (nonEmpty(flags.clientCertificate) !== undefined) {
    result['client-certificate'] = resolve(flags.clientCertificate ?? '');
    delete result['client-certificate-data'];
  }
  if (nonEmpty(flags.clientKey) !== undefined) {
    result['client-key'] = resolve(flags.clientKey ?? '');
    delete result['client-key-data'];
  }
  if (nonEmpty(flags.token) !== undefined) {
    result['token'] = flags.token;
    for (const other of ['tokenFile', 'exec', 'auth-provider', 'username', 'password']) delete result[other];
  }
  if (nonEmpty(flags.as) !== undefined) {
    result['as'] = flags.as;
    for (const other of ['as-uid', 'as-groups', 'as-user-extra']) delete result[other];
  }
  if (nonEmpty(flags.asUid) !== undefined) result['as-uid'] = flags.asUid;
  if (flags.asGroup !== undefined && flags.asGroup.length > 0) result['as-groups'] = flags.asGroup;
  const user = result as UserEntry;
  if (nonEmpty(user.as) === undefined && (user['as-uid'] !== undefined || user['as-groups'] !== undefined)) {
    throw new WiDoctorError('USAGE', 'A group or UID can be impersonated only together with a user.', {
      hint: 'Add --as USER.',
    });
  }
  return user;
}
