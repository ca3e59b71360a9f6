import type { CollectedFacts } from '../../facts.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { Pod, ServiceAccount } from '../../kubernetes/types.ts';
import { answerFact, listFact, map, NOT_NEEDED, type Facts } from './answer-fact.ts';
import { SYSTEM_SELECTOR, webhookBackendFacts } from './cluster-facts.ts';
import { pruneObject, pruneSystemObject } from './prune.ts';

const NO_POD = { state: 'absent', origin: 'not asked for: the question is about no pod' } as const;
const WITHOUT_POD: Facts = {
  pod: NO_POD,
  owners: NO_POD,
  node: NO_POD,
  siblings: NOT_NEEDED,
  events: NOT_NEEDED,
};

/** A service account without a pod, for consumers that ask for its tokens. Rights: get serviceaccounts, namespaces. */
export async function serviceAccountFacts(
  client: KubernetesClient,
  namespace: string,
  name: string,
  shared: Promise<Facts>,
): Promise<Facts> {
  const [account, space, cluster] = await Promise.all([
    client.get<ServiceAccount>(pathOf(RESOURCES.serviceaccounts, { namespace, name })),
    client.get<CollectedFacts['namespace']>(pathOf(RESOURCES.namespaces, { name: namespace })),
    shared,
  ]);
  return {
    ...cluster,
    ...WITHOUT_POD,
    serviceAccount: map(answerFact(account, `service account ${namespace}/${name}`), pruneObject),
    namespace: map(answerFact(space, `namespace ${namespace}`), pruneObject),
    otherServiceAccounts: NOT_NEEDED,
    webhookPods: NOT_NEEDED,
  };
}

/** Issuer and webhook of a cluster alone. Rights: list pods in all namespaces, and those of the cluster facts. */
export async function wholeClusterFacts(client: KubernetesClient, shared: Promise<Facts>): Promise<Facts> {
  const [pods, cluster] = await Promise.all([
    client.list<Pod>(pathOf(RESOURCES.pods), { labelSelector: SYSTEM_SELECTOR }),
    shared,
  ]);
  const backend = await webhookBackendFacts(client, cluster);
  return {
    ...cluster,
    ...backend,
    ...WITHOUT_POD,
    namespace: NOT_NEEDED,
    serviceAccount: NOT_NEEDED,
    otherServiceAccounts: NOT_NEEDED,
    webhookPods: map(listFact(pods, 'pods of the webhook'), (items) => items.map(pruneSystemObject)),
  };
}
