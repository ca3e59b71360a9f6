import { unknown, type Fact } from '../../fact.ts';
import type { CollectedFacts } from '../../collected-facts.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { Event, Pod } from '../../kubernetes/types.ts';
import { answerFact, because, listFact, map, NOT_NEEDED, type Facts } from './answer-fact.ts';
import { webhookBackendFacts } from './cluster-facts.ts';
import { followUp } from './follow-up.ts';
import { NO_OPERATORS } from './operators.ts';
import { pruneObject } from './prune.ts';

/** So many requests a run may make, and so many its first round does make, those of the cluster included. */
const MOST_REQUESTS = 16;
const FIRST_ROUND = 8;

/** The events about a pod and its controllers, out of all that the namespace has. */
function eventsAbout({ events, owners }: Facts, pod: Pod): Fact<readonly Event[]> {
  const names = new Set([
    pod.metadata?.name,
    ...(pod.metadata?.ownerReferences ?? []).map(({ name }) => name),
    ...(owners?.state === 'present' ? owners.value : []).map(({ metadata }) => metadata?.name),
  ]);
  return map(events ?? unknown('events were not collected'), (items) =>
    items.filter(({ involvedObject }) => names.has(involvedObject?.name)),
  );
}

/**
 * Everything a cluster tells about one pod, in at most three rounds of parallel reads and at most 16 requests.
 *
 * Rights: get pods, namespaces, serviceaccounts, nodes, the pod's controllers; list events, serviceaccounts and
 * pods in the namespace, deployments, pods and mutatingwebhookconfigurations; the webhook's endpointslices and
 * configmap; the non-resource URLs of the issuer. Each one that is missing makes its fact unknown.
 *
 * @param shared The cluster facts, already under way.
 */
export async function podFacts(
  client: KubernetesClient,
  namespace: string,
  name: string,
  shared: Promise<Facts>,
): Promise<Facts> {
  const podAnswer = client.get<Pod>(pathOf(RESOURCES.pods, { namespace, name }));
  const [podRead, namespaceRead, eventsRead, cluster] = await Promise.all([
    podAnswer,
    client.get<CollectedFacts['namespace']>(pathOf(RESOURCES.namespaces, { name: namespace })),
    // Whose events matter is only known later: a pod that could not be created has none of its own.
    client.list<Event>(pathOf(RESOURCES.events, { namespace }), { fieldSelector: 'type=Warning' }),
    shared,
  ]);
  const pod = map(answerFact(podRead, `pod ${namespace}/${name}`), pruneObject);
  const first: Facts = {
    ...cluster,
    pod,
    namespace: map(answerFact(namespaceRead, `namespace ${namespace}`), pruneObject),
    events: listFact(eventsRead, `events in ${namespace}`),
  };
  if (pod.state === 'present') {
    const all = await followUp(
      { client, namespace, name, limit: MOST_REQUESTS - FIRST_ROUND },
      first,
      pod.value,
    );
    return { ...all, events: eventsAbout(all, pod.value) };
  }
  const missing = because(pod, 'the pod');
  return {
    ...first,
    ...(await webhookBackendFacts(client, first)),
    ...NO_OPERATORS,
    serviceAccount: missing,
    owners: missing,
    node: missing,
    siblings: NOT_NEEDED,
    accountPods: NOT_NEEDED,
    otherServiceAccounts: NOT_NEEDED,
    webhookPods: NOT_NEEDED,
  };
}
