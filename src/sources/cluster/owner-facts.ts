import type { Fact } from '../../fact.ts';
import type { CollectedFacts } from '../../collected-facts.ts';
import { templateOf } from '../../derive/controller.ts';
import { selectorText } from '../../derive/selector.ts';
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
import { ownersAbove } from './controllers.ts';
import { followUp, type Round } from './follow-up.ts';
import { pruneObject } from './prune.ts';

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

/** Pods that a selector matches, newest first; a pod that is being deleted does not count. */
async function podsMatching(
  { client, namespace }: Round,
  selector: LabelSelector | undefined,
): Promise<Fact<readonly Pod[]>> {
  const labelSelector = selectorText(selector);
  const list = await client.list<Pod>(
    pathOf(RESOURCES.pods, { namespace }),
    labelSelector === '' ? {} : { labelSelector },
  );
  return map(listFact(list, `pods in ${namespace}`), (items) =>
    items
      .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
      .map(pruneObject)
      .toSorted(byAge),
  );
}

interface Below {
  readonly between: Fact<readonly KubernetesObject[]>;
  readonly pods: Fact<readonly Pod[]>;
}

/** What a controller has made. */
async function belowOf(round: Round, owner: KubernetesObject): Promise<Below> {
  const { selector } = (owner as { spec?: WorkloadSpec }).spec ?? {};
  // A CronJob has no selector: its youngest job has one.
  const [between, matching] = await Promise.all([
    betweenOf(round, owner),
    owner.kind === 'CronJob' ? undefined : podsMatching(round, selector),
  ]);
  if (between.state !== 'present') return { between, pods: between };
  const [youngest] = between.value as readonly Job[];
  const pods = matching ?? (youngest && (await podsMatching(round, youngest.spec?.selector)));
  if (!pods) return { between, pods: { state: 'present', value: [], origin: 'kubernetes: no job yet' } };
  const uids = new Set([owner, ...between.value].map(({ metadata }) => metadata?.uid));
  return { between, pods: map(pods, (items) => items.filter((item) => isControlledBy(item, uids))) };
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
  const followed = await followUp(round, { ...facts, siblings: NOT_NEEDED }, template);
  return {
    ...followed,
    template: {
      state: 'present',
      value: template,
      origin: `kubernetes: ${owner.kind} ${round.namespace}/${round.name}`,
    },
    node: NOT_NEEDED,
  };
}

/**
 * The pod that stands for a controller: the newest. A CronJob's only while it runs, because nothing mends a
 * finished pod and the next run starts from the template, as far as the webhook can be seen.
 */
function representative(owner: KubernetesObject, { pods }: Below, facts: Facts): Pod | undefined {
  const [newest] = pods.state === 'present' ? pods.value : [];
  const over = newest?.status?.phase === 'Succeeded' || newest?.status?.phase === 'Failed';
  const foreseen = facts.webhookConfigurations?.state === 'present';
  return owner.kind === 'CronJob' && over && foreseen ? undefined : newest;
}

function isMadeBy(pod: Pod, owner: KubernetesObject): boolean {
  return isControlledBy(pod, new Set([owner.metadata?.uid]));
}

function namesOf(objects: Fact<readonly KubernetesObject[]>): (string | undefined)[] {
  return objects.state === 'present' ? objects.value.map(({ metadata }) => metadata?.name) : [];
}

/**
 * Everything a cluster tells about one controller: its newest pod with all others as siblings, or without any
 * pod its template and why none was created.
 *
 * @param shared The cluster facts, already under way.
 * @returns `owners` is absent when there is no such controller.
 */
export async function ownerFacts(round: Round, ref: ResourceRef, shared: Promise<Facts>): Promise<Facts> {
  const { client, namespace, name } = round;
  const [ownerRead, namespaceRead, eventsRead, cluster] = await Promise.all([
    client.get<KubernetesObject>(pathOf(ref, { namespace, name })),
    client.get<CollectedFacts['namespace']>(pathOf(RESOURCES.namespaces, { name: namespace })),
    client.list<Event>(pathOf(RESOURCES.events, { namespace }), { fieldSelector: 'type=Warning' }),
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
  const [below, above] = await Promise.all([
    belowOf(round, owner.value),
    ownersAbove(client, namespace, { ...owner, value: [owner.value] }),
  ]);
  const { between, pods } = below;
  const names = [name, ...namesOf(between), ...namesOf(pods)];
  const events = map(listFact(eventsRead, `events in ${namespace}`), (items) => eventsAbout(items, names));
  const known: Facts = { ...first, events };
  const pod = representative(owner.value, below, known);
  if (!pod) {
    const followed = await withoutPods(round, { ...known, owners: above }, owner.value);
    return { ...followed, pod: pods.state === 'unknown' ? pods : NO_POD };
  }
  const makers = between.state === 'present' ? between.value.filter((one) => isMadeBy(pod, one)) : [];
  const owners = map(above, (objects) => [...makers, ...objects]);
  const others = map(pods, (items) => items.filter((item) => item !== pod));
  const followed = await followUp(round, { ...known, owners, siblings: others }, pod);
  const origin = `kubernetes: pod ${namespace}/${pod.metadata?.name ?? ''}`;
  return { ...followed, pod: { state: 'present', value: pod, origin } };
}
