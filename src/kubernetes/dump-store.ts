import type { Origin } from './answers.ts';
import type { DumpDocument } from './dump-documents.ts';
import { plural } from './kind-words.ts';
import { resourceOf, type ResourceRef } from './resources.ts';
import { compareAge } from './newer.ts';
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

/** What of a dump was passed over, or decided between copies. `why` follows the name of the file and a colon. */
export interface DumpNote extends Origin {
  readonly why: string;
}

export interface DumpedObject {
  readonly object: KubernetesObject;
  readonly origin: Origin;
}

/** The namespaces that a dump holds objects of a kind of, in the order of the alphabet. */
export function namespacesOf({ objects }: DumpedKind): string[] {
  const names = new Set(Array.from(objects.values(), ({ object }) => object.metadata?.namespace ?? ''));
  return [...names].filter((name) => name !== '').toSorted();
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
  readonly #emptyLists: { readonly ref: ResourceRef; readonly origin: Origin }[] = [];
  readonly notes: DumpNote[] = [];

  /** Takes a document in; one that is neither of Kubernetes nor of OpenID is noted and left out. */
  add(document: DumpDocument): void {
    const { value, origin } = document;
    const kind = value['kind'];
    if (typeof kind !== 'string') this.#addPlain(value, origin);
    else if (kind === 'APIGroupList') this.#keep('/apis', value, origin);
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

  /** A document that is no object, by its path at the API server, or behind `PUBLIC` its path at the issuer. */
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
    const label = selectedBy(listed);
    if (label === undefined) cover(listed, origin);
    else this.#note(origin, `shows only what has label ${label}, so nothing follows from what it leaves out`);
    // A typed list names its kind even when it is empty.
    const { apiVersion } = value;
    const ref = typeof apiVersion === 'string' ? resourceOf(apiVersion, itemKind) : undefined;
    if (ref?.namespaced === false) this.#kindOf(ref.group, ref.resource).covered.set('', origin);
    else if (items.length > 0) return;
    else if (ref) this.#emptyLists.push({ ref, origin });
    else this.#note(origin, 'is an empty list, which does not tell of what');
  }

  /**
   * To be called behind the last document: an empty list of a kind is one of the namespace that its folder is
   * named after, as `kubectl cluster-info dump` and must-gather sort them, or that its file is named after, as we
   * ask for it (`shop-events.json`); elsewhere it proves nothing.
   */
  settleEmptyLists(): void {
    const known = new Set([...this.#kinds.values()].flatMap(namespacesOf));
    for (const { ref, origin } of this.#emptyLists) {
      const ofFile = fileName(origin.file).replace(new RegExp(`-${ref.resource}\\.json$`), '');
      const namespace = [...folderNames(origin.file), ofFile].findLast((name) => known.has(name));
      if (namespace === undefined)
        this.#note(origin, 'is an empty list, which does not tell of which namespace');
      else if (!this.#kindOf(ref.group, ref.resource).covered.has(namespace))
        this.#kindOf(ref.group, ref.resource).covered.set(namespace, origin);
    }
  }

  #addObject(value: Readonly<Record<string, unknown>>, origin: Origin): Listed | undefined {
    const object = withTextLabels(value['kind'] === 'Secret' ? withoutData(value) : value);
    const { apiVersion, metadata } = object;
    if (typeof metadata?.name !== 'string' || typeof apiVersion !== 'string' || object.kind === undefined) {
      this.#note(origin, 'is no object of Kubernetes');
      return undefined;
    }
    const ref = resourceOf(apiVersion, object.kind);
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    const kind = this.#kindOf(group, ref?.resource ?? plural(object.kind.toLowerCase()));
    this.#origins.set(object, origin);
    const key = objectKey(metadata.namespace, metadata.name);
    const before = kind.objects.get(key);
    if (before === undefined) kind.objects.set(key, { object, origin });
    else if (!sameObject(before.object, object)) {
      const age = compareAge(before.object, object);
      const [used, left] = age > 0 ? [origin, before.origin] : [before.origin, origin];
      if (age > 0) kind.objects.set(key, { object, origin });
      const how = age === 0 ? 'otherwise than' : 'as it was before';
      this.#note(left, `shows ${object.kind} ${metadata.name} ${how} ${used.file}, which is used`);
    }
    return { object, origin, kind };
  }

  #addPlain(value: Readonly<Record<string, unknown>>, origin: Origin): void {
    const server = value['serverVersion'];
    const from = fileName(origin.file).startsWith('public-') ? PUBLIC : '';
    if (typeof value['issuer'] === 'string' && 'jwks_uri' in value) {
      this.#keep(`${from}/.well-known/openid-configuration`, value, origin);
    } else if (Array.isArray(value['keys'])) this.#keep(`${from}/openid/v1/jwks`, value, origin);
    else if (typeof value['gitVersion'] === 'string') this.#keep('/version', value, origin);
    // `kubectl version -o json`.
    else if (typeof server === 'object' && server !== null) this.#keep('/version', server, origin);
    else if (String(value['schemaVersion']).startsWith('wi-doctor.bundle/'))
      this.#note(origin, 'is a bundle of wi-doctor: name the file itself with --bundle');
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

  #note(origin: Origin, why: string): void {
    this.notes.push({ ...origin, why });
  }
}

/**
 * Before the path of a document that the issuer publishes, and not the API server: one in a file whose name begins
 * with `public-`, because the two look alike.
 */
export const PUBLIC = 'public:';

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? '';
}

/** Folders above a file, nearest last; must-gather has one for the API group between namespace and file. */
function folderNames(file: string): string[] {
  return file.split(/[\\/]/).slice(-3, -1);
}

/** Every namespace has this service account, so that a list without it is a selection. */
const DEFAULT_ACCOUNT = 'default';

/** The label that a list was selected by, when service accounts in it show that it was; else undefined. */
function selectedBy(listed: readonly Listed[]): string | undefined {
  const accounts = listed.filter(({ object }) => object.kind === 'ServiceAccount');
  if (accounts.length === 0 || listed.length < 2) return undefined;
  if (accounts.some(({ object }) => object.metadata?.name === DEFAULT_ACCOUNT)) return undefined;
  const [first, ...others] = listed.map(({ object }) => object.metadata?.labels ?? {});
  return Object.entries(first ?? {})
    .filter(([key]) => !key.startsWith('azure.workload.identity/'))
    .find(([key, value]) => others.every((labels) => labels[key] === value))
    ?.join('=');
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

function sameObject(a: KubernetesObject, b: KubernetesObject): boolean {
  const text = ({ metadata, ...rest }: KubernetesObject): string => {
    // kubectl leaves these out unless asked for them.
    const { managedFields: _, ...others } = metadata ?? {};
    return JSON.stringify({ ...rest, metadata: others });
  };
  return text(a) === text(b);
}

/** A Secret as far as it may be known: that it is there, and of which type. */
function withoutData(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { apiVersion, kind, type, metadata } = value;
  const { name, namespace } = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  return { apiVersion, kind, type, metadata: { name, namespace } };
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
