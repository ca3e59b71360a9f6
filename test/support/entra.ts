import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { cloudOf, CLOUDS } from './azure/clouds.ts';
import type { AzureWorld, Cloud } from './azure/world.ts';
import type { Resolver } from './entra/issuer-documents.ts';
import { instanceDiscovery, tenantConfiguration } from './entra/metadata.ts';
import { entraJson, RefusedSignIn, refusalReply } from './entra/refusals.ts';
import { findTenant, type Principal, signIn } from './entra/sign-in.ts';
import type { FaultRule, Reply } from './faults.ts';
import { type LoopbackServer, type Received, startHttpsServer } from './https-server.ts';
import { mintToken } from './mint-token.ts';
import type { HostTarget } from './run-cli.ts';
import { signingKey } from './signing-key.ts';

export type { Principal };

export interface EntraOptions {
  /** Where the issuers are; a host it does not know cannot be reached by Entra. */
  issuers?: Resolver | Record<string, HostTarget>;
  faults?: FaultRule[];
  /** Share of exchanges that are refused with 700213 although all matches, spread evenly. */
  failureRate?: number;
  /** Every token request takes so long. */
  latencyMs?: number;
  now?: () => Date;
}

/** A token request as it was judged; no credential is kept. */
interface SignInAttempt {
  host: string;
  tenant: string;
  clientId: string | null;
  scope: string | null;
  with: 'assertion' | 'secret' | 'nothing';
  /** 0 when a token was issued. */
  code: number;
}

export interface Entra extends LoopbackServer {
  /** Host table for `runCli`: the authority hosts of all clouds. */
  readonly hosts: Record<string, string>;
  readonly attempts: readonly SignInAttempt[];
  readonly requests: readonly { method: string; host: string; path: string }[];
  readonly world: AzureWorld;
  /** Whose token it is; nothing when it was not issued here. */
  principalOf(token: string): Principal | undefined;
  /** A token without signing in, for talking to ARM and Graph of the tests. */
  issue(principal: Principal): string;
}

/** Microsoft Entra: strict about every byte, and silent about why. */
export async function startEntra(world: AzureWorld, options: EntraOptions = {}): Promise<Entra> {
  const attempts: SignInAttempt[] = [];
  const requests: { method: string; host: string; path: string }[] = [];
  const issued = new Map<string, Principal>();
  const resolve = resolverOf(options.issuers ?? {});
  const now = options.now ?? ((): Date => new Date());
  const unlucky = evenly(options.failureRate ?? 0);

  const server = await startHttpsServer({
    now,
    ...(options.faults && { faults: options.faults }),
    received: ({ method, host, path }) => requests.push({ method, host, path }),
    handle: async (request) => {
      try {
        return await answer(request);
      } catch (error) {
        if (error instanceof RefusedSignIn) return refused(error, request);
        throw error;
      }
    },
    describe: (status, { code }, request) => ({
      ...refused(new RefusedSignIn(Number(code ?? (status === 429 ? 90055 : 90033))), request),
      status,
    }),
  });

  async function answer(request: Received): Promise<Reply> {
    const { method, host, path } = request;
    if (path === '/common/discovery/instance') return entraJson(instanceDiscovery(host));
    const [, name = '', rest = ''] = /^\/([^/]*)\/(.*)$/.exec(path) ?? [];
    const tenantName = decodeURIComponent(name);
    if (method === 'GET' && rest === 'v2.0/.well-known/openid-configuration') {
      return entraJson(tenantConfiguration(host, findTenant(world, tenantName, host)));
    }
    if (method === 'GET' && rest === 'discovery/v2.0/keys')
      return entraJson({ keys: [signingKey('entra').jwk] });
    if (method === 'POST' && rest === 'oauth2/v2.0/token') return await token(request, tenantName);
    return { status: 404 };
  }

  async function token(request: Received, tenantName: string): Promise<Reply> {
    if (options.latencyMs) await sleep(options.latencyMs);
    const form = new URLSearchParams(request.body);
    const attempt: SignInAttempt = {
      host: request.host,
      tenant: tenantName,
      clientId: form.get('client_id'),
      scope: form.get('scope'),
      with: form.has('client_assertion') ? 'assertion' : form.has('client_secret') ? 'secret' : 'nothing',
      code: 0,
    };
    attempts.push(attempt);
    try {
      const tenant = findTenant(world, tenantName, request.host);
      const principal = await signIn(tenant, form, { now: now(), resolve, unlucky });
      return entraJson({
        token_type: 'Bearer',
        expires_in: 86_399,
        ext_expires_in: 86_399,
        access_token: issue(principal),
      });
    } catch (error) {
      if (error instanceof RefusedSignIn) attempt.code = error.code;
      throw error;
    }
  }

  function issue(principal: Principal): string {
    const seconds = Math.floor(now().getTime() / 1000);
    const access = mintToken({
      key: signingKey('entra'),
      header: { typ: 'JWT' },
      claims: {
        aud: principal.resource,
        iss: `https://sts.windows.net/${principal.tenantId}/`,
        iat: seconds,
        nbf: seconds,
        exp: seconds + 86_400,
        appid: principal.appId,
        appidacr: '2',
        idtyp: 'app',
        oid: principal.objectId,
        sub: principal.objectId,
        tid: principal.tenantId,
        uti: randomUUID(),
        ver: '1.0',
      },
    });
    issued.set(access, principal);
    return access;
  }

  function refused(refusal: RefusedSignIn, { host, headers }: Received): Reply {
    const correlation = headers['client-request-id'];
    const named = cloudOf(host) === undefined ? 'login.microsoftonline.com' : host;
    return refusalReply(refusal, {
      host: named,
      correlationId: typeof correlation === 'string' ? correlation : undefined,
      now: now(),
    });
  }

  const authorities = (Object.keys(CLOUDS) as Cloud[]).flatMap((cloud) => CLOUDS[cloud].authorities);
  return {
    ...server,
    hosts: Object.fromEntries(authorities.map((host) => [host, server.address])),
    attempts,
    requests,
    world,
    principalOf: (access) => issued.get(access),
    issue,
  };
}

function resolverOf(issuers: NonNullable<EntraOptions['issuers']>): Resolver {
  if (typeof issuers === 'function') return issuers;
  return (host) => {
    const target = issuers[host];
    const address = typeof target === 'string' ? target : target?.connect;
    return address?.includes(':') ? address : undefined;
  };
}

/** True for that share of calls, spread evenly, so that a test can count on it. */
function evenly(share: number): () => boolean {
  let due = 0;
  return () => {
    due += share;
    if (due < 1) return false;
    due -= 1;
    return true;
  };
}
