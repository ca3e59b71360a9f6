import { annotationOf, CLIENT_ID_KEY } from '../../derive/annotation-keys.ts';
import { unknown, type Fact } from '../../fact.ts';
import { isKedaOperator } from '../../derive/consumers.ts';
import { workloadFact } from '../../derive/workload.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { EndpointSlice, Node, Pod, ServiceAccount } from '../../kubernetes/types.ts';
import { answerFact, listFact, map, NOT_NEEDED, type Facts } from './answer-fact.ts';
import { asksForBinding, bindingRules } from './binding-rules.ts';
import { SYSTEM_SELECTOR, webhookBackendFacts } from './cluster-facts.ts';
import { nearestOwner, ownerOf, ownersAbove } from './controllers.ts';
import {
  apiGroups,
  authenticationQuestions,
  isBare,
  mountsSecrets,
  NO_OPERATORS,
  operatorQuestions,
  secretsStoreFacts,
  type Question,
} from './operators.ts';
import { pruneObject } from './prune.ts';

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
  /** The most requests of the second and third round together. */
  readonly limit: number;
}

/** What lies behind the webhook, or for a pod that has nothing to do with it who else may sign in. */
async function behindFacts({ client, namespace }: Round, facts: Facts, pod: Pod): Promise<Facts> {
  const [backend, store, groups] = await Promise.all([
    isBare(pod) && !mountsSecrets(pod) ? {} : webhookBackendFacts(client, facts),
    secretsStoreFacts(client, namespace, pod),
    isBare(pod) && !mountsSecrets(pod) ? apiGroups(client) : undefined,
  ]);
  return { ...backend, ...store, ...(groups ? { apiGroups: groups } : {}) };
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
  const [serviceAccount, node, owners, behind] = await Promise.all([
    client.get<ServiceAccount>(pathOf(RESOURCES.serviceaccounts, { namespace, name: serviceAccountName })),
    nodeName ? client.get<Node>(pathOf(RESOURCES.nodes, { name: nodeName })) : undefined,
    facts.owners ?? nearestOwner(client, namespace, pod),
    behindFacts(round, facts, pod),
  ]);
  const second: Facts = {
    ...NO_OPERATORS,
    ...facts,
    ...behind,
    serviceAccount: map(
      answerFact(serviceAccount, `service account ${namespace}/${serviceAccountName}`),
      pruneObject,
    ),
    node: node
      ? map(answerFact(node, `node ${nodeName}`), pruneObject)
      : { state: 'absent', origin: 'kubernetes: the pod is on no node yet' },
    owners,
  };
  const own = facts.owners ? [] : (pod.metadata?.ownerReferences ?? []).slice(0, 1);
  const above = owners.state === 'present' && owners.value[0] && ownerOf(owners.value[0]) ? 1 : 0;
  const used = 1 + (node ? 1 : 0) + own.length + Object.keys(behind).length + (facts.owners ? 0 : above);
  const [allOwners, last] = await Promise.all([
    facts.owners ?? ownersAbove(client, namespace, owners),
    lastRound(round, second, pod, round.limit - used),
  ]);
  return { ...second, owners: allOwners, ...last };
}

function accountQuestion({ client, namespace }: Round, pod: Pod): Question {
  const own = pod.spec?.serviceAccountName ?? 'default';
  return {
    ask: async () => ({
      otherServiceAccounts: map(
        listFact(
          await client.list<ServiceAccount>(pathOf(RESOURCES.serviceaccounts, { namespace })),
          `service accounts in ${namespace}`,
        ),
        (items) => items.filter(({ metadata }) => metadata?.name !== own).map(pruneObject),
      ),
    }),
  };
}

function webhookQuestion({ client }: Round): Question {
  return {
    ask: async () => ({
      webhookPods: map(
        listFact(
          await client.list<Pod>(pathOf(RESOURCES.pods), { labelSelector: SYSTEM_SELECTOR }),
          'pods of the webhook',
        ),
        (items) => items.map(pruneObject),
      ),
    }),
  };
}

const TEMPLATE_HASH = 'pod-template-hash';

/** Whoever may have what the pod lacks: its replicas, and in the same list all that run as its account. */
function twinQuestion({ client, namespace }: Round, pod: Pod, template: string): Question {
  const account = pod.spec?.serviceAccountName;
  // Where everybody runs as `default` that tells nothing of anybody, and may be many.
  const shared = account === undefined || account === 'default';
  const query = shared
    ? { labelSelector: `${TEMPLATE_HASH}=${template}` }
    : {
        fieldSelector: `spec.serviceAccountName=${account},status.phase!=Succeeded,status.phase!=Failed`,
      };
  const isSibling = ({ metadata }: Pod): boolean => metadata?.labels?.[TEMPLATE_HASH] === template;
  return {
    ask: async () => {
      const list = await client.list<Pod>(pathOf(RESOURCES.pods, { namespace }), query);
      const others = map(listFact(list, `pods in ${namespace}`), (items) =>
        items.filter(({ metadata }) => metadata?.name !== pod.metadata?.name).map(pruneObject),
      );
      return {
        siblings: map(others, (items) => items.filter(isSibling)),
        ...(shared ? {} : { accountPods: map(others, (items) => items.filter((item) => !isSibling(item))) }),
      };
    },
  };
}

/** The first questions for which there is room, and what the others leave open. */
function affordable(questions: readonly Question[], room: number): { asked: Question[]; open: Facts } {
  let left = room;
  const asked = questions.filter(({ cost = 1 }) => {
    if (cost > left) return false;
    left -= cost;
    return true;
  });
  const open = questions
    .filter((question) => !asked.includes(question))
    .flatMap(({ fact }) => (fact === undefined ? [] : [[fact, NO_ROOM] as const]));
  return { asked, open: Object.fromEntries(open) };
}

const NO_ROOM = unknown(
  'it was not asked for, to keep the requests few; a diagnosis of the controller asks for it',
);

/** Questions that only arise from what is known by now. @param room How many of them may be asked. */
async function lastRound(round: Round, facts: Facts, pod: Pod, room: number): Promise<Facts> {
  const workload = workloadFact({ facts, clients: {} });
  const wired = workload.state === 'present' && workload.value.wired;
  const { serviceAccount, webhookEndpoints, siblings, apiGroups: groups } = facts;
  const annotated = serviceAccount?.state === 'present' && annotationOf(serviceAccount.value, CLIENT_ID_KEY);
  const template = pod.metadata?.labels?.[TEMPLATE_HASH];
  const stuck = !wired && webhookEndpoints !== undefined && !isReady(webhookEndpoints);
  const webhookPods = webhookQuestion(round);
  const { client, namespace } = round;
  const backend: Question = { cost: 2, ask: () => webhookBackendFacts(client, facts) };
  const account = pod.spec?.serviceAccountName || 'default';
  const rules: Question = {
    cost: 2,
    fact: 'bindingRules',
    ask: async () => ({ bindingRules: await bindingRules(client, namespace, account) }),
  };
  // Those that explain most go first. An account that names an identity is meant to be used by the pod itself.
  const questions = [
    ...(asksForBinding(pod) ? [rules] : []),
    ...(annotated ? [] : operatorQuestions(client, namespace, groups)),
    ...(webhookEndpoints ? [] : [backend]),
    ...(isKedaOperator(pod) ? authenticationQuestions(client, undefined) : []),
    ...(serviceAccount?.state === 'present' && !annotated ? [accountQuestion(round, pod)] : []),
    ...(stuck ? [webhookPods] : []),
    ...(template && !siblings ? [twinQuestion(round, pod, template)] : []),
    ...(stuck ? [] : [webhookPods]),
  ];
  const { asked, open } = affordable(questions, room);
  const answers = await Promise.all(asked.map(({ ask }) => ask()));
  return answers.reduce((known, answer) => ({ ...known, ...answer }), {
    otherServiceAccounts: NOT_NEEDED,
    webhookPods: NOT_NEEDED,
    siblings: siblings ?? NOT_NEEDED,
    accountPods: NOT_NEEDED,
    ...open,
  });
}
