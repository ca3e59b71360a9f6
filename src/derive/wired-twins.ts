import type { Fact } from '../fact.ts';
import type { Pod } from '../kubernetes/types.ts';
import { environmentValue, mapOf } from './environment.ts';
import { isLive } from './replicas.ts';
import { wiringOf } from './wiring.ts';
import type { Workload } from './workload.ts';

/** A container of another pod of the same controller that has its token. */
export interface WiredTwin {
  readonly pod: string;
  readonly container: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly tokenFile: string;
  /** The variable as it stands there; null when it is not set or cannot be seen. */
  readonly env: (name: string) => string | null;
  /** RFC 3339; null when it is not known. */
  readonly created: string | null;
}

function twinsIn(pod: Pod): WiredTwin[] {
  const { metadata = {}, spec = {} } = pod;
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

/** The containers of a workload's other live pods that have their token, youngest pod first. */
export function wiredTwins({ object }: Workload, siblings: Fact<readonly Pod[]>): readonly WiredTwin[] {
  if (siblings.state !== 'present') return [];
  return siblings.value
    .filter((pod) => isLive(pod) && pod.metadata?.name !== object.name)
    .flatMap(twinsIn)
    .toSorted((a, b) => ((a.created ?? '') < (b.created ?? '') ? 1 : -1));
}
