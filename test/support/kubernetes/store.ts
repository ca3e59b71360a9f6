import { createHash } from 'node:crypto';

import type { KubernetesObject, StoredObject, TypedObject } from './objects.ts';
import { joinApiVersion, resourceTypes, type ResourceType, splitApiVersion } from './resources.ts';

/** What the real server would have said of objects that a test wrote down in short. */
const CREATED = '2026-01-01T00:00:00Z';

/** The cluster's objects. Every change raises the resource version, as etcd does. */
export class Store {
  #revision = 100;
  /** Continue tokens from before this revision have expired. */
  compactedBefore = 0;
  readonly #objects = new Map<string, StoredObject>();
  /** Sorted once per change: a list of thousands comes in many pages. */
  #sorted = new Map<string, StoredObject[]>();
  #types: ResourceType[] | undefined;

  constructor(objects: readonly KubernetesObject[]) {
    for (const object of objects) this.put(object);
  }

  get revision(): number {
    return this.#revision;
  }

  /** As etcd's compaction: lists begun before now cannot be continued. */
  compact(): void {
    this.#revision += 1;
    this.compactedBefore = this.#revision;
  }

  get types(): ResourceType[] {
    return (this.#types ??= resourceTypes([...this.#objects.values()]));
  }

  type(group: string, version: string, plural: string): ResourceType | undefined {
    return this.types.find(
      (type) => type.group === group && type.version === version && type.plural === plural,
    );
  }

  #changed(): void {
    this.#revision += 1;
    this.#sorted.clear();
    this.#types = undefined;
  }

  /** Adds an object or replaces the one of the same kind, namespace and name. */
  put(object: KubernetesObject): StoredObject {
    const { apiVersion = 'v1', kind = '', metadata = {} } = object as TypedObject;
    if (!kind || !metadata.name) throw new Error(`object without kind or name: ${JSON.stringify(object)}`);
    const known = this.#objects.get(keyOf(apiVersion, kind, metadata.namespace, metadata.name));
    this.#changed();
    const stored: StoredObject = {
      kind,
      apiVersion,
      ...object,
      metadata: inOrder({
        uid: uidOf(apiVersion, kind, metadata.namespace, metadata.name),
        resourceVersion: String(this.#revision),
        creationTimestamp: CREATED,
        ...known?.metadata,
        ...metadata,
      }),
    } as StoredObject;
    this.#objects.set(keyOf(apiVersion, kind, metadata.namespace, metadata.name), stored);
    return stored;
  }

  remove(object: KubernetesObject): boolean {
    const { apiVersion = 'v1', kind = '', metadata = {} } = object as TypedObject;
    this.#changed();
    return this.#objects.delete(keyOf(apiVersion, kind, metadata.namespace, metadata.name ?? ''));
  }

  get(type: ResourceType, namespace: string | undefined, name: string): StoredObject | undefined {
    return this.#objects.get(keyOf(joinApiVersion(type), type.kind, namespace, name));
  }

  find(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name: string,
  ): StoredObject | undefined {
    return this.#objects.get(keyOf(apiVersion, kind, namespace, name));
  }

  /** All objects of a type in etcd's order: by namespace, then by name. */
  list(type: ResourceType, namespace: string | undefined): StoredObject[] {
    const id = `${type.group}|${type.kind}|${namespace ?? ''}`;
    const known = this.#sorted.get(id);
    if (known) return known;
    const found = [...this.#objects.values()]
      .filter(
        ({ apiVersion, kind, metadata }) =>
          kind === type.kind &&
          splitApiVersion(apiVersion).group === type.group &&
          (namespace === undefined || metadata.namespace === namespace),
      )
      .toSorted((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1));
    this.#sorted.set(id, found);
    return found;
  }
}

/** Where an object stands in a list; continue tokens point at it. */
export function positionOf({ metadata }: StoredObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

function keyOf(apiVersion: string, kind: string, namespace: string | undefined, name: string): string {
  return [splitApiVersion(apiVersion).group, kind, namespace ?? '', name].join('|');
}

function uidOf(...parts: (string | undefined)[]): string {
  const hex = createHash('sha256').update(parts.join('|')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Members of metadata as Go's struct has them; the rest follows as it was written. */
const METADATA = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
];

function inOrder(metadata: object): StoredObject['metadata'] {
  const given = Object.entries(metadata).filter(([, value]) => value !== undefined);
  const place = (name: string): number => METADATA.indexOf(name) + 1 || METADATA.length + 1;
  return Object.fromEntries(
    given.toSorted(([a], [b]) => place(a) - place(b)),
  ) as unknown as StoredObject['metadata'];
}
