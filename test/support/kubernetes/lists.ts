import type { Reply } from '../faults.ts';
import type { StoredObject } from './objects.ts';
import { joinApiVersion, type ResourceType } from './resources.ts';
import { fieldPredicate, labelPredicate } from './selectors.ts';
import { badRequest, failure, json } from './status.ts';
import { positionOf, type Store } from './store.ts';

/** A list, filtered and cut into pages. A namespace that does not exist has an empty one. */
export function listReply(
  store: Store,
  type: ResourceType,
  namespace: string | undefined,
  query: URLSearchParams,
): Reply {
  const wanted = query.get('limit') ?? '0';
  if (!/^-?\d+$/.test(wanted)) return badRequest(`strconv.ParseInt: parsing "${wanted}": invalid syntax`);
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  const byField = fieldPredicate(fields, type.kind);
  if (typeof byField !== 'function') return badRequest(byField.complaint);
  const start = startOf(query.get('continue') ?? '', store);
  if (typeof start !== 'string') return start;

  const byLabel = labelPredicate(labels);
  const prefix = namespace === undefined ? '/' : `/${namespace}/`;
  const rest = store
    .list(type, namespace)
    .filter((object) => byLabel(object) && byField(object))
    .filter((object) => start === '' || `/${positionOf(object)}` >= `${prefix}${start.replace(/^\//, '')}`);
  const limit = Number(wanted) || Infinity;
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const left = rest.length - items.length;
  const metadata = {
    resourceVersion: String(store.revision),
    ...(left > 0 && last && { continue: continueToken(store.revision, last, namespace) }),
    // The server cannot count what a selector would still let through.
    ...(left > 0 && labels === '' && fields === '' && { remainingItemCount: left }),
  };
  return json(200, listDocument(type, metadata, items));
}

function listDocument(type: ResourceType, metadata: object, items: StoredObject[]): unknown {
  const apiVersion = joinApiVersion(type);
  // Custom resources are maps, not structs: names are sorted and items keep their type.
  if (type.custom) return sorted({ apiVersion, items, kind: `${type.kind}List`, metadata });
  return {
    kind: `${type.kind}List`,
    apiVersion,
    metadata,
    items: items.map(({ kind: _kind, apiVersion: _apiVersion, ...item }) => item),
  };
}

/** One object as the server writes it. */
export function objectReply(type: ResourceType, object: StoredObject): Reply {
  const { kind, apiVersion, ...rest } = object;
  return json(200, type.custom ? sorted(object) : { kind, apiVersion, ...rest });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

/** The same bytes as etcd3's continue token: versioned, with the key after the last one sent. */
function continueToken(revision: number, last: StoredObject, namespace: string | undefined): string {
  const position = namespace === undefined ? `/${positionOf(last)}` : last.metadata.name;
  const start =
    namespace === undefined && last.metadata.namespace === undefined ? last.metadata.name : position;
  const document = { v: 'meta.k8s.io/v1', rv: revision, start: `${start}\u0000` };
  return Buffer.from(JSON.stringify(document)).toString('base64url');
}

/** Where the next page starts, '' for the first, or the refusal of a token nobody issued. */
function startOf(token: string, store: Store): string | Reply {
  if (token === '') return '';
  const text = Buffer.from(token, 'base64url').toString('utf8');
  const invalid = (why: string): Reply =>
    badRequest(`invalid continue token: continue key is not valid: ${why}`);
  let document: { v?: string; rv?: number; start?: string };
  try {
    document = JSON.parse(text) as typeof document;
  } catch {
    return invalid(`invalid character '${text[0] ?? ''}' looking for beginning of value`);
  }
  if (document.v !== 'meta.k8s.io/v1' || typeof document.start !== 'string') {
    return invalid(`server does not recognize this encoded version "${document.v ?? ''}"`);
  }
  if ((document.rv ?? 0) < store.compactedBefore) return expired(token);
  return document.start;
}

function expired(token: string): Reply {
  return failure({
    code: 410,
    reason: 'Expired',
    continue: token,
    message:
      'The provided continue parameter is too old to display a consistent list result. You can start a new list ' +
      'without the continue parameter, or use the continue token in this response to retrieve the remainder of the ' +
      'results. Continuing with the provided token results in an inconsistent list - objects that were created, ' +
      'modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  });
}
