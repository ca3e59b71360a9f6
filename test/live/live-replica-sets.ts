import type { FactSet } from '../../src/facts.ts';
import type { KubernetesObject } from '../support/api-server.ts';

const UID = '0a5c3c5e-6f0b-4f6e-9d2a-0c6d0f5b7e11';

interface Named {
  readonly uid?: string;
  readonly name?: string;
}

function isOne(object: KubernetesObject, kind: string, name: string): boolean {
  return object['kind'] === kind && (object['metadata'] as Named | undefined)?.name === name;
}

/**
 * Adds the ReplicaSets of the Deployment that was asked for, as far as events tell of them: a cluster has them
 * wherever it has such events, and fixtures without a pod leave them out.
 */
export function withReplicaSets(
  { facts: { target, events } }: FactSet,
  objects: readonly KubernetesObject[],
): KubernetesObject[] {
  if (target?.state !== 'present' || target.value.kind !== 'Deployment') return [...objects];
  const { name: deployment, namespace } = target.value;
  const told = events?.state === 'present' ? events.value : [];
  const names = told.flatMap(({ involvedObject }) =>
    involvedObject?.kind === 'ReplicaSet' ? [involvedObject.name ?? ''] : [],
  );
  const missing = [...new Set(names)].filter(
    (name) => !objects.some((object) => isOne(object, 'ReplicaSet', name)),
  );
  const owned = objects.map((object) =>
    isOne(object, 'Deployment', deployment)
      ? { ...object, metadata: { uid: UID, ...(object['metadata'] as Named) } }
      : object,
  );
  const owner = owned.find((object) => isOne(object, 'Deployment', deployment));
  const uid = (owner?.['metadata'] as Named | undefined)?.uid;
  return [
    ...owned,
    ...missing.map((name) => ({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name,
        namespace,
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment, uid, controller: true },
        ],
      },
    })),
  ];
}
