import type { Agent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { SecureContext } from 'node:tls';
import type { KubeConfig } from './client-library.ts';
import { WiDoctorError } from '../errors.ts';
import { withoutAuthProvider } from './auth-provider.ts';
import { runExecPlugin, type ExecCredential, type ExecOptions } from './exec-plugin.ts';
import type { UserEntry } from './kubeconfig.ts';
import type { Selection } from './selection.ts';

/** What every request carries: the connection pool with its TLS identity, and the headers that say who asks. */
export interface Carried {
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** The identity that a run has at the API server, kept up to date while it lasts. */
export interface Credentials {
  /** Throws WiDoctorError KUBECONFIG or CLUSTER when they cannot be had. */
  current(): Promise<Carried>;
  /**
   * Called after a 401: fetches new credentials, once for all requests that were refused with the same ones.
   * False when there is no way to get any.
   */
  renew(refused: Carried): Promise<boolean>;
  close(): void;
}

export interface CredentialOptions extends Omit<ExecOptions, 'cluster'> {
  /** URL of the proxy in between; nothing for a direct connection. */
  readonly proxy: string | undefined;
  /** Milliseconds after which a connection without any traffic is closed. */
  readonly timeoutMs: number;
}

/** Marks a user whose token or certificate comes from us, so that the library asks our authenticator. */
const OURS = 'wi-doctor';

/** client-go reads a token file again after this long; kubelets rotate them. */
const TOKEN_FILE_MS = 60_000;

/** A credential that is about to expire is as good as expired. */
const MARGIN_MS = 5_000;

/** The credentials of a cluster and user of the kubeconfig; nothing is run or read before `current()`. */
export function createCredentials(selection: Selection, options: CredentialOptions): Credentials {
  return new KubeconfigCredentials(selection, options);
}

class KubeconfigCredentials implements Credentials {
  readonly #selection: Selection;
  readonly #options: CredentialOptions;
  readonly #user: UserEntry;
  #pending: Promise<Carried> | undefined;
  /** What `#pending` has brought. */
  #carried: Carried | undefined;
  #goodUntil = Number.POSITIVE_INFINITY;
  #identity: ExecCredential | undefined;
  #agent: Agent | undefined;

  constructor(selection: Selection, options: CredentialOptions) {
    this.#selection = selection;
    this.#options = options;
    this.#user = withoutAuthProvider(selection.user, Date.now());
  }

  async current(): Promise<Carried> {
    if (this.#pending !== undefined && Date.now() < this.#goodUntil) return this.#pending;
    // Requests run in parallel: all of them must wait for the one plug-in run, not start one each.
    this.#goodUntil = Number.POSITIVE_INFINITY;
    this.#pending = this.#load();
    return this.#pending;
  }

  async renew(refused: Carried): Promise<boolean> {
    if (this.#identity === undefined) return false;
    if (this.#carried === refused) {
      this.#carried = undefined;
      this.#goodUntil = 0;
    }
    await this.current();
    return true;
  }

  close(): void {
    this.#agent?.destroy();
  }

  async #load(): Promise<Carried> {
    const before = this.#identity;
    this.#identity = await this.#ownCredential();
    const { KubeConfig, newClusters, newUsers } = await import('./client-library.ts');
    const { cluster, clusterName } = this.#selection;
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: newClusters([{ name: clusterName || OURS, cluster: this.#clusterEntry() }]),
      users: newUsers([{ name: OURS, user: libraryUser(this.#user, this.#identity !== undefined) }]),
      contexts: [{ name: OURS, cluster: clusterName || OURS, user: OURS }],
      currentContext: OURS,
    });
    const requestOptions: RequestOptions = { timeout: this.#options.timeoutMs };
    await this.#apply(config, requestOptions);
    const sameTlsIdentity = before?.certificate === this.#identity?.certificate;
    if (this.#agent === undefined || !sameTlsIdentity) {
      const context = cluster.server.startsWith('https:')
        ? await tlsContext(requestOptions, this.#selection)
        : undefined;
      this.#agent = keptAlive(requestOptions.agent as Agent, context);
    }
    this.#carried = { agent: this.#agent, headers: headersOf(requestOptions, this.#user) };
    return this.#carried;
  }

  /** The library takes a file before inline data, kubectl the other way round; and it refuses plain http. */
  #clusterEntry(): Record<string, unknown> {
    const { cluster } = this.#selection;
    return {
      ...preferData({ ...cluster }, 'certificate-authority'),
      ...(cluster.server.startsWith('http:') ? { 'insecure-skip-tls-verify': true } : {}),
      'proxy-url': this.#options.proxy,
    };
  }

  async #apply(config: KubeConfig, requestOptions: RequestOptions): Promise<void> {
    config.addAuthenticator({
      isAuthProvider: (user) => user.authProvider?.name === OURS,
      applyAuthentication: async (_user, target) => {
        const { token, certificate, key } = this.#identity ?? {};
        if (token !== undefined)
          target.headers = { ...(target.headers as object), Authorization: `Bearer ${token}` } as never;
        if (certificate !== undefined) Object.assign(target, { cert: certificate, key });
      },
    });
    try {
      await config.applyToHTTPSOptions(requestOptions);
    } catch (error) {
      throw unusable(error, this.#selection);
    }
  }

  /** The credential that the library cannot get as kubectl does: from a plug-in or a rotated file. */
  async #ownCredential(): Promise<ExecCredential | undefined> {
    const { exec, tokenFile, token } = this.#user;
    if (tokenFile !== undefined && tokenFile !== '') {
      this.#goodUntil = Date.now() + TOKEN_FILE_MS;
      return { token: await readTokenFile(tokenFile, token) };
    }
    // As in client-go: a plug-in is not run for a user who has a token already.
    if (exec === undefined || exec === null || (token !== undefined && token !== '')) return undefined;
    const credential = await runExecPlugin(exec, { ...this.#options, cluster: this.#selection.cluster });
    if (credential.expires !== undefined) {
      // A plug-in with a wrong clock must not make every request run it again.
      this.#goodUntil = Math.max(credential.expires - MARGIN_MS, Date.now() + MARGIN_MS);
    }
    return credential;
  }
}

async function readTokenFile(file: string, token: string | undefined): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (token !== undefined && token !== '') return token;
    throw new WiDoctorError(
      'KUBECONFIG',
      `Cannot read the token file ${file} (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
}

/** The part of a user that the library is to handle by itself. */
function libraryUser(user: UserEntry, ours: boolean): Record<string, unknown> {
  const { exec: _exec, 'auth-provider': _provider, tokenFile: _file, token, ...rest } = user;
  const handled = preferData(preferData({ ...rest }, 'client-certificate'), 'client-key');
  if (ours) return { ...handled, 'auth-provider': { name: OURS } };
  return token === undefined || token === '' ? handled : { ...handled, token: token.trim() };
}

function preferData(entry: Record<string, unknown>, key: string): Record<string, unknown> {
  const data = entry[`${key}-data`];
  if (typeof data === 'string' && data !== '') delete entry[key];
  return entry;
}

function isDirect(agent: Agent): agent is HttpsAgent {
  return agent.constructor === HttpsAgent;
}

/**
 * As many as the first round has reads: with fewer, some would wait a whole round trip longer, which costs more than
 * a handshake wherever the cluster is not on this machine.
 */
const MAX_SOCKETS = 8;

/**
 * The library makes agents that close each connection, and that read all certificates anew for the next one;
 * several reads in a row need connections that stay.
 */
function keptAlive(agent: Agent, context: SecureContext | undefined): Agent {
  Object.assign(agent, { keepAlive: true, maxSockets: MAX_SOCKETS });
  // An agent for a proxy has options of its own, for the connection to the proxy.
  if (context && isDirect(agent)) agent.options.secureContext = context;
  return agent;
}

function headersOf(
  { headers, auth }: RequestOptions,
  user: UserEntry,
): Record<string, string | readonly string[]> {
  const result = Object.assign({}, headers) as Record<string, string | readonly string[]>;
  if (auth !== undefined && auth !== null)
    result['Authorization'] = `Basic ${Buffer.from(auth).toString('base64')}`;
  if (user.as === undefined || user.as === '') return result;
  // The library impersonates the user only.
  if (user['as-uid'] !== undefined) result['Impersonate-Uid'] = user['as-uid'];
  if (user['as-groups'] !== undefined) result['Impersonate-Group'] = user['as-groups'];
  for (const [key, values] of Object.entries(user['as-user-extra'] ?? {})) {
    result[`Impersonate-Extra-${encodeURIComponent(key)}`] = values;
  }
  return result;
}

/** Finds broken certificates and keys here, where their place is known, instead of in the first request. */
async function tlsContext(
  { ca, cert, key }: RequestOptions,
  selection: Selection,
): Promise<SecureContext | undefined> {
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  const { createSecureContext } = await import('node:tls');
  try {
    return createSecureContext({ ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) });
  } catch (error) {
    throw unusable(error, selection);
  }
}

function unusable(error: unknown, { userName, clusterName }: Selection): WiDoctorError {
  if (error instanceof WiDoctorError) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  const what =
    path === undefined
      ? 'is not valid PEM, or certificate and key do not belong together'
      : `${path} cannot be read`;
  const why = code === undefined ? '' : ` (${code})`;
  return new WiDoctorError(
    'KUBECONFIG',
    path === undefined
      ? `A certificate or key of user '${userName}' or cluster '${clusterName}' ${what}${why}.`
      : `The file ${what}${why}; user '${userName}' or cluster '${clusterName}' of the kubeconfig needs it.`,
    { hint: 'Fetch the kubeconfig anew with az aks get-credentials --overwrite-existing.' },
  );
}
