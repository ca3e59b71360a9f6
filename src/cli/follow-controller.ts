import type { FactSet } from '../collected-facts.ts';
import { resourceOf } from '../kubernetes/resources.ts';
import { existenceOf } from './gather.ts';
import { targetKindOf, type TargetKind } from './target-kinds.ts';

/** What is looked at. */
export interface Named {
  readonly kind: TargetKind;
  readonly name: string;
}

/** Whether the object is gone, or about to be: a pod that is being deleted is not the one that the fix reaches. */
export function isGoing({ kind }: Named, set: FactSet): boolean {
  const fact = existenceOf(kind, set);
  if (fact?.state === 'absent') return true;
  const { pod } = set.facts;
  return (
    kind.kind === 'Pod' && pod?.state === 'present' && pod.value.metadata?.deletionTimestamp !== undefined
  );
}

/**
 * The controller that makes another pod in the place of one that is gone.
 *
 * @returns Null where none does, or where the next pod has the same name.
 */
export function controllerToFollow({ kind }: Named, { facts }: FactSet): Named | null {
  const owners = facts.owners?.state === 'present' ? facts.owners.value : [];
  const top = owners.at(-1);
  const ref = top && resourceOf(top.apiVersion, top.kind);
  const controller = ref && targetKindOf(ref);
  const name = top?.metadata?.name ?? '';
  if (kind.kind !== 'Pod' || !controller || name === '' || controller.kind === 'StatefulSet') return null;
  return { kind: controller, name };
}
