import type { Received } from '../https-server.ts';
import { qualified } from './resources.ts';

/** A request as authorization sees it. */
export interface RequestInfo {
  readonly verb: string;
  readonly resourceRequest: boolean;
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

const VERBS: Record<string, string> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** The real server's rules for turning a path into verb, resource and name. */
export function requestInfo({
  method,
  path,
  query,
}: Pick<Received, 'method' | 'path' | 'query'>): RequestInfo {
  const match = /^\/(?:api\/(?<core>v[^/]+)|apis\/(?<group>[^/]+)\/(?<version>[^/]+))\/(?<rest>.+?)\/?$/.exec(
    path,
  );
  if (!match?.groups) {
    return {
      verb: method.toLowerCase(),
      resourceRequest: false,
      path,
      group: '',
      version: '',
      resource: '',
      subresource: '',
      namespace: undefined,
      name: undefined,
    };
  }
  const { core, group = '', version, rest = '' } = match.groups;
  const segments = rest.split('/').map(decodeURIComponent);
  // `namespaces/demo` is the namespace itself, `namespaces/demo/pods` something in it.
  const namespaced = segments[0] === 'namespaces' && segments.length > 2;
  const namespace = segments[0] === 'namespaces' ? segments[1] : undefined;
  const [resource = '', name, subresource = ''] = namespaced ? segments.slice(2) : segments;
  return {
    verb: verbOf(method, name, query),
    resourceRequest: true,
    path,
    group,
    version: core ?? version ?? '',
    resource,
    subresource,
    namespace,
    name,
  };
}

function verbOf(method: string, name: string | undefined, query: URLSearchParams): string {
  if (method !== 'GET' && method !== 'HEAD') {
    return method === 'DELETE' && name === undefined
      ? 'deletecollection'
      : (VERBS[method] ?? method.toLowerCase());
  }
  if (query.get('watch') === 'true' || query.get('watch') === '1') return 'watch';
  return name === undefined ? 'list' : 'get';
}

/** `pods`, `pods/log`, `deployments.apps` */
export function resourceLabel({ resource, subresource, group }: RequestInfo): string {
  return qualified(resource, group) + (subresource && `/${subresource}`);
}
