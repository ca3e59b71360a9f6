import type { Origin } from './answers.ts';
import type { DumpDocument } from './dump-documents.ts';
import { resourceOf } from './resources.ts';
import type { KubernetesObject } from './types.ts';

/** All that dumps hold of one kind. */
export interface DumpedKind {
  /** By namespace and name, see `objectKey`. */
  readonly objects: Map<string, DumpedObject>;
  /** Namespaces of which a whole list was dumped; the empty string stands for kinds of the whole cluster. */
  readonly covered: Map<string, Origin>;
  /** The list over all namespaces, if there is one. */
  everywhere: Origin | undefined;
}

export interface DumpedObject {
  readonly object: KubernetesObject;
  readonly origin: Origin;
}

interface Listed extends DumpedObject {
  readonly kind: DumpedKind;
}

/**
 * What a set of dumps proves.
 *
 * A list proves which objects of its kind exist in each namespace that it shows objects of. One that shows
 * several namespaces can only be a list over all of them. Single objects and empty lists prove nothing about
 * others, and neither does one page of a longer list.
 */
export class DumpStore {
  readonly #kinds = new Map<string, DumpedKind>();
  readonly #documents = new Map<string, { body: unknown; origin: Origin }>();
  readonly #origins = new WeakMap<object, Origin>();
  readonly notes: string[] = [];

  /** Takes a document in; one that is neither of Kubernetes nor of OpenID is noted and left out. */
  add(document: DumpDocument): void {
    const { value, origin } = document;
    const kind = value['kind'];
    if (typeof kind !== 'string') this.#addPlain(value, origin);
    else if (kind === 'Status' || kind === 'Table') this.#note(origin, `holds a ${kind}, not an object`);
    else if (Array.isArray(value['items']) && kind.endsWith('List'))
      this.#addList(document, kind, value['items']);
    else this.#addObject(value, origin);
  }

  /** Whether anything usable was found. */
  get empty(): boolean {
    return this.#kinds.size === 0 && this.#documents.size === 0;
  }

  kind(group: string, resource: string): DumpedKind | undefined {
    return this.#kinds.get(`${group}/${resource}`);
  }

  /** `/version`, `/openid/v1/jwks`, `/.well-known/openid-configuration`. */
  document(path: string): { body: unknown; origin: Origin } | undefined {
    return this.#documents.get(path);
  }

  /** Every object of every kind. */
  objects(): KubernetesObject[] {
    return [...this.#kinds.values()].flatMap(({ objects }) =>
      Array.from(objects.values(), ({ object }) => object),
    );
  }

  originOf(object: object): Origin | undefined {
    return this.#origins.get(object);
  }

  #addList({ value, origin, lineOfItem }: DumpDocument, listKind: string, items: readonly unknown[]): void {
    const itemKind = listKind === 'List' ? undefined : listKind.slice(0, -'List'.length);
    const listed: Listed[] = [];
    for (const [index, item] of items.entries()) {
      if (typeof item !== 'object' || item === null) continue;
      const line = lineOfItem(index) ?? origin.line;
      const at: Origin = { file: origin.file, ...(line === undefined ? {} : { line }) };
      // Items of a typed list leave out what the list says for all of them.
      const typed =
        itemKind === undefined ? item : { apiVersion: value['apiVersion'], kind: itemKind, ...item };
      const added = this.#addObject(typed as Readonly<Record<string, unknown>>, at);
      if (added !== undefined) listed.push(added);
    }
    const { continue: more } = (value['metadata'] ?? {}) as { continue?: unknown };
    if (typeof more === 'string' && more !== '') {
      this.#note(origin, 'is one page of a longer list, so nothing follows from what it leaves out');
      return;
    }
    cover(listed, origin);
    // A typed list of the whole cluster names its kind even when it is empty.
    const { apiVersion } = value;
    const ref = typeof apiVersion === 'string' ? resourceOf(apiVersion, itemKind) : undefined;
    if (ref?.namespaced === false) this.#kindOf(ref.group, ref.resource).covered.set('', origin);
  }

  #addObject(value: Readonly<Record<string, unknown>>, origin: Origin): Listed | undefined {
    const object = withTextLabels(value);
    const { apiVersion, metadata } = object;
    if (typeof metadata?.name !== 'string' || typeof apiVersion !== 'string' || object.kind === undefined) {
      this.#note(origin, 'is no object of Kubernetes');
      return undefined;
    }
    const ref = resourceOf(apiVersion, object.kind);
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    const kind = this.#kindOf(group, ref?.resource ?? plural(object.kind));
    this.#origins.set(object, origin);
    const key = objectKey(metadata.namespace, metadata.name);
    const before = kind.objects.get(key);
    if (before === undefined) kind.objects.set(key, { object, origin });
    else if (JSON.stringify(before.object) !== JSON.stringify(object)) {
      this.#note(
        origin,
        `shows ${object.kind} ${metadata.name} otherwise than ${before.origin.file}, which is used`,
      );
    }
    return { object, origin, kind };
  }

  #addPlain(value: Readonly<Record<string, unknown>>, origin: Origin): void {
    const server = value['serverVersion'];
    if (typeof value['issuer'] === 'string' && 'jwks_uri' in value) {
      this.#keep('/.well-known/openid-configuration', value, origin);
    } else if (Array.isArray(value['keys'])) this.#keep('/openid/v1/jwks', value, origin);
    else if (typeof value['gitVersion'] === 'string') this.#keep('/version', value, origin);
    // `kubectl version -o json`.
    else if (typeof server === 'object' && server !== null) this.#keep('/version', server, origin);
    else this.#note(origin, 'is no object of Kubernetes');
  }

  #keep(path: string, body: unknown, origin: Origin): void {
    if (!this.#documents.has(path)) this.#documents.set(path, { body, origin });
  }

  #kindOf(group: string, resource: string): DumpedKind {
    const key = `${group}/${resource}`;
    const known = this.#kinds.get(key) ?? {
      objects: new Map<string, DumpedObject>(),
      covered: new Map<string, Origin>(),
      everywhere: undefined,
    };
    this.#kinds.set(key, known);
    return known;
  }

  #note({ file, line }: Origin, what: string): void {
    this.notes.push(`${file}${line === undefined ? '' : `:${line}`}: ${what}`);
  }
}

function cover(listed: readonly Listed[], origin: Origin): void {
  const namespaces = new Set(listed.map(({ object }) => object.metadata?.namespace ?? ''));
  namespaces.delete('');
  for (const { kind, object } of listed) {
    const namespace = object.metadata?.namespace ?? '';
    if (!kind.covered.has(namespace)) kind.covered.set(namespace, origin);
    if (namespaces.size > 1 && namespace !== '') kind.everywhere ??= origin;
  }
}

/** Where an object lies in `DumpedKind.objects`. */
export function objectKey(namespace: string | undefined, name: string | undefined): string {
  return `${namespace ?? ''}/${name ?? ''}`;
}

/** The API server keeps labels and annotations as texts; a dump edited by hand may say `use: true`. */
function withTextLabels(value: Readonly<Record<string, unknown>>): KubernetesObject {
  const metadata = value['metadata'] as Readonly<Record<string, unknown>> | null | undefined;
  if (typeof metadata !== 'object' || metadata === null) return { ...value, metadata: {} };
  const texts: Record<string, unknown> = {};
  for (const key of ['labels', 'annotations']) {
    const map = metadata[key];
    if (typeof map !== 'object' || map === null) continue;
    const entries = Object.entries(map).map(([name, text]) => [
      name,
      typeof text === 'string' ? text : JSON.stringify(text),
    ]);
    texts[key] = Object.fromEntries(entries);
  }
  return { ...value, metadata: { ...metadata, ...texts } };
}

/** The plural of a kind that is not in our table, as custom resources usually form it. */
function plural(kind: string): string {
  const word = kind.toLowerCase();
  if (/(?:s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}
