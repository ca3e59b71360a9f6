import type { CollectedFacts } from '../../facts.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { Event, Pod } from '../../kubernetes/types.ts';
import { answerFact, because, listFact, map, NOT_NEEDED, type Facts } from './answer-fact.ts';
import { webhookBackendFacts } from './cluster-facts.ts';
import { followUp } from './follow-up.ts';
import { pruneObject } from './prune.ts';

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
    client.list<Event>(pathOf(RESOURCES.events, { namespace }), {
      fieldSelector: `involvedObject.name=${name}`,
    }),
    shared,
  ]);
  const pod = map(answerFact(podRead, `pod ${namespace}/${name}`), pruneObject);
  const first: Facts = {
    ...cluster,
    pod,
    namespace: map(answerFact(namespaceRead, `namespace ${namespace}`), pruneObject),
    events: listFact(eventsRead, `events in ${namespace}`),
  };
  if (pod.state === 'present') return followUp({ client, namespace, name }, first, pod.value);
  const missing = because(pod, 'the pod');
  return {
    ...first,
    ...(await webhookBackendFacts(client, first)),
    serviceAccount: missing,
    owners: missing,
    node: missing,
    siblings: NOT_NEEDED,
    otherServiceAccounts: NOT_NEEDED,
    webhookPods: NOT_NEEDED,
  };
}
