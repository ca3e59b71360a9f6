import type { Reply } from '../faults.ts';
import type { Received } from '../https-server.ts';
import { signingKey } from '../signing-key.ts';
import type { User } from './authentication.ts';
import type { Policy } from './authorization.ts';
import { discoveryReply } from './discovery.ts';
import { listReply, objectReply } from './lists.ts';
import { logReply } from './logs.ts';
import { decodeProtobuf, PROTOBUF } from './protobuf.ts';
import type { RequestInfo } from './request.ts';
import { VIRTUAL_RESOURCES } from './resources.ts';
import { type Review, reviewReply } from './reviews.ts';
import {
  badRequest,
  methodNotAllowed,
  noSuchDocument,
  noSuchPath,
  mediaRanges,
  notAcceptable,
  noSuchResource,
  notFound,
  takesObjects,
} from './status.ts';
import type { Store } from './store.ts';
import { type Signer, tokenReply, type TokenRequest } from './token-request.ts';
import { type ClusterWorld, openidConfiguration, VERSION } from './world.ts';

export interface Cluster {
  readonly store: Store;
  readonly policy: Policy;
  readonly world: ClusterWorld;
  /** Known once the server has a port. */
  signer: Signer | undefined;
}

/** The answer to a request that may be made. */
export function route(request: Received, info: RequestInfo, user: User, cluster: Cluster): Reply {
  return info.resourceRequest
    ? resourceReply(request, info, user, cluster)
    : (fixedReply(request, cluster) ?? discoveryReply(request, cluster.store.types) ?? noSuchDocument());
}

function fixedReply({ path, headers }: Received, { world, signer }: Cluster): Reply | undefined {
  switch (path.replace(/(?<=.)\/$/, '')) {
    case '/version':
      // The one document that the real server indents.
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(world.version ?? VERSION, null, 2),
      };
    case '/healthz':
    case '/livez':
    case '/readyz':
      return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' };
    case '/.well-known/openid-configuration':
      return document(
        headers.accept,
        'application/json',
        world.openidConfiguration ?? openidConfiguration(signer?.issuer ?? ''),
      );
    case '/openid/v1/jwks':
      return document(
        headers.accept,
        'application/jwk-set+json',
        world.jwks ?? { keys: [(world.signingKey ?? signingKey()).jwk] },
      );
    default:
      return undefined;
  }
}

/** Served to who takes exactly this type, or any. */
function document(accept: string | undefined, type: string, body: object): Reply {
  const taken = mediaRanges(accept);
  if (!taken.includes(type) && !taken.includes('*/*')) return notAcceptable(accept);
  return {
    status: 200,
    headers: { 'content-type': type, 'cache-control': 'public, max-age=3600' },
    body: JSON.stringify(body),
  };
}

function resourceReply(request: Received, info: RequestInfo, user: User, cluster: Cluster): Reply {
  const { store, policy, world, signer } = cluster;
  const apiVersion = info.group === '' ? info.version : `${info.group}/${info.version}`;
  if (VIRTUAL_RESOURCES[apiVersion]?.some(({ plural }) => plural === info.resource)) {
    if (info.verb !== 'create') return methodNotAllowed();
    const review = bodyOf(request);
    return review ? (reviewReply(info.resource, review, user, policy) ?? noSuchResource()) : unreadable();
  }
  const type = store.type(info.group, info.version, info.resource);
  if (!type) return isBuiltIn(store, info) ? noSuchResource() : noSuchPath();
  // The namespace object itself is named twice by its path.
  const isInNamespace = info.namespace !== undefined && info.resource !== 'namespaces';
  if (!type.namespaced && isInNamespace) return noSuchResource();
  if (request.method === 'GET' && info.subresource === '' && !takesObjects(request.headers.accept)) {
    return notAcceptable(request.headers.accept);
  }
  const namespace = type.namespaced ? info.namespace : undefined;
  if (info.verb === 'list') return listReply(store, type, namespace, request.query);
  if (info.name === undefined) return methodNotAllowed();
  if (type.namespaced && namespace === undefined) return noSuchResource();

  const object = store.get(type, namespace, info.name);
  if (!object) return notFound(info.resource, info.group, info.name);
  switch (`${info.verb} ${info.resource}/${info.subresource}`) {
    case `get ${info.resource}/`:
      return objectReply(type, object);
    case 'get pods/log':
      return logReply(object, world.logs ?? {}, request.query);
    case 'get pods/exec':
    case 'create pods/exec':
      return badRequest('Upgrade request required');
    case 'create serviceaccounts/token': {
      const wanted = bodyOf(request);
      if (!wanted || !signer) return unreadable();
      return tokenReply(store, object, wanted, signer);
    }
    default:
      return info.subresource === '' || ['log', 'token', 'exec'].includes(info.subresource)
        ? methodNotAllowed()
        : noSuchResource();
  }
}

/** Whether the server itself answers for the group, whatever the version; definitions are asked after it. */
function isBuiltIn({ types }: Store, { group }: RequestInfo): boolean {
  return types.some((type) => type.group === group && !type.custom);
}

function bodyOf({ headers, body, bytes }: Received): (TokenRequest & Review) | undefined {
  try {
    if (headers['content-type'] === PROTOBUF) return decodeProtobuf(bytes);
    const value = JSON.parse(body) as TokenRequest;
    return Array.isArray(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function unreadable(): Reply {
  return badRequest('the object provided is unrecognized (must be of type TokenRequest or a review)');
}
