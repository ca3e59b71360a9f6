import type { TypedObject } from './objects.ts';

/** A resource type as discovery describes it. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Custom resources are stored without a schema, which shows in the order of their members. */
  readonly custom: boolean;
}

const READ_WRITE = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export const READ_WRITE_VERBS: readonly string[] = READ_WRITE;

/** `plural kind shortNames…`; a leading `*` marks cluster scope. */
const BUILT_IN: Record<string, string> = {
  v1: `
    configmaps ConfigMap cm
    endpoints Endpoints ep
    events Event ev
    limitranges LimitRange limits
    *namespaces Namespace ns
    *nodes Node no
    persistentvolumeclaims PersistentVolumeClaim pvc
    *persistentvolumes PersistentVolume pv
    pods Pod po
    replicationcontrollers ReplicationController rc
    resourcequotas ResourceQuota quota
    secrets Secret
    serviceaccounts ServiceAccount sa
    services Service svc`,
  'admissionregistration.k8s.io/v1': `
    *mutatingwebhookconfigurations MutatingWebhookConfiguration
    *validatingadmissionpolicies ValidatingAdmissionPolicy
    *validatingwebhookconfigurations ValidatingWebhookConfiguration`,
  'apiextensions.k8s.io/v1': `
    *customresourcedefinitions CustomResourceDefinition crd crds`,
  'apps/v1': `
    controllerrevisions ControllerRevision
    daemonsets DaemonSet ds
    deployments Deployment deploy
    replicasets ReplicaSet rs
    statefulsets StatefulSet sts`,
  'batch/v1': `
    cronjobs CronJob cj
    jobs Job`,
  'discovery.k8s.io/v1': `
    endpointslices EndpointSlice`,
  'events.k8s.io/v1': `
    events Event ev`,
  'networking.k8s.io/v1': `
    networkpolicies NetworkPolicy netpol`,
  'policy/v1': `
    poddisruptionbudgets PodDisruptionBudget pdb`,
  'rbac.authorization.k8s.io/v1': `
    *clusterrolebindings ClusterRoleBinding
    *clusterroles ClusterRole
    rolebindings RoleBinding
    roles Role`,
  'storage.k8s.io/v1': `
    *csidrivers CSIDriver`,
};

const builtIn = Object.entries(BUILT_IN).flatMap(([apiVersion, lines]) =>
  lines.split('\n').flatMap((line) => {
    const [plural, kind, ...shortNames] = line.trim().split(' ');
    if (!plural || !kind) return [];
    const name = plural.replace('*', '');
    return [
      {
        ...splitApiVersion(apiVersion),
        plural: name,
        singular: kind.toLowerCase(),
        kind,
        namespaced: !plural.startsWith('*'),
        shortNames,
        categories: ['pods', 'services', 'deployments', 'replicasets', 'jobs'].includes(name) ? ['all'] : [],
        custom: false,
      },
    ];
  }),
);

/** Requests that create nothing: they only answer. */
export const VIRTUAL_RESOURCES: Record<string, { plural: string; kind: string }[]> = {
  'authentication.k8s.io/v1': [{ plural: 'selfsubjectreviews', kind: 'SelfSubjectReview' }],
  'authorization.k8s.io/v1': [
    { plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
    { plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
    { plural: 'subjectaccessreviews', kind: 'SubjectAccessReview' },
  ],
};

/** Sub-resources that are served beside their pods and service accounts. */
export const SUBRESOURCES: Record<string, { kind: string; verbs: string[] }> = {
  'pods/exec': { kind: 'PodExecOptions', verbs: ['create', 'get'] },
  'pods/log': { kind: 'Pod', verbs: ['get'] },
  'serviceaccounts/token': { kind: 'TokenRequest', verbs: ['create'] },
};

interface Definition extends TypedObject {
  spec?: {
    group?: string;
    scope?: string;
    names?: {
      plural?: string;
      singular?: string;
      kind?: string;
      shortNames?: string[];
      categories?: string[];
    };
    versions?: { name?: string; served?: boolean }[];
  };
}

/** The built-in types and those of the CustomResourceDefinitions among `objects`. */
export function resourceTypes(objects: readonly object[]): ResourceType[] {
  return [...builtIn, ...objects.flatMap((object) => customTypes(object as Definition))];
}

function customTypes({ kind, spec }: Definition): ResourceType[] {
  if (kind !== 'CustomResourceDefinition' || !spec?.names) return [];
  const { names, group = '', scope, versions = [] } = spec;
  return versions
    .filter(({ served }) => served !== false)
    .map(({ name = 'v1' }) => ({
      group,
      version: name,
      plural: names.plural ?? '',
      singular: names.singular ?? names.kind?.toLowerCase() ?? '',
      kind: names.kind ?? '',
      namespaced: scope !== 'Cluster',
      shortNames: names.shortNames ?? [],
      categories: names.categories ?? [],
      custom: true,
    }));
}

export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.lastIndexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

export function joinApiVersion({ group, version }: { group: string; version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `pods`, `deployments.apps`: how messages name a resource. */
export function qualified(plural: string, group: string): string {
  return group === '' ? plural : `${plural}.${group}`;
}
