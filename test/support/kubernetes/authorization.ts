import type { Reply } from '../faults.ts';
import type { User } from './authentication.ts';
import { ANONYMOUS } from './authentication.ts';
import { type RequestInfo, resourceLabel } from './request.ts';
import { qualified } from './resources.ts';
import { failure } from './status.ts';

/** One refusal. `*` matches anything; a member that is left out, too. */
export interface DenyRule {
  verb: string;
  /** `pods`, `pods/log`, `deployments.apps`, or a path such as `/openid/v1/jwks`. */
  resource: string;
  namespace?: string;
  name?: string;
  user?: string;
}

/** A rule of a Role or ClusterRole. */
interface PolicyRule {
  apiGroups?: string[] | undefined;
  resources?: string[] | undefined;
  resourceNames?: string[] | undefined;
  nonResourceURLs?: string[] | undefined;
  verbs: string[];
}

/** A rule, in all namespaces unless one is named. */
export type AllowRule = PolicyRule & { namespace?: string };

export interface Policy {
  deny: DenyRule[];
  /** Only this is allowed. Left out: everything that is not denied. */
  allow?: AllowRule[] | undefined;
}

/** What every user may do on a cluster as it is installed. */
const PUBLIC_PATHS = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const DISCOVERY_PATHS = ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'];
/** The binding system:service-account-issuer-discovery of every cluster. */
const ISSUER_PATHS = [
  '/.well-known/openid-configuration',
  '/.well-known/openid-configuration/',
  '/openid/v1/jwks',
  '/openid/v1/jwks/',
];
const REVIEWS = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'];

export function isAllowed(policy: Policy, user: User, request: RequestInfo): boolean {
  if (policy.deny.some((rule) => denies(rule, user, request))) return false;
  if (!request.resourceRequest && matchesPath(PUBLIC_PATHS, request.path)) return true;
  if (user.name === ANONYMOUS.name) return false;
  if (!request.resourceRequest && matchesPath(DISCOVERY_PATHS, request.path)) return true;
  if (isServiceAccount(user) && !request.resourceRequest && matchesPath(ISSUER_PATHS, request.path))
    return true;
  if (request.group === 'authorization.k8s.io' && REVIEWS.includes(request.resource)) return true;
  return policy.allow === undefined || policy.allow.some((rule) => allows(rule, request));
}

function isServiceAccount({ groups }: User): boolean {
  return groups.includes('system:serviceaccounts');
}

function denies(rule: DenyRule, user: User, request: RequestInfo): boolean {
  const label = resourceLabel(request);
  const plain = label.replace(`.${request.group}`, '');
  const resource = request.resourceRequest ? [label, plain] : [request.path];
  return (
    (rule.verb === '*' || rule.verb === request.verb) &&
    (rule.resource === '*' || resource.includes(rule.resource)) &&
    (rule.namespace === undefined || rule.namespace === request.namespace) &&
    (rule.name === undefined || rule.name === request.name) &&
    (rule.user === undefined || rule.user === user.name)
  );
}

function allows(rule: AllowRule, request: RequestInfo): boolean {
  const has = (list: string[] | undefined, value: string): boolean =>
    list !== undefined && (list.includes('*') || list.includes(value));
  if (!has(rule.verbs, request.verb)) return false;
  if (!request.resourceRequest) return matchesPath(rule.nonResourceURLs ?? [], request.path);
  const resource = request.resource + (request.subresource && `/${request.subresource}`);
  return (
    has(rule.apiGroups, request.group) &&
    has(rule.resources, resource) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(request.name ?? '')) &&
    (rule.namespace === undefined || rule.namespace === request.namespace)
  );
}

function matchesPath(patterns: string[], path: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path,
  );
}

export function forbidden(user: User, request: RequestInfo): Reply {
  const { verb, resource, subresource, group, namespace, name, path } = request;
  if (!request.resourceRequest) {
    return failure({
      code: 403,
      reason: 'Forbidden',
      message: `forbidden: User "${user.name}" cannot ${verb} path "${path}"`,
      details: {},
    });
  }
  const subject = qualified(resource, group) + (name === undefined ? '' : ` "${name}"`);
  const asked = resource + (subresource && `/${subresource}`);
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return failure({
    code: 403,
    reason: 'Forbidden',
    message: `${subject} is forbidden: User "${user.name}" cannot ${verb} resource "${asked}" in API group "${group}" ${where}`,
    details: { ...(name !== undefined && { name }), ...(group && { group }), kind: resource },
  });
}

/** The rules as SelfSubjectRulesReview lists them. */
export function rulesOf(
  policy: Policy,
  user: User,
  namespace: string,
): { resourceRules: object[]; nonResourceRules: object[] } {
  const basic = [
    { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: REVIEWS },
    { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  ];
  const everything = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
  const given = (policy.allow ?? []).filter(
    (rule) => rule.namespace === undefined || rule.namespace === namespace,
  );
  const strip = ({ namespace: _namespace, ...rule }: AllowRule): object => rule;
  return {
    resourceRules: [
      ...basic,
      ...(policy.allow ? given.filter(({ resources }) => resources).map(strip) : everything),
    ],
    nonResourceRules: [
      { verbs: ['get'], nonResourceURLs: PUBLIC_PATHS },
      { verbs: ['get'], nonResourceURLs: [...DISCOVERY_PATHS, ...PUBLIC_PATHS].toSorted() },
      ...(isServiceAccount(user) ? [{ verbs: ['get'], nonResourceURLs: ISSUER_PATHS }] : []),
      ...(policy.allow
        ? given.filter(({ nonResourceURLs }) => nonResourceURLs).map(strip)
        : [{ verbs: ['*'], nonResourceURLs: ['*'] }]),
    ],
  };
}
