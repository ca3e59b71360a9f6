import { absent, type Fact } from '../fact.ts';
import type { Pod } from '../kubernetes/types.ts';
import { controllerOf } from './controller.ts';
import { environmentValue, mapOf } from './environment.ts';
import { isLive } from './replicas.ts';
import { wiringOf } from './wiring.ts';
import type { Workload } from './workload.ts';

/** The facts in which a twin may be found. */
export interface TwinFacts {
  readonly siblings: Fact<readonly Pod[]>;
  readonly accountPods: Fact<readonly Pod[]>;
}

/** A container of another pod that has its token: of the same controller, or else of the same service account. */
export interface WiredTwin {
  readonly fact: keyof TwinFacts;
  readonly isReplica: boolean;
  readonly pod: string;
  readonly container: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly tokenFile: string;
  /** The variable as it stands there; null when it is not set or cannot be seen. */
  readonly env: (name: string) => string | null;
  /** RFC 3339; null when it is not known. */
  readonly created: string | null;
}

function twinsIn(pod: Pod, { controller }: Workload, fact: keyof TwinFacts): WiredTwin[] {
  const { metadata = {}, spec = {} } = pod;
  const other = controllerOf(pod, absent('only the pod was read'));
  const isReplica = fact === 'siblings' || (other.kind === controller.kind && other.name === controller.name);
  return (spec.containers ?? []).flatMap((container) => {
    const wiring = wiringOf(
      container,
      spec,
      environmentValue(container, 'AZURE_FEDERATED_TOKEN_FILE', undefined),
    );
    if (wiring.state !== 'wired') return [];
    const env = (name: string): string | null => {
      const view = environmentValue(container, name, undefined);
      return view.state === 'value' ? view.value : null;
    };
    return [
      {
        fact,
        isReplica,
        pod: metadata.name ?? '',
        container: container.name,
        labels: mapOf(metadata.labels),
        tokenFile: wiring.tokenFile,
        env,
        created: metadata.creationTimestamp ?? null,
      },
    ];
  });
}

/** The containers of other live pods that have their token: replicas first, and of each the youngest pod first. */
export function wiredTwins(workload: Workload, facts: TwinFacts): readonly WiredTwin[] {
  const twins = (['siblings', 'accountPods'] as const).flatMap((name) => {
    const fact = facts[name];
    return (fact.state === 'present' ? fact.value : [])
      .filter((pod) => isLive(pod) && pod.metadata?.name !== workload.object.name)
      .flatMap((pod) => twinsIn(pod, workload, name));
  });
  return twins.toSorted(
    (a, b) => Number(b.isReplica) - Number(a.isReplica) || (b.created ?? '').localeCompare(a.created ?? ''),
  );
}
