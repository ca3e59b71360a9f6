import type { CollectedFacts, Fact } from '../../facts.ts';
import { templateOf } from '../../derive/controller.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { apiVersionOf, pathOf, RESOURCES, type ResourceRef } from '../../kubernetes/resources.ts';
import type {
  Event,
  Job,
  KubernetesObject,
  LabelSelector,
  Pod,
  WorkloadSpec,
} from '../../kubernetes/types.ts';
import { answerFact, listFact, map, NOT_NEEDED, type Facts } from './answer-fact.ts';
import { followUp } from './follow-up.ts';
import { pruneObject } from './prune.ts';

interface Round {
  readonly client: KubernetesClient;
  readonly namespace: string;
  readonly name: string;
}

/** kubectl's notation of a selector. */
function selectorText(selector: LabelSelector | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...labels, ...expressions].join(',');
}

function isControlledBy(object: KubernetesObject, owners: ReadonlySet<string | undefined>): boolean {
  return (object.metadata?.ownerReferences ?? []).some(({ uid }) => owners.has(uid));
}

function byAge(a: KubernetesObject, b: KubernetesObject): number {
  return (b.metadata?.creationTimestamp ?? '').localeCompare(a.metadata?.creationTimestamp ?? '');
}

/** Controllers between the named one and its pods: ReplicaSets of a Deployment, Jobs of a CronJob. */
async function betweenOf(
  { client, namespace }: Round,
  owner: KubernetesObject,
): Promise<Fact<readonly KubernetesObject[]>> {
  const uids = new Set([owner.metadata?.uid]);
  if (owner.kind !== 'Deployment' && owner.kind !== 'CronJob')
    return { state: 'present', value: [], origin: 'kubernetes: none' };
  const ref = owner.kind === 'Deployment' ? RESOURCES.replicasets : RESOURCES.jobs;
  const labelSelector =
    owner.kind === 'Deployment' ? selectorText((owner as { spec?: WorkloadSpec }).spec?.selector) : '';
  const list = await client.list<KubernetesObject>(
    pathOf(ref, { namespace }),
    labelSelector === '' ? {} : { labelSelector },
  );
  return map(listFact(list, `${ref.resource} in ${namespace}`), (items) =>
    items
      .filter((item) => isControlledBy(item, uids))
      .map((item) => pruneObject({ ...item, apiVersion: apiVersionOf(ref), kind: ref.kind }))
      .toSorted(byAge),
  );
}

/** Pods of a controller, newest first; a pod that is being deleted does not count. */
async function podsOf(
  { client, namespace }: Round,
  owner: KubernetesObject,
  between: readonly KubernetesObject[],
): Promise<Fact<readonly Pod[]>> {
  const own = owner as { spec?: WorkloadSpec };
  const selector =
    owner.kind === 'CronJob' ? (between[0] as Job | undefined)?.spec?.selector : own.spec?.selector;
  if (owner.kind === 'CronJob' && between.length === 0)
    return { state: 'present', value: [], origin: 'kubernetes: no job yet' };
  const labelSelector = selectorText(selector);
  const list = await client.list<Pod>(
    pathOf(RESOURCES.pods, { namespace }),
    labelSelector === '' ? {} : { labelSelector },
  );
  const uids = new Set([owner.metadata?.uid, ...between.map(({ metadata }) => metadata?.uid)]);
  return map(listFact(list, `pods in ${namespace}`), (items) =>
    items
      .filter((item) => isControlledBy(item, uids) && item.metadata?.deletionTimestamp === undefined)
      .map(pruneObject)
      .toSorted(byAge),
  );
}

/** The template of a controller as a pod that has not been admitted yet. */
function podFromTemplate(owner: KubernetesObject, namespace: string): Pod {
  const { metadata = {}, spec = {} } = templateOf(owner) ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, namespace, name: owner.metadata?.name ?? '' },
    spec,
  };
}

function eventsAbout(events: readonly Event[], names: readonly (string | undefined)[]): Event[] {
  return events.filter(({ involvedObject }) => names.includes(involvedObject?.name));
}

const NO_POD = { state: 'absent', origin: 'kubernetes: the controller has no pod' } as const;

/** What a controller without pods shows: its template, judged as the pod it would make. */
async function withoutPods(round: Round, facts: Facts, owner: KubernetesObject): Promise<Facts> {
  const template = podFromTemplate(owner, round.namespace);
  const followed = await followUp(round, facts, template);
  return {
    ...followed,
    pod: NO_POD,
    template: {
      state: 'present',
      value: template,
      origin: `kubernetes: ${owner.kind} ${round.namespace}/${round.name}`,
    },
    node: NOT_NEEDED,
    siblings: NOT_NEEDED,
  };
}

/**
 * Everything a cluster tells about one controller: its newest pod with all others as siblings, or without any
 * pod its template and why none was created.
 *
 * Rights: as for a pod, and get and list on the controller's kind and those below it.
 *
 * @param shared The cluster facts, already under way.
 * @returns `owners` is absent when there is no such controller.
 */
export async function ownerFacts(round: Round, ref: ResourceRef, shared: Promise<Facts>): Promise<Facts> {
  const { client, namespace, name } = round;
  const [ownerRead, namespaceRead, eventsRead, cluster] = await Promise.all([
    client.get<KubernetesObject>(pathOf(ref, { namespace, name })),
    client.get<CollectedFacts['namespace']>(pathOf(RESOURCES.namespaces, { name: namespace })),
    client.list<Event>(pathOf(RESOURCES.events, { namespace })),
    shared,
  ]);
  const owner = map(answerFact(ownerRead, `${ref.kind} ${namespace}/${name}`), (object) =>
    pruneObject({ ...object, apiVersion: apiVersionOf(ref), kind: ref.kind }),
  );
  const first: Facts = {
    ...cluster,
    namespace: map(answerFact(namespaceRead, `namespace ${namespace}`), pruneObject),
  };
  if (owner.state !== 'present') return { ...first, pod: owner, owners: owner };
  const between = await betweenOf(round, owner.value);
  const below = between.state === 'present' ? between.value : [];
  const pods = between.state === 'unknown' ? between : await podsOf(round, owner.value, below);
  const names = [
    name,
    ...below.map(({ metadata }) => metadata?.name),
    ...(pods.state === 'present' ? pods.value.map(({ metadata }) => metadata?.name) : []),
  ];
  const events = map(listFact(eventsRead, `events in ${namespace}`), (items) => eventsAbout(items, names));
  const known: Facts = { ...first, events };
  const owners: Fact<readonly KubernetesObject[]> = { ...owner, value: [...below.slice(0, 1), owner.value] };
  if (pods.state !== 'present')
    return { ...(await withoutPods(round, known, owner.value)), pod: pods, owners };
  const [newest, ...others] = pods.value;
  if (!newest) return { ...(await withoutPods(round, known, owner.value)), owners };
  const followed = await followUp({ ...round, name: newest.metadata?.name ?? '' }, known, newest);
  return {
    ...followed,
    pod: {
      state: 'present',
      value: newest,
      origin: `kubernetes: pod ${namespace}/${newest.metadata?.name ?? ''}`,
    },
    siblings: { ...pods, value: others },
  };
}
