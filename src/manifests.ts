import type { Right } from './rights.ts';

/** A rule of a Role or ClusterRole. */
export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** An object of RBAC, ready to apply. */
export interface Manifest {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'ClusterRole' | 'ClusterRoleBinding' | 'Role' | 'RoleBinding';
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly PolicyRule[];
  readonly roleRef?: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly apiGroup: string }[];
}

/** A custom role as `az role definition create` takes it. */
export interface RoleDefinition {
  readonly Name: string;
  readonly IsCustom: true;
  readonly Description: string;
  readonly Actions: readonly string[];
  readonly NotActions: readonly string[];
  readonly AssignableScopes: readonly string[];
}

/** Who gets rights. */
export interface Holder {
  readonly kind: 'Group' | 'User';
  readonly name: string;
}

export interface ManifestOptions {
  /** Where pods are looked at; null for all namespaces. */
  readonly namespace: string | null;
  readonly webhookNamespace: string;
  /** Who gets the rights. */
  readonly holder: Holder;
}

const NAME = 'wi-doctor';
const API_GROUP = 'rbac.authorization.k8s.io';
const API_VERSION = `${API_GROUP}/v1` as const;

type KubernetesRight = Extract<Right, { kind: 'kubernetes' }>;

function gather<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].toSorted();
}

/** Rights as rules: one per API group and set of verbs. */
function rulesOf(rights: readonly KubernetesRight[]): PolicyRule[] {
  const resources = gather(rights, ({ group, resource, name }) => [group, resource, name].join('|')).map(
    ([first, ...more]) => ({
      ...first,
      verbs: unique([first, ...more].flatMap((right) => right?.verb ?? [])),
    }),
  );
  return gather(resources, ({ group, name, verbs }) => [group, name, ...verbs].join('|')).map((alike) => {
    const [first] = alike;
    return {
      apiGroups: [first?.group ?? ''],
      resources: unique(alike.map(({ resource }) => resource ?? '')),
      ...(first?.name === undefined ? {} : { resourceNames: [first.name] }),
      verbs: first?.verbs ?? [],
    };
  });
}

function urlRules(rights: readonly Right[]): PolicyRule[] {
  const paths = unique(rights.flatMap((right) => (right.kind === 'url' ? [right.path] : [])));
  return paths.length === 0 ? [] : [{ nonResourceURLs: paths, verbs: ['get'] }];
}

/** Roles for one user have names of their own, so that applying them takes nothing from anybody else. */
function nameFor({ kind, name }: Holder): string {
  return kind === 'Group' ? NAME : `${NAME}-${name.replaceAll(/[/%]/g, '-')}`;
}

/** A role and who has it. @param namespace Null for the whole cluster. */
function bound(namespace: string | null, rules: readonly PolicyRule[], holder: Holder): Manifest[] {
  if (rules.length === 0) return [];
  const kind = namespace === null ? 'ClusterRole' : 'Role';
  const name = nameFor(holder);
  const metadata = { name, ...(namespace === null ? {} : { namespace }) };
  return [
    { apiVersion: API_VERSION, kind, metadata, rules },
    {
      apiVersion: API_VERSION,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: API_GROUP, kind, name },
      subjects: [{ ...holder, apiGroup: API_GROUP }],
    },
  ];
}

/** The Kubernetes objects that grant rights, and no more than these. */
export function kubernetesManifests(rights: readonly Right[], options: ManifestOptions): Manifest[] {
  const { namespace, webhookNamespace, holder } = options;
  const own = rights.filter((right) => right.kind === 'kubernetes');
  const whole = own.filter(
    ({ where }) => where === 'cluster' || (where === 'namespace' && namespace === null),
  );
  const inNamespace = namespace === null ? [] : own.filter(({ where }) => where === 'namespace');
  const inWebhook = own.filter(({ where }) => where === 'webhook');
  // Two roles of one name in one namespace would be one.
  const together = namespace === webhookNamespace;
  return [
    ...bound(null, [...rulesOf(whole), ...urlRules(rights)], holder),
    ...bound(namespace, together ? [] : rulesOf(inNamespace), holder),
    ...bound(webhookNamespace, rulesOf(together ? [...inNamespace, ...inWebhook] : inWebhook), holder),
  ];
}

/** The custom role of Azure that grants rights. */
export function azureRole(rights: readonly Right[]): RoleDefinition {
  return {
    Name: 'wi-doctor',
    IsCustom: true,
    Description: 'What wi-doctor reads: managed identities, their federated credentials, the cluster.',
    Actions: unique(rights.flatMap((right) => (right.kind === 'azure' ? [right.action] : []))),
    NotActions: [],
    AssignableScopes: ['/subscriptions/SUBSCRIPTION_ID'],
  };
}

/** Permissions of Microsoft Graph, which no role of Azure contains. */
export function graphPermissions(rights: readonly Right[]): string[] {
  return unique(rights.flatMap((right) => (right.kind === 'graph' ? [right.permission] : [])));
}
