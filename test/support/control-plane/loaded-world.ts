import { setTimeout as sleep } from 'node:timers/promises';

import type { KubernetesObject, StoredObject } from '../kubernetes/objects.ts';
import { joinApiVersion, type ResourceType } from '../kubernetes/resources.ts';
import { Store } from '../kubernetes/store.ts';
import { acceptedDefinition, pathsOf } from './custom-types.ts';
import type { Etcd } from './etcd.ts';
import { storageKey, storageValue } from './storage.ts';

const DEFINITION = 'CustomResourceDefinition';
const SERVED_MS = 30_000;

/**
 * The objects of one test in a real cluster. They are written past the API server, so that they are exactly what
 * the test says: times, uids, status and owners included, and no admission changes or refuses them.
 */
export class LoadedWorld {
  readonly #etcd: Etcd;
  readonly #status: (path: string) => Promise<number>;
  #store = new Store([]);
  readonly #written = new Set<string>();
  /** What the API server itself keeps where an object of the test stands now. */
  readonly #originals = new Map<string, Buffer>();
  /** Definitions outlive a test: the server takes its time over them, and most tests have the same. */
  readonly #definitions = new Map<string, { object: StoredObject; value: string }>();

  /** @param status Asks the API server for a path and returns the HTTP status. */
  constructor(etcd: Etcd, status: (path: string) => Promise<number>) {
    this.#etcd = etcd;
    this.#status = status;
  }

  /** Replaces everything that was loaded before. */
  async load(objects: readonly KubernetesObject[]): Promise<void> {
    await this.clear();
    this.#store = new Store([]);
    await this.#add(objects, []);
  }

  async put(...objects: readonly KubernetesObject[]): Promise<void> {
    await this.#add(
      objects,
      [...this.#definitions.values()].map(({ object }) => object),
    );
  }

  /** @param known Definitions that stay. */
  async #add(objects: readonly KubernetesObject[], known: readonly StoredObject[]): Promise<void> {
    const stored = objects.map((object) => this.#store.put(object));
    const definitions = stored.filter(({ kind }) => kind === DEFINITION).map(acceptedDefinition);
    const names = new Set(definitions.map(({ metadata }) => metadata.name));
    await this.#define([...known.filter(({ metadata }) => !names.has(metadata.name)), ...definitions]);
    await this.#write(stored.filter(({ kind }) => kind !== DEFINITION));
  }

  async remove(object: KubernetesObject): Promise<void> {
    const stored = this.#store.put(object);
    const key = storageKey(this.#typeOf(stored), stored);
    this.#store.remove(stored);
    await this.#etcd.remove([key]);
  }

  /** Leaves the cluster as its API server made it, but for definitions. */
  async clear(): Promise<void> {
    const own = [...this.#written].filter((key) => !this.#originals.has(key));
    await this.#etcd.remove(own);
    await this.#etcd.restore(this.#originals);
    this.#written.clear();
    this.#originals.clear();
  }

  #typeOf({ apiVersion, kind }: StoredObject): ResourceType {
    const type = this.#store.types.find((one) => one.kind === kind && joinApiVersion(one) === apiVersion);
    if (!type) throw new Error(`the tests know no place in etcd for ${apiVersion} ${kind}`);
    return type;
  }

  async #write(objects: readonly StoredObject[]): Promise<void> {
    const entries = new Map(
      objects.map((object) => [storageKey(this.#typeOf(object), object), storageValue(object)]),
    );
    const fresh = [...entries.keys()].filter((key) => !this.#written.has(key));
    for (const [key, value] of await this.#etcd.get(fresh)) this.#originals.set(key, value);
    for (const key of fresh) this.#written.add(key);
    await this.#etcd.put(entries);
  }

  async #define(wanted: readonly StoredObject[]): Promise<void> {
    const names = new Set(wanted.map(({ metadata }) => metadata.name));
    const gone = [...this.#definitions.values()].filter(({ object }) => !names.has(object.metadata.name));
    const changed = wanted.filter(
      (object) => this.#definitions.get(object.metadata.name)?.value !== storageValue(object),
    );
    const keyOf = (object: StoredObject): string => storageKey(this.#typeOf(object), object);
    await this.#etcd.remove(gone.map(({ object }) => keyOf(object)));
    await this.#etcd.put(new Map(changed.map((object) => [keyOf(object), storageValue(object)])));
    for (const { object } of gone) {
      await this.#wait(pathsOf(object), (status) => status === 404);
      this.#definitions.delete(object.metadata.name);
    }
    for (const object of changed) {
      await this.#wait(pathsOf(object), (status) => status === 200);
      this.#definitions.set(object.metadata.name, { object, value: storageValue(object) });
    }
    await this.#awaitGroups(
      gone.map(({ object }) => object),
      wanted,
    );
  }

  /** The list of groups follows the definitions, at its own pace. */
  async #awaitGroups(gone: readonly StoredObject[], wanted: readonly StoredObject[]): Promise<void> {
    const groupPaths = (objects: readonly StoredObject[]): string[] => [
      ...new Set(objects.flatMap(pathsOf).map((path) => path.split('/').slice(0, 4).join('/'))),
    ];
    const present = groupPaths(wanted);
    await this.#wait(present, (status) => status === 200);
    await this.#wait(
      groupPaths(gone).filter((path) => !present.includes(path)),
      (status) => status === 404,
    );
  }

  async #wait(paths: readonly string[], isThere: (status: number) => boolean): Promise<void> {
    const end = Date.now() + SERVED_MS;
    for (const path of paths) {
      for (let status = await this.#status(path); !isThere(status); status = await this.#status(path)) {
        if (Date.now() > end) throw new Error(`${path} still answers ${status} after ${SERVED_MS} ms`);
        await sleep(25);
      }
    }
  }
}
