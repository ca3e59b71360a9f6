import type { TokenCredential } from '@azure/identity';
import { hostsOf, type Cloud } from './clouds.ts';
import { proxyPolicy } from './proxy-policy.ts';
import type { SignInKind } from './seen-sign-ins.ts';
import { withTimeLimit } from '../time-limit.ts';
import { signInFailure, type SignInFailure } from './sign-in-failure.ts';

/** The services that are asked with the caller's sign-in. */
export type Service = 'arm' | 'graph';

/** An access token of the caller. It never leaves `sources/azure`. */
export interface AccessToken {
  readonly kind: 'token';
  readonly token: string;
  /** The tenant it is for, lower case; null when the token does not say. */
  readonly tenantId: string | null;
}

export interface AzureSignIn {
  readonly cloud: Cloud;
  /**
   * A token for one service.
   *
   * @param tenant The tenant to be signed in to; null for the sign-in's own.
   */
  token(service: Service, tenant: string | null): Promise<AccessToken | SignInFailure>;
}

/** Longest wait for one token; `az` alone may take seconds to start. */
const TOKEN_MS = 12_000;
/** The metadata service is next to the machine or not there at all. */
const METADATA_MS = 5_000;
/** The library kills `az`, `pwsh` and `azd` after this long, so that none outlives the run. */
const PROCESS_MS = 10_000;

type Identity = typeof import('@azure/identity');

function credentialOf(
  identity: Identity,
  kind: SignInKind,
  authorityHost: string,
  env: Readonly<Record<string, string | undefined>>,
  onProxyTrouble: (reason: string) => void,
): TokenCredential {
  const shared = {
    authorityHost,
    retryOptions: { maxRetries: 1, maxRetryDelayInMs: 2_000 },
    additionalPolicies: [{ policy: proxyPolicy(env, onProxyTrouble), position: 'perRetry' as const }],
  };
  const tool = { processTimeoutInMs: PROCESS_MS, additionallyAllowedTenants: ['*'] };
  switch (kind) {
    case 'environment':
      return new identity.EnvironmentCredential(shared);
    case 'workload-identity':
      return new identity.WorkloadIdentityCredential(shared);
    case 'managed-identity': {
      const clientId = env['AZURE_CLIENT_ID'] ?? '';
      return clientId === ''
        ? new identity.ManagedIdentityCredential(shared)
        : new identity.ManagedIdentityCredential({ ...shared, clientId });
    }
    case 'azure-cli':
      return new identity.AzureCliCredential(tool);
    case 'azure-powershell':
      return new identity.AzurePowerShellCredential(tool);
    case 'azure-developer-cli':
      return new identity.AzureDeveloperCliCredential(tool);
  }
}

/** The tenant in the claims of an access token, for comparison only: nothing is trusted that rests on it. */
function tenantIn(token: string): string | null {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      tid?: unknown;
    };
    return typeof claims.tid === 'string' ? claims.tid.toLowerCase() : null;
  } catch {
    return null;
  }
}

async function withinLimit<T>(
  work: (signal: AbortSignal) => Promise<T>,
  outer: AbortSignal,
  milliseconds: number,
): Promise<T> {
  const { signal, done } = withTimeLimit(outer, milliseconds);
  // Not every credential heeds the signal, so the wait ends with or without it.
  const late = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new Error('timed out'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work(signal), late]);
  } finally {
    done();
  }
}

/**
 * The caller's own sign-in, limited to the ways that were seen to be there, in the library's own order.
 *
 * `@azure/identity` is loaded here and nowhere else. A token is asked for once per service and tenant.
 *
 * @param env Of the process; the library reads the secrets in it by itself.
 */
export function openSignIn(
  kinds: readonly SignInKind[],
  cloud: Cloud,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): AzureSignIn {
  const hosts = hostsOf(cloud);
  const asksMetadata = kinds.includes('managed-identity');
  let proxyTrouble: string | null = null;
  const onProxyTrouble = (reason: string): void => {
    proxyTrouble = reason;
  };
  const chain = import('@azure/identity').then(
    (identity) =>
      new identity.ChainedTokenCredential(
        ...kinds.map((kind) =>
          credentialOf(identity, kind, `https://${hosts.authority}`, env, onProxyTrouble),
        ),
      ),
  );
  // Whoever asks for a token hears of it; until then it is no unhandled failure.
  chain.catch(() => undefined);
  const tokens = new Map<string, Promise<AccessToken | SignInFailure>>();
  async function ask(service: Service, tenant: string | null): Promise<AccessToken | SignInFailure> {
    const started = performance.now();
    try {
      const credential = await chain;
      const answer = await withinLimit(
        (abortSignal) =>
          credential.getToken(`https://${hosts[service]}/.default`, {
            abortSignal,
            ...(tenant === null ? {} : { tenantId: tenant }),
          }),
        signal,
        asksMetadata ? METADATA_MS : TOKEN_MS,
      );
      return { kind: 'token', token: answer.token, tenantId: tenantIn(answer.token) };
    } catch (error) {
      if (proxyTrouble !== null)
        return { kind: 'failed', reason: proxyTrouble, login: false, answered: false };
      // What a tool leaves behind that was killed does not say so.
      const killed = performance.now() - started >= PROCESS_MS;
      return signInFailure(killed ? new Error('timed out', { cause: error }) : error, asksMetadata);
    }
  }
  return {
    cloud,
    token(service, asked) {
      // A managed identity has one tenant, and the metadata service is not asked twice for the same.
      const tenant = asksMetadata ? null : asked;
      const key = `${service} ${tenant ?? ''}`;
      const known = tokens.get(key) ?? ask(service, tenant);
      tokens.set(key, known);
      return known;
    },
  };
}
