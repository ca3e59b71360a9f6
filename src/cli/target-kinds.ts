import type { Check } from '../define-check.ts';
import type { Look } from '../collect.ts';
import { RESOURCES, type ResourceName, type ResourceRef } from '../kubernetes/resources.ts';

/** One kind of thing that can be diagnosed. */
export interface TargetKind {
  /** `Pod`, `Deployment`, …; `Cluster` for the cluster as a whole. */
  readonly kind: string;
  /** Null for the cluster as a whole. */
  readonly ref: ResourceRef | null;
  /** Layers of checks that can be asked about it; null for all. */
  readonly layers: readonly string[] | null;
  readonly look: () => Promise<Look>;
}

const CONTROLLERS: readonly ResourceName[] = [
  'deployments',
  'statefulsets',
  'daemonsets',
  'replicasets',
  'jobs',
  'cronjobs',
];

const SERVICE_ACCOUNT_LAYERS = [
  'service-account',
  'token',
  'issuer',
  'federated-credential',
  'identity',
  'exchange',
  'operator',
];
const CLUSTER_LAYERS = ['cluster', 'webhook', 'issuer'];

async function lookAtPod(): Promise<Look> {
  const { podFacts } = await import('../sources/cluster/pod-facts.ts');
  return (client, { namespace, name }, shared) => podFacts(client, namespace, name, shared);
}

function lookAtController(ref: ResourceRef): () => Promise<Look> {
  return async () => {
    const { ownerFacts } = await import('../sources/cluster/owner-facts.ts');
    return (client, { namespace, name }, shared) =>
      ownerFacts({ client, namespace, name, limit: Number.POSITIVE_INFINITY }, ref, shared);
  };
}

async function lookAtServiceAccount(): Promise<Look> {
  const { serviceAccountFacts } = await import('../sources/cluster/service-account-facts.ts');
  return (client, { namespace, name }, shared) => serviceAccountFacts(client, namespace, name, shared);
}

async function lookAtCluster(): Promise<Look> {
  const { wholeClusterFacts } = await import('../sources/cluster/service-account-facts.ts');
  return (client, _target, shared) => wholeClusterFacts(client, shared);
}

/** The cluster as a whole: issuer, webhook, add-on. */
export const CLUSTER: TargetKind = {
  kind: 'Cluster',
  ref: null,
  layers: CLUSTER_LAYERS,
  look: lookAtCluster,
};

/** What can be done with a resource; undefined for one that runs no pods and has no identity. */
export function targetKindOf(ref: ResourceRef): TargetKind | undefined {
  const { kind } = ref;
  if (ref === RESOURCES.pods) return { kind, ref, layers: null, look: lookAtPod };
  if (ref === RESOURCES.serviceaccounts)
    return { kind, ref, layers: SERVICE_ACCOUNT_LAYERS, look: lookAtServiceAccount };
  return CONTROLLERS.some((name) => RESOURCES[name] === ref)
    ? { kind, ref, layers: null, look: lookAtController(ref) }
    : undefined;
}

/** The checks that can be asked about a kind of target. */
export function checksFor({ layers }: TargetKind, checks: readonly Check[]): readonly Check[] {
  return layers === null ? checks : checks.filter(({ id }) => layers.includes(id.split('/')[0] ?? ''));
}
