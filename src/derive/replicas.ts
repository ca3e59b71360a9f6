import type { Container, Pod } from '../kubernetes/types.ts';
import { environmentValue } from './environment.ts';
import { wiringOf } from './wiring.ts';
import type { Workload } from './workload.ts';

/** A container that is not the same in two pods made from one template. */
export interface ReplicaDifference {
  /** Name of the other pod. */
  readonly pod: string;
  readonly container: string;
  readonly here: string;
  readonly there: string;
}

const HASHES = ['pod-template-hash', 'controller-revision-hash'] as const;

function sameTemplate(a: Pod['metadata'], b: Pod['metadata']): boolean {
  return HASHES.every((label) => a?.labels?.[label] === b?.labels?.[label]);
}

/** Whether a pod is there to stay: neither over nor being deleted. */
export function isLive({ metadata, status }: Pod): boolean {
  return (
    metadata?.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
  );
}

/** What matters for a sign-in, in words that can be compared. */
function stateOf(container: Container, pod: Pod): string {
  const tokenFile = environmentValue(container, 'AZURE_FEDERATED_TOKEN_FILE', undefined);
  const wiring = wiringOf(container, pod.spec ?? {}, tokenFile);
  if (wiring.state !== 'wired') return 'no token';
  const clientId = environmentValue(container, 'AZURE_CLIENT_ID', undefined);
  return clientId.state === 'value' ? `client id ${clientId.value || '(empty)'}` : 'a token';
}

/** Containers that differ between a pod and its replicas; pods of another revision are a rollout, not a fault. */
export function replicaDifferences(
  { metadata, spec }: Workload,
  siblings: readonly Pod[],
): ReplicaDifference[] {
  const self: Pod = { metadata, spec };
  const others = siblings.filter((sibling) => isLive(sibling) && sameTemplate(metadata, sibling.metadata));
  return others.flatMap((sibling) =>
    (spec.containers ?? []).flatMap((container) => {
      const twin = sibling.spec?.containers?.find(({ name }) => name === container.name);
      if (!twin) return [];
      const here = stateOf(container, self);
      const there = stateOf(twin, sibling);
      const pod = sibling.metadata?.name ?? '';
      return here === there ? [] : [{ pod, container: container.name, here, there }];
    }),
  );
}
