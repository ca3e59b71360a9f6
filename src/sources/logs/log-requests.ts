import { tokenProxyOf } from '../../derive/proxy.ts';
import type { Workload } from '../../derive/workload.ts';
import type { Pod } from '../../kubernetes/types.ts';

/** One log to be read. */
export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The run before the last restart. */
  readonly previous: boolean;
  /** Lines older than this are left out. */
  readonly sinceSeconds: number;
  readonly origin: string;
  readonly from: 'container' | 'webhook';
}

const MOST_CONTAINERS = 6;
const MOST_WEBHOOK_PODS = 3;
const DAY = 86_400;
const HOUR = 3_600;

function restarted(pod: Pod, container: string): boolean {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const status = [...containerStatuses, ...initContainerStatuses].find(({ name }) => name === container);
  return (status?.restartCount ?? 0) > 0;
}

/**
 * The logs of a pod that can tell of a sign-in: of its judged containers with a token and of the proxy sidecar,
 * and what they wrote before their last restart.
 */
export function containerLogs(workload: Workload, pod: Pod): LogRequest[] {
  const { namespace, name } = workload.object;
  const wired = workload.judged.filter(({ wiring }) => wiring.state === 'wired').map((view) => view.name);
  const sidecar = tokenProxyOf(workload)?.sidecar?.name;
  const containers = [...new Set([...wired, ...(sidecar === undefined ? [] : [sidecar])])];
  return containers.slice(0, MOST_CONTAINERS).flatMap((container) =>
    [false, ...(restarted(pod, container) ? [true] : [])].map((previous) => ({
      namespace,
      pod: name,
      container,
      previous,
      sinceSeconds: DAY,
      origin: `log of container ${container}${previous ? ' (previous)' : ''}`,
      from: 'container' as const,
    })),
  );
}

/** The last hour of the webhook's logs: it handled or refused the pods of that time. */
export function webhookLogs(pods: readonly Pod[]): LogRequest[] {
  return pods.slice(0, MOST_WEBHOOK_PODS).flatMap(({ metadata, spec }) => {
    const containers = spec?.containers ?? [];
    const container = containers.find(({ name }) => name === 'manager') ?? containers[0];
    if (!metadata?.name || !metadata.namespace || !container) return [];
    return [
      {
        namespace: metadata.namespace,
        pod: metadata.name,
        container: container.name,
        previous: false,
        sinceSeconds: HOUR,
        origin: 'webhook log',
        from: 'webhook' as const,
      },
    ];
  });
}
