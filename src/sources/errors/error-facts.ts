import { refusalsOf } from '../../derive/refusals.ts';
import type { Workload } from '../../derive/workload.ts';
import { present, unknown, type Fact } from '../../fact.ts';
import type { CollectedFacts } from '../../collected-facts.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { Pod } from '../../kubernetes/types.ts';
import { listFact, type Facts } from '../cluster/answer-fact.ts';
import { SYSTEM_SELECTOR } from '../cluster/cluster-facts.ts';
import type { BroughtError } from './brought-error.ts';

export interface ErrorQuestion {
  readonly client: KubernetesClient;
  /** What the user brought with `--error`; null without that flag. */
  readonly brought: readonly BroughtError[] | null;
  /** `--logs` */
  readonly logs: boolean;
  /** Called with what the user should know of logs that could not be read. */
  readonly onUnread: (origin: string, reason: string) => void;
}

const NOT_BROUGHT = { state: 'absent', origin: 'no error was brought' } as const;

/** Whether the webhook's own log may tell why this pod has no token, or why there is no pod. */
function asksForWebhook(workload: Fact<Workload>, { events, target }: Facts): boolean {
  if (target?.state === 'present' && target.value.kind === 'Cluster') return true;
  if (workload.state !== 'present' || workload.value.kind === 'service-account') return false;
  const refused = events?.state === 'present' && refusalsOf(events.value, workload.value.created).length > 0;
  return refused || !workload.value.wired;
}

async function webhookPods(
  client: KubernetesClient,
  { webhookPods: known }: Facts,
): Promise<Fact<readonly Pod[]>> {
  if (known?.state === 'present') return known;
  const pods = await client.list<Pod>(pathOf(RESOURCES.pods), { labelSelector: SYSTEM_SELECTOR });
  return listFact(pods, 'pods of the webhook');
}

/**
 * The errors that the user brought and, with `--logs`, those in the logs of the containers and of the webhook.
 *
 * Rights: with `--logs` get pods/log, and list pods in all namespaces for the webhook's.
 */
export async function errorsFact(
  { client, brought, logs, onUnread }: ErrorQuestion,
  workload: Fact<Workload>,
  facts: Facts,
): Promise<Fact<CollectedFacts['errors']>> {
  const given = brought ?? [];
  const fromUser: Fact<CollectedFacts['errors']> = brought === null ? NOT_BROUGHT : present(given, 'errors');
  if (!logs) return fromUser;
  const [{ containerLogs, webhookLogs }, { readLogs }] = await Promise.all([
    import('../logs/log-requests.ts'),
    import('../logs/read-logs.ts'),
  ]);
  const pod = facts.pod?.state === 'present' ? facts.pod.value : null;
  const own = pod && workload.state === 'present' ? containerLogs(workload.value, pod) : [];
  const backend = asksForWebhook(workload, facts) ? await webhookPods(client, facts) : null;
  const requests = [...own, ...(backend?.state === 'present' ? webhookLogs(backend.value) : [])];
  const result = await readLogs(client, requests);
  const unread = [
    ...result.unread,
    ...(backend?.state === 'unknown' ? [{ origin: 'webhook log', reason: backend.reason }] : []),
  ];
  for (const { origin, reason } of unread) onUnread(origin, reason);
  if (brought === null && result.read === 0)
    return unread[0] ? unknown(unread[0].reason) : { state: 'absent', origin: 'there is no log to read' };
  return present([...given, ...result.errors], 'errors');
}
