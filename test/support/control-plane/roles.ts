import type { AllowRule, DenyRule } from '../kubernetes/authorization.ts';
import type { KubernetesObject } from '../kubernetes/objects.ts';
import { resourceTypes, SUBRESOURCES } from '../kubernetes/resources.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** A right that only these roles give: once it is in force, so are they. */
export const SENTINEL = { group: 'tests.wi-doctor', resource: 'sentinels', verb: 'get' };
const SENTINEL_RULE: AllowRule = {
  apiGroups: [SENTINEL.group],
  resources: [SENTINEL.resource],
  verbs: [SENTINEL.verb],
};

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'impersonate'];
const PATHS = [
  '/.well-known/openid-configuration',
  '/openid/v1/jwks',
  ...['/version', '/healthz', '/livez', '/readyz', '/api', '/apis', '/openapi'].flatMap((path) => [
    path,
    `${path}/*`,
  ]),
];

/** RBAC knows no refusals, so that everything else has to be allowed: by name, since `*` would be everything. */
export function allBut(deny: readonly DenyRule[], objects: readonly KubernetesObject[]): AllowRule[] {
  const plurals = [
    ...resourceTypes(objects).map(({ plural }) => plural),
    ...Object.keys(SUBRESOURCES),
    'users',
    'groups',
    'subjectaccessreviews',
  ];
  const left = (name: string): string[] =>
    VERBS.filter(
      (verb) =>
        !deny.some(
          (rule) =>
            ['*', verb].includes(rule.verb) &&
            ['*', name].includes(rule.resource.replace(/\..*(?=\/|$)/, '')),
        ),
    );
  return [
    ...[...new Set(plurals)].map((name) => ({ apiGroups: ['*'], resources: [name], verbs: left(name) })),
    ...PATHS.filter(
      (path) =>
        !deny.some(({ verb, resource }) => ['*', 'get'].includes(verb) && ['*', path].includes(resource)),
    ).map((path) => ({ nonResourceURLs: [path], verbs: ['get'] })),
  ].filter(({ verbs }) => verbs.length > 0);
}

/** Where a set of rules can be seen to be in force. */
export interface Roles {
  readonly objects: readonly KubernetesObject[];
  /** Namespaces of the roles; undefined stands for the whole cluster. */
  readonly scopes: readonly (string | undefined)[];
}

/** Roles with these rules, and their bindings to one user. */
export function rolesOf(user: string, rules: readonly AllowRule[]): Roles {
  const scopes = [...new Set(rules.map(({ namespace }) => namespace))];
  const objects = scopes.flatMap((namespace) => {
    const kind = namespace === undefined ? 'ClusterRole' : 'Role';
    const metadata = { name: user, ...(namespace === undefined ? {} : { namespace }) };
    const given = rules
      .filter((rule) => rule.namespace === namespace)
      .map(({ namespace: _namespace, ...rule }) => rule);
    return [
      { apiVersion: `${GROUP}/v1`, kind, metadata, rules: [...given, SENTINEL_RULE] },
      {
        apiVersion: `${GROUP}/v1`,
        kind: `${kind}Binding`,
        metadata,
        roleRef: { apiGroup: GROUP, kind, name: user },
        subjects: [{ apiGroup: GROUP, kind: 'User', name: user }],
      },
    ];
  });
  return { objects, scopes };
}
