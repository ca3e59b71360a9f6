import { authorityPem } from './certificates.ts';
import type { ApiServerOptions, ServedCluster } from './api-server.ts';
import { type Assets, ASSETS } from './control-plane/assets.ts';
import { endOf, requestsIn } from './control-plane/audit-log.ts';
import type { ServerConfig } from './control-plane/kube-apiserver.ts';
import { giveBack, takePlane } from './control-plane/pool.ts';
import { allBut, rolesOf } from './control-plane/roles.ts';
import type { AllowRule } from './kubernetes/authorization.ts';
import type { Faults } from './faults.ts';
import { rounds } from './kubernetes/request-log.ts';
import { type ClusterWorld, openidConfiguration } from './kubernetes/world.ts';
import { type SigningKey, signingKey, signingKeyById } from './signing-key.ts';

export { ASSETS, knowsSidecars } from './control-plane/assets.ts';

/** Where nothing else is said: a real server needs an issuer when it starts. */
const ISSUER = 'https://kubernetes.default.svc.cluster.local';

type Realizable = Pick<ApiServerOptions, 'deny' | 'allow' | 'users'>;

/** Why a real control plane cannot be such a cluster; null when it can. */
export function whyNotReal(world: ClusterWorld, options: ApiServerOptions): string | null {
  const { deny: _deny, allow: _allow, users: _users, ...others } = options;
  const [unusual] = Object.entries(others).filter(([, value]) => value !== undefined);
  if (unusual) return UNUSUAL[unusual[0] as keyof typeof others] ?? `${unusual[0]} is set`;
  if (world.exec || Object.keys(world.logs ?? {}).length > 0) return 'logs and exec need a kubelet';
  const { issuer, jwks_uri: jwksUri } = documentOf(world);
  for (const url of [issuer, jwksUri]) {
    if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
      return 'a real server does not publish an issuer that is no https URL';
    }
  }
  if (keysOf(world) === null) return 'the keys that are published are nobody’s own';
  return null;
}

const UNUSUAL: Readonly<Partial<Record<keyof ApiServerOptions, string>>> = {
  faults: 'faults are injected',
  certificate: 'its certificate is a bad one',
  latencyMs: 'answers are slowed down to tell rounds apart',
  clockSkewSeconds: 'its clock is wrong',
  maximumTokenSeconds: 'the longest lifetime of tokens is set',
};

interface Document {
  readonly issuer: string;
  readonly jwks_uri: string;
}

function documentOf({ issuer = ISSUER, openidConfiguration: stated }: ClusterWorld): Document {
  return { ...openidConfiguration(issuer), ...stated } as Document;
}

/** The keys of the cluster, the one that signs first; null when one of them cannot sign anything. */
function keysOf({ jwks, signingKey: signer = signingKey() }: ClusterWorld): SigningKey[] | null {
  if (!jwks) return [signer];
  const { keys = [] } = jwks as { keys?: readonly { kid?: string; n?: string }[] };
  const known = keys.map(({ kid = '', n }) => {
    const key = signingKeyById(kid);
    return key?.jwk.n === n ? key : undefined;
  });
  if (known.length === 0 || known.includes(undefined)) return null;
  const all = known as SigningKey[];
  return [...all.filter(({ kid }) => kid === signer.kid), ...all.filter(({ kid }) => kid !== signer.kid)];
}

function configOf(world: ClusterWorld, { users = {} }: Realizable): ServerConfig {
  const { issuer, jwks_uri: jwksUri } = documentOf(world);
  return { issuer, jwksUri, keys: keysOf(world) ?? [], users };
}

/** The rules by which the test's user may do what the fake server would let them do; null for everything. */
function rulesOf({ objects }: ClusterWorld, { allow, deny = [] }: Realizable): AllowRule[] | null {
  if (allow) return allow;
  return deny.length === 0 ? null : allBut(deny, objects);
}

/**
 * A cluster on a real kube-apiserver and etcd, from the folder that KUBEBUILDER_ASSETS names. It is the caller's
 * alone until it is closed.
 */
export async function startControlPlane(world: ClusterWorld, options: Realizable): Promise<ServedCluster> {
  const plane = await takePlane(ASSETS as Assets, configOf(world, options));
  try {
    await plane.world.load(world.objects);
    const rules = rulesOf(world, options);
    const user = plane.user(rules ? 'others' : 'admins');
    const named = Object.values(options.users ?? {}).map(({ name }) => [name, EVERYTHING] as const);
    for (const [name, given] of [...(rules ? [[user.name, rules] as const] : []), ...named]) {
      const { objects, scopes } = rolesOf(name, given);
      await plane.world.put(...objects);
      for (const namespace of scopes) await plane.inForce(name, namespace);
    }
    let start = endOf(plane.auditLog);
    let open = true;
    const { port, url, auditLog } = plane;
    return {
      port,
      url,
      address: `127.0.0.1:${port}`,
      token: user.token,
      ca: authorityPem(),
      get faults(): Faults {
        throw new Error('a real server has no faults of the tests: say `ours` at its start');
      },
      get requests() {
        return requestsIn(auditLog, start, user.name);
      },
      patch: (object) => plane.world.put(object),
      remove: (object) => plane.world.remove(object),
      compact: () => plane.compact(),
      forget: () => void (start = endOf(auditLog)),
      rounds: () => rounds(requestsIn(auditLog, start, user.name)),
      async close() {
        if (!open) return;
        open = false;
        await plane.world.clear();
        giveBack(plane);
      },
    };
  } catch (error) {
    giveBack(plane);
    throw error;
  }
}

const EVERYTHING: AllowRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];
