import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { authorityPem, type CertificateKind, serverCertificate } from './certificates.ts';
import type { FaultRule, Reply } from './faults.ts';
import { type LoopbackServer, type Received, startHttpsServer } from './https-server.ts';
import { ANONYMOUS, authenticate, impersonated, type User } from './kubernetes/authentication.ts';
import {
  type AllowRule,
  type DenyRule,
  forbidden,
  isAllowed,
  type Policy,
} from './kubernetes/authorization.ts';
import { serveExec } from './kubernetes/exec.ts';
import type { KubernetesObject, StoredObject } from './kubernetes/objects.ts';
import { requestInfo, type RequestInfo } from './kubernetes/request.ts';
import { type LoggedRequest, logged, rounds } from './kubernetes/request-log.ts';
import { type Cluster, route } from './kubernetes/route.ts';
import { failure, notFound, serverTrouble, unauthorized } from './kubernetes/status.ts';
import { Store } from './kubernetes/store.ts';
import type { ClusterWorld } from './kubernetes/world.ts';
import { signingKey } from './signing-key.ts';

export type { ClusterWorld, KubernetesObject, LoggedRequest };

export interface ApiServerOptions {
  faults?: FaultRule[];
  deny?: DenyRule[];
  /** Only this is allowed, as a Role would say it. Left out: all that is not denied. */
  allow?: AllowRule[];
  /** Bearer tokens besides the server's own. */
  users?: Record<string, User>;
  certificate?: CertificateKind;
  /** Every answer takes at least so long, for counting rounds. */
  latencyMs?: number;
  /** Longest lifetime of a requested token, in seconds: a day, as on AKS. */
  maximumTokenSeconds?: number;
  /** How far the server's clock is ahead, in seconds: it dates tokens and answers by it. */
  clockSkewSeconds?: number;
}

/** A cluster as tests see it, whoever serves it: `startApiServer` here, or control-plane.ts. */
export interface ServedCluster extends LoopbackServer {
  /** A token that may do everything, but for what the options of the start refuse. */
  readonly token: string;
  /** Certificate authority, as a kubeconfig carries it. */
  readonly ca: string;
  readonly requests: readonly LoggedRequest[];
  /** Adds or replaces an object while the server runs. */
  patch(object: KubernetesObject): Promise<void>;
  remove(object: KubernetesObject): Promise<void>;
  /** Makes continue tokens that are out there expire: the next page is a 410. */
  compact(): Promise<void>;
  /** Forgets the requests so far. */
  forget(): void;
  /** Round trips of the requests so far. */
  rounds(): number;
}

export interface ApiServer extends ServedCluster {
  /** Refusals, changeable at run time. */
  readonly deny: DenyRule[];
}

/** Bodies above this are compressed for clients that take it, as the real server does. */
const COMPRESSED_FROM = 128 * 1024;

/** A Kubernetes API server that answers from `world` over TLS on a free loopback port. */
export async function startApiServer(
  world: ClusterWorld,
  options: ApiServerOptions = {},
): Promise<ApiServer> {
  const store = new Store(world.objects);
  const token = `test-admin-${randomUUID()}`;
  const admin = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
  const tokens = new Map<string, User>([[token, admin], ...Object.entries(options.users ?? {})]);
  const policy: Policy = { deny: [...(options.deny ?? [])], allow: options.allow };
  const requests: LoggedRequest[] = [];
  const pending = new WeakMap<Received, LoggedRequest>();
  const cluster: Cluster = { store, policy, world, signer: undefined };

  const server = await startHttpsServer({
    certificate: serverCertificate(options.certificate),
    now: () => new Date(Date.now() + (options.clockSkewSeconds ?? 0) * 1000),
    ...(options.faults && { faults: options.faults }),
    received(request) {
      const entry = logged(request, performance.now());
      pending.set(request, entry);
      requests.push(entry);
    },
    async handle(request) {
      const reply = answer(request, cluster, tokens);
      if (options.latencyMs) await sleep(options.latencyMs);
      const entry = pending.get(request);
      if (entry) entry.answered = performance.now();
      return dressed(request, reply);
    },
    describe: (status, { retryAfter, message }, request) => {
      const info = requestInfo(request);
      if (status === 403) return forbidden(authenticate(request, tokens) ?? ANONYMOUS, info);
      if (status === 404 && info.name !== undefined) return notFound(info.resource, info.group, info.name);
      return serverTrouble(status, retryAfter, message);
    },
    upgrade: (request, socket) =>
      upgradeExec(request, cluster, tokens, (pod) => serveExec(pod, world.exec ?? {}, request, socket)),
  });
  cluster.signer = {
    key: world.signingKey ?? signingKey(),
    issuer: world.issuer ?? server.url,
    audience: world.issuer ?? server.url,
    maximumSeconds: options.maximumTokenSeconds ?? 86_400,
    skew: options.clockSkewSeconds ?? 0,
  };
  return {
    ...server,
    token,
    ca: authorityPem(),
    requests,
    deny: policy.deny,
    patch: async (object) => void store.put(object),
    remove: async (object) => void store.remove(object),
    compact: async () => store.compact(),
    forget: () => void requests.splice(0),
    rounds: () => rounds(requests),
  };
}

/** Authentication, impersonation, authorization, then the resource: the real server's order. */
function answer(request: Received, cluster: Cluster, tokens: ReadonlyMap<string, User>): Reply {
  const info = requestInfo(request);
  const checked = admit(request, info, cluster.policy, tokens);
  return 'status' in checked ? checked : route(request, info, checked, cluster);
}

function admit(
  request: Received,
  info: RequestInfo,
  policy: Policy,
  tokens: ReadonlyMap<string, User>,
): User | Reply {
  const user = authenticate(request, tokens);
  if (!user) return unauthorized();
  const other = impersonated(request.headers);
  if (other) {
    const impersonation = {
      ...info,
      verb: 'impersonate',
      resourceRequest: true,
      group: '',
      resource: 'users',
      subresource: '',
      namespace: undefined,
      name: other.name,
    };
    if (!isAllowed(policy, user, impersonation)) return forbidden(user, impersonation);
  }
  const acting = other ?? user;
  return isAllowed(policy, acting, info) ? acting : forbidden(acting, info);
}

function upgradeExec(
  request: Received,
  cluster: Cluster,
  tokens: ReadonlyMap<string, User>,
  serve: (pod: StoredObject) => Reply | undefined,
): Reply | undefined {
  const info = requestInfo(request);
  const checked = admit(request, info, cluster.policy, tokens);
  if ('status' in checked) return checked;
  if (info.resource !== 'pods' || info.subresource !== 'exec') {
    return failure({ code: 400, reason: 'BadRequest', message: 'Upgrade request required' });
  }
  const pod = cluster.store.find('v1', 'Pod', info.namespace, info.name ?? '');
  return pod ? serve(pod) : notFound('pods', '', info.name ?? '');
}

/** The headers every answer carries, and compression of long ones. */
function dressed(request: Received, reply: Reply): Reply {
  const headers: Record<string, string> = {
    'audit-id': randomUUID(),
    'cache-control': 'no-cache, private',
    ...reply.headers,
    ...(reply.status !== 401 && {
      'x-kubernetes-pf-flowschema-uid': '844eeb9e-e2b4-467d-a761-b5db93a51ea8',
      'x-kubernetes-pf-prioritylevel-uid': '4de57af3-842a-42a4-96d9-c878fb89228e',
    }),
  };
  const body = Buffer.from(reply.body ?? '');
  const gzip = (request.headers['accept-encoding'] ?? '').includes('gzip') && body.length > COMPRESSED_FROM;
  return gzip
    ? { ...reply, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body, { level: 1 }) }
    : { ...reply, headers, body };
}
