import type { Fact } from '../../fact.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, resourceOf } from '../../kubernetes/resources.ts';
import type { KubernetesObject, OwnerReference, Pod } from '../../kubernetes/types.ts';
import { answerFact, map } from './answer-fact.ts';
import { pruneObject } from './prune.ts';

/** The reference to an object's controller, else to its first owner. */
export function ownerOf(object: KubernetesObject): OwnerReference | undefined {
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
export async function nearestOwner(
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
export async function ownersAbove(
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
