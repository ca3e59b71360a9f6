import { unknown, type CollectedFacts, type Fact } from '../../facts.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES, resourceOf } from '../../kubernetes/resources.ts';
import type {
  Deployment,
  EndpointSlice,
  Event,
  KubernetesObject,
  MutatingWebhookConfiguration,
  Node,
  OwnerReference,
  Pod,
  ServiceAccount,
} from '../../kubernetes/types.ts';
import { webhookFact } from '../../derive/webhook.ts';
import { workloadFact } from '../../derive/workload.ts';
import { answerFact, listFact } from './answer-fact.ts';
import { pruneObject, pruneSystemObject } from './prune.ts';

type Facts = { readonly [Name in keyof CollectedFacts]?: Fact<CollectedFacts[Name]> };

const SYSTEM_SELECTOR = 'azure-workload-identity.io/system=true';
const CLIENT_ID = 'azure.workload.identity/client-id';
const WEBHOOK_CONFIG = 'azure-wi-webhook-config';

function map<T, U>(fact: Fact<T>, change: (value: T) => U): Fact<U> {
  return fact.state === 'present' ? { ...fact, value: change(fact.value) } : fact;
}

/** A fact that depends on another one which could not be had. */
function because(fact: Fact<unknown>, what: string): Fact<never> {
  if (fact.state === 'unknown') return fact;
  return fact.state === 'absent' ? { state: 'absent', origin: fact.origin } : unknown(`${what} is not known`);
}

/** Webhook and issuer facts that need no pod: one round of independent reads. */
export async function clusterFacts(client: KubernetesClient): Promise<Facts> {
  const [webhooks, deployments, discovery, keys, version] = await Promise.all([
    client.list<MutatingWebhookConfiguration>(pathOf(RESOURCES.mutatingwebhookconfigurations)),
    client.list<Deployment>(pathOf(RESOURCES.deployments), { labelSelector: SYSTEM_SELECTOR }),
    client.get<CollectedFacts['apiServerDiscovery']>('/.well-known/openid-configuration'),
    client.get<CollectedFacts['apiServerKeys']>('/openid/v1/jwks'),
    client.get<{ readonly gitVersion?: string }>('/version'),
  ]);
  return {
    webhookConfigurations: map(listFact(webhooks, 'mutating webhook configurations'), (items) =>
      items.map(pruneObject),
    ),
    webhookDeployments: map(listFact(deployments, 'deployments of the webhook'), (items) =>
      items.map(pruneSystemObject),
    ),
    apiServerDiscovery: answerFact(discovery, '/.well-known/openid-configuration'),
    apiServerKeys: answerFact(keys, '/openid/v1/jwks'),
    apiServerVersion: map(answerFact(version, '/version'), ({ gitVersion }) => gitVersion ?? ''),
  };
}

/** What stands behind the webhook configuration. Rights: list endpointslices, get configmaps in its namespace. */
export async function webhookBackendFacts(client: KubernetesClient, facts: Facts): Promise<Facts> {
  const webhook = webhookFact({ facts, clients: {} });
  if (webhook.state !== 'present') {
    return {
      webhookEndpoints: because(webhook, 'the webhook'),
      webhookConfig: because(webhook, 'the webhook'),
    };
  }
  const { service } = webhook.value;
  if (!service) {
    const outside = unknown('the webhook is not a service of this cluster');
    return { webhookEndpoints: outside, webhookConfig: outside };
  }
  const { namespace, name } = service;
  const [slices, config] = await Promise.all([
    client.list<EndpointSlice>(pathOf(RESOURCES.endpointslices, { namespace }), {
      labelSelector: `kubernetes.io/service-name=${name}`,
    }),
    client.get<CollectedFacts['webhookConfig']>(
      pathOf(RESOURCES.configmaps, { namespace, name: WEBHOOK_CONFIG }),
    ),
  ]);
  return {
    webhookEndpoints: listFact(slices, `endpoint slices of service ${namespace}/${name}`),
    webhookConfig: map(answerFact(config, `config map ${namespace}/${WEBHOOK_CONFIG}`), pruneObject),
  };
}

function ownerOf(object: KubernetesObject): OwnerReference | undefined {
  const owners = object.metadata?.ownerReferences ?? [];
  return owners.find(({ controller }) => controller) ?? owners[0];
}

async function readOwner(
  client: KubernetesClient,
  namespace: string,
  reference: OwnerReference,
): Promise<Fact<KubernetesObject>> {
  const resource = resourceOf(reference.apiVersion, reference.kind);
  const name = reference.name ?? '';
  // A custom controller (an operator's own kind) ends the way up: its pods are its own business.
  if (!resource || name === '')
    return { state: 'absent', origin: `kubernetes: ${reference.kind ?? 'owner'} ${name}` };
  const fact = answerFact(
    await client.get<KubernetesObject>(pathOf(resource, { namespace, name })),
    `${resource.kind} ${namespace}/${name}`,
  );
  return map(fact, (object) => pruneObject({ ...object, kind: resource.kind }));
}

/** The pod's own controller, as a list of one or none. */
async function nearestOwner(
  client: KubernetesClient,
  namespace: string,
  pod: Pod,
): Promise<Fact<readonly KubernetesObject[]>> {
  const reference = ownerOf(pod);
  if (!reference) return { state: 'present', value: [], origin: 'kubernetes: the pod names no owner' };
  const owner = await readOwner(client, namespace, reference);
  if (owner.state === 'absent') return { state: 'present', value: [], origin: owner.origin };
  return map(owner, (object) => [object]);
}

/** Adds the controller above the pod's own; no built-in one stands higher. */
async function ownersAbove(
  client: KubernetesClient,
  namespace: string,
  nearest: Fact<readonly KubernetesObject[]>,
): Promise<Fact<readonly KubernetesObject[]>> {
  const [owner] = nearest.state === 'present' ? nearest.value : [];
  const reference = owner && ownerOf(owner);
  if (!reference) return nearest;
  const above = await readOwner(client, namespace, reference);
  return above.state === 'present' ? map(nearest, (owners) => [...owners, above.value]) : nearest;
}

/** Whether an endpoint slice shows somebody who answers. */
function isReady(slices: Fact<readonly EndpointSlice[]>): boolean {
  return (
    slices.state === 'present' &&
    slices.value.some(({ endpoints }) =>
      (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
    )
  );
}

interface Round {
  readonly client: KubernetesClient;
  readonly namespace: string;
  readonly name: string;
}

/** The second and third round: what the pod and the webhook configuration name. */
async function followUp({ client, namespace }: Round, facts: Facts, pod: Pod): Promise<Facts> {
  const serviceAccountName = pod.spec?.serviceAccountName || pod.spec?.serviceAccount || 'default';
  const nodeName = pod.spec?.nodeName;
  const [serviceAccount, node, backend, owners] = await Promise.all([
    client.get<ServiceAccount>(pathOf(RESOURCES.serviceaccounts, { namespace, name: serviceAccountName })),
    nodeName ? client.get<Node>(pathOf(RESOURCES.nodes, { name: nodeName })) : undefined,
    webhookBackendFacts(client, facts),
    nearestOwner(client, namespace, pod),
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
    ownersAbove(client, namespace, owners),
    lastRound({ client, namespace, name: pod.metadata?.name ?? '' }, second, pod),
  ]);
  return { ...second, owners: allOwners, ...last };
}

const NOT_NEEDED = { state: 'absent', origin: 'not asked for: nothing hangs on it here' } as const;

/** Questions that only arise from what is known by now. */
async function lastRound({ client, namespace, name }: Round, facts: Facts, pod: Pod): Promise<Facts> {
  const workload = workloadFact({ facts, clients: {} });
  const wired = workload.state === 'present' && workload.value.wired;
  const { serviceAccount, webhookEndpoints } = facts;
  const annotated =
    serviceAccount?.state === 'present' && serviceAccount.value.metadata?.annotations?.[CLIENT_ID];
  const asksAccounts = serviceAccount?.state === 'present' && !annotated;
  const asksWebhookPods = !wired && webhookEndpoints !== undefined && !isReady(webhookEndpoints);
  const template = pod.metadata?.labels?.['pod-template-hash'];
  const [accounts, webhookPods, siblings] = await Promise.all([
    asksAccounts ? client.list<ServiceAccount>(pathOf(RESOURCES.serviceaccounts, { namespace })) : undefined,
    asksWebhookPods
      ? client.list<Pod>(pathOf(RESOURCES.pods), { labelSelector: SYSTEM_SELECTOR })
      : undefined,
    template && !(asksAccounts && asksWebhookPods)
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
      : NOT_NEEDED,
  };
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
