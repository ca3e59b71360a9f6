import { WiDoctorError } from '../errors.ts';
import {
  unknown,
  type Answer,
  type Items,
  type KubernetesClient,
  type ListQuery,
  type Origin,
} from './answers.ts';
import { documentsOf } from './dump-documents.ts';
import { dumpFiles } from './dump-files.ts';
import { mistakenFor } from './dump-text.ts';
import { DumpStore, objectKey, PUBLIC, type DumpNote } from './dump-store.ts';
import { newestMoment } from './newest-moment.ts';
import { documentNotDumped, objectNotDumped } from './not-dumped.ts';
import { addressOf, type Address, type ResourceRef } from './resources.ts';
import { fieldSelector, labelSelector } from './selectors.ts';
import type { KubernetesObject } from './types.ts';

/** Where an issuer publishes its documents, below its own URL. */
export type PublishedPath = '/.well-known/openid-configuration' | '/openid/v1/jwks';

/** Dumps, asked like a cluster. */
export interface DumpReader extends KubernetesClient {
  /** The files that were read. */
  readonly files: readonly string[];
  /** What was passed over and why. */
  readonly notes: readonly DumpNote[];
  /** Every object of a kind that was dumped, without any claim to be all of them. */
  objects(ref: Pick<ResourceRef, 'group' | 'resource'>): readonly KubernetesObject[];
  /** The newest moment at which something happened to a dumped object, RFC 3339; null when none tells. @param limit Later ones are no news. */
  newest(limit: string): string | null;
  /** A document that the issuer publishes, as somebody saved it: see `PUBLIC`. */
  published(path: PublishedPath): { readonly body: unknown; readonly origin: Origin } | undefined;
  /** Where an object out of `get`, `list` or `objects` was read. */
  originOf(object: object): Origin | undefined;
}

/**
 * Reads what `kubectl get -o yaml|json` printed: one file, or a folder of them with all its folders.
 *
 * A kind that was not dumped is unknown. A list that covers kind and namespace without the name means absent.
 * Single objects prove nothing about others. Nothing is asked of any cluster.
 *
 * @throws WiDoctorError INPUT when the path cannot be read; BUNDLE, with file and line, for broken YAML or
 * JSON, and when nothing in it is of Kubernetes.
 */
export async function readDumps(path: string): Promise<DumpReader> {
  const store = new DumpStore();
  const files: string[] = [];
  const note = (file: string, why: string): unknown => store.notes.push({ file, why });
  for await (const file of dumpFiles(path, note)) {
    files.push(file.file);
    const mistake = mistakenFor(file.text);
    if (mistake !== undefined) note(file.file, mistake);
    else for (const document of await documentsOf(file)) store.add(document);
  }
  store.settleEmptyLists();
  if (store.empty) throw nothingIn(path, store.notes);
  return new StoredDumps(store, files);
}

function nothingIn(path: string, notes: readonly DumpNote[]): WiDoctorError {
  const [note] = notes;
  const inside = note?.file === path ? `it ${note.why}` : note && `${note.file} ${note.why}`;
  const why = inside === undefined ? '' : `: ${inside.replace(' not read, ', ' ')}`;
  return new WiDoctorError('BUNDLE', `${path} holds no dump of Kubernetes objects${why}.`, {
    hint: 'Dump some: kubectl get pods,serviceaccounts -n NAMESPACE -o yaml > dump.yaml',
  });
}

class StoredDumps implements DumpReader {
  readonly requests: readonly [] = [];
  readonly files: readonly string[];
  readonly notes: readonly DumpNote[];
  readonly #store: DumpStore;

  constructor(store: DumpStore, files: readonly string[]) {
    this.#store = store;
    this.files = files;
    this.notes = store.notes;
  }

  async get<T>(path: string): Promise<Answer<T>> {
    const address = addressOf(path);
    if (address === undefined) {
      const document = this.#store.document(path);
      if (document === undefined) return documentNotDumped(path);
      return { kind: 'ok', body: document.body as T, origin: document.origin };
    }
    if (address.subresource !== undefined) {
      return unknown(`${address.subresource} of ${address.resource} is not in dumps`);
    }
    const kind = this.#store.kind(address.group, address.resource);
    const found = kind?.objects.get(objectKey(address.namespace, address.name));
    if (found !== undefined) return { kind: 'ok', body: found.object as T, origin: found.origin };
    const covering = this.#coverage(address);
    return covering === undefined ? objectNotDumped(address, kind) : { kind: 'absent', origin: covering };
  }

  async list<T>(path: string, query: ListQuery = {}): Promise<Answer<Items<T>>> {
    const address = addressOf(path);
    if (address === undefined) return documentNotDumped(path);
    const covering = this.#coverage(address);
    if (covering === undefined) {
      return objectNotDumped(address, this.#store.kind(address.group, address.resource));
    }
    const labels = labelSelector(query.labelSelector ?? '');
    const fields = fieldSelector(query.fieldSelector ?? '');
    if (labels === undefined || fields === undefined) return unknown('the selector cannot be read');
    const items = this.objects(address)
      .filter(({ metadata }) => address.namespace === undefined || metadata?.namespace === address.namespace)
      .filter((object) => labels(object) && fields(object));
    return { kind: 'ok', body: { items: items as readonly unknown[] as readonly T[] }, origin: covering };
  }

  async create<T>(): Promise<Answer<T>> {
    return unknown('with dumps no cluster is asked');
  }

  async text(path: string): Promise<Answer<string>> {
    return unknown(`${addressOf(path)?.subresource ?? path} is not in dumps`);
  }

  objects({ group, resource }: Pick<ResourceRef, 'group' | 'resource'>): readonly KubernetesObject[] {
    const objects = this.#store.kind(group, resource)?.objects.values() ?? [];
    return Array.from(objects, ({ object }) => object);
  }

  newest(limit: string): string | null {
    return newestMoment(this.#store.objects(), limit);
  }

  published(path: PublishedPath): { readonly body: unknown; readonly origin: Origin } | undefined {
    return this.#store.document(`${PUBLIC}${path}`);
  }

  originOf(object: object): Origin | undefined {
    return this.#store.originOf(object);
  }

  close(): void {
    // Nothing is open.
  }

  /** The list that shows all there is at an address: of this namespace, of the cluster, or of all namespaces. */
  #coverage({ group, resource, namespace }: Address): Origin | undefined {
    const kind = this.#store.kind(group, resource);
    return kind?.covered.get(namespace ?? '') ?? kind?.everywhere;
  }
}
