import type { Fact } from '../../facts.ts';
import { workloadFact } from '../../derive/workload.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { EndpointSlice, Node, Pod, ServiceAccount } from '../../kubernetes/types.ts';
import { answerFact, listFact, map, NOT_NEEDED, type Facts } from './answer-fact.ts';
import { SYSTEM_SELECTOR, webhookBackendFacts } from './cluster-facts.ts';
import { nearestOwner, ownersAbove } from './controllers.ts';
import { pruneObject } from './prune.ts';

const CLIENT_ID = 'azure.workload.identity/client-id';

/** Whether an endpoint slice shows somebody who answers. */
function isReady(slices: Fact<readonly EndpointSlice[]>): boolean {
  return (
    slices.state === 'present' &&
    slices.value.some(({ endpoints }) =>
      (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
    )
  );
}

export interface Round {
  readonly client: KubernetesClient;
  readonly namespace: string;
  readonly name: string;
}

/**
 * The second and third round: what the pod and the webhook configuration name.
 *
 * @param facts What is known by now; controllers and replicas that are among it are not asked for again.
 */
export async function followUp(round: Round, facts: Facts, pod: Pod): Promise<Facts> {
  const { client, namespace } = round;
  const serviceAccountName = pod.spec?.serviceAccountName || pod.spec?.serviceAccount || 'default';
  const nodeName = pod.spec?.nodeName;
  const [serviceAccount, node, backend, owners] = await Promise.all([
    client.get<ServiceAccount>(pathOf(RESOURCES.serviceaccounts, { namespace, name: serviceAccountName })),
    nodeName ? client.get<Node>(pathOf(RESOURCES.nodes, { name: nodeName })) : undefined,
    webhookBackendFacts(client, facts),
    facts.owners ?? nearestOwner(client, namespace, pod),
  ]);
  const second: Facts = {
    ...facts,
    ...backend,
    serviceAccount: map(
      answerFact(serviceAccount, `service account ${namespace}/${serviceAccountName}`),
      pruneObject,
    ),
    node: node
      ? map(answerFact(node, `node ${nodeName}`), pruneObject)
      : { state: 'absent', origin: 'kubernetes: the pod is on no node yet' },
    owners,
  };
  const [allOwners, last] = await Promise.all([
    facts.owners ?? ownersAbove(client, namespace, owners),
    lastRound({ ...round, name: pod.metadata?.name ?? '' }, second, pod),
  ]);
  return { ...second, owners: allOwners, ...last };
}

/** Questions that only arise from what is known by now. */
async function lastRound({ client, namespace, name }: Round, facts: Facts, pod: Pod): Promise<Facts> {
  const workload = workloadFact({ facts, clients: {} });
  const wired = workload.state === 'present' && workload.value.wired;
  const { serviceAccount, webhookEndpoints } = facts;
  const annotated =
    serviceAccount?.state === 'present' && serviceAccount.value.metadata?.annotations?.[CLIENT_ID];
  const template = pod.metadata?.labels?.['pod-template-hash'];
  const stuck = !wired && webhookEndpoints !== undefined && !isReady(webhookEndpoints);
  // Two more requests keep a run within its sixteen: those that explain most go first.
  const asked = [
    ...(serviceAccount?.state === 'present' && !annotated ? ['accounts'] : []),
    ...(stuck ? ['webhookPods'] : []),
    ...(template && !facts.siblings ? ['siblings'] : []),
    ...(stuck ? [] : ['webhookPods']),
  ].slice(0, 2);
  const [accounts, webhookPods, siblings] = await Promise.all([
    asked.includes('accounts')
      ? client.list<ServiceAccount>(pathOf(RESOURCES.serviceaccounts, { namespace }))
      : undefined,
    asked.includes('webhookPods')
      ? client.list<Pod>(pathOf(RESOURCES.pods), { labelSelector: SYSTEM_SELECTOR })
      : undefined,
    asked.includes('siblings')
      ? client.list<Pod>(pathOf(RESOURCES.pods, { namespace }), {
          labelSelector: `pod-template-hash=${template}`,
        })
      : undefined,
  ]);
  const own = pod.spec?.serviceAccountName ?? 'default';
  return {
    otherServiceAccounts: accounts
      ? map(listFact(accounts, `service accounts in ${namespace}`), (items) =>
          items.filter(({ metadata }) => metadata?.name !== own).map(pruneObject),
        )
      : NOT_NEEDED,
    webhookPods: webhookPods
      ? map(listFact(webhookPods, 'pods of the webhook'), (items) => items.map(pruneObject))
      : NOT_NEEDED,
    siblings: siblings
      ? map(listFact(siblings, `pods in ${namespace}`), (items) =>
          items.filter(({ metadata }) => metadata?.name !== name).map(pruneObject),
        )
      : (facts.siblings ?? NOT_NEEDED),
  };
}
