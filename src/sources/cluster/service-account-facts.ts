import type { CollectedFacts } from '../../collected-facts.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { refusalKind, type RefusalKind } from '../../derive/refusals.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { Event, Pod, ServiceAccount } from '../../kubernetes/types.ts';
import { answerFact, listFact, map, NOT_NEEDED, type Facts } from './answer-fact.ts';
import { SYSTEM_SELECTOR, webhookBackendFacts } from './cluster-facts.ts';
import { apiGroups, consumerFacts, NO_OPERATORS } from './operators.ts';
import { pruneObject, pruneSystemObject } from './prune.ts';

const NO_POD = { state: 'absent', origin: 'not asked for: the question is about no pod' } as const;
const WITHOUT_POD: Facts = {
  pod: NO_POD,
  owners: NO_POD,
  node: NO_POD,
  siblings: NOT_NEEDED,
  accountPods: NOT_NEEDED,
  events: NOT_NEEDED,
  ...NO_OPERATORS,
};

const WEBHOOK_REFUSALS: readonly RefusalKind[] = [
  'no-endpoints',
  'tls',
  'unreachable',
  'cannot-read-service-account',
];

/** A service account without a pod, for consumers that ask for its tokens. Rights: get serviceaccounts, namespaces. */
export async function serviceAccountFacts(
  client: KubernetesClient,
  namespace: string,
  name: string,
  shared: Promise<Facts>,
): Promise<Facts> {
  const groups = apiGroups(client);
  const [account, space, consumers, cluster] = await Promise.all([
    client.get<ServiceAccount>(pathOf(RESOURCES.serviceaccounts, { namespace, name })),
    client.get<CollectedFacts['namespace']>(pathOf(RESOURCES.namespaces, { name: namespace })),
    groups.then((known) => consumerFacts(client, namespace, known)),
    shared,
  ]);
  return {
    ...cluster,
    ...WITHOUT_POD,
    ...consumers,
    serviceAccount: map(answerFact(account, `service account ${namespace}/${name}`), pruneObject),
    namespace: map(answerFact(space, `namespace ${namespace}`), pruneObject),
    otherServiceAccounts: NOT_NEEDED,
    webhookPods: NOT_NEEDED,
  };
}

/** Whether an event tells of the webhook itself, not of the pod that it refused. */
function isOfWebhook({ message = '' }: Event): boolean {
  return /azure-workload-identity/.test(message) && WEBHOOK_REFUSALS.includes(refusalKind(message));
}

/** Issuer and webhook of a cluster alone, and the pods in all namespaces that were refused on their account. */
export async function wholeClusterFacts(client: KubernetesClient, shared: Promise<Facts>): Promise<Facts> {
  const [groups, pods, events, cluster] = await Promise.all([
    apiGroups(client),
    client.list<Pod>(pathOf(RESOURCES.pods), { labelSelector: SYSTEM_SELECTOR }),
    client.list<Event>(pathOf(RESOURCES.events), { fieldSelector: 'reason=FailedCreate' }),
    shared,
  ]);
  const backend = await webhookBackendFacts(client, cluster);
  return {
    ...cluster,
    ...backend,
    ...WITHOUT_POD,
    apiGroups: groups,
    events: map(listFact(events, 'refused pods'), (items) => items.filter(isOfWebhook)),
    namespace: NOT_NEEDED,
    serviceAccount: NOT_NEEDED,
    otherServiceAccounts: NOT_NEEDED,
    webhookPods: map(listFact(pods, 'pods of the webhook'), (items) => items.map(pruneSystemObject)),
  };
}
