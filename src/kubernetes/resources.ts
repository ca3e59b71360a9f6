/** How one kind of object is addressed at the API server. */
export interface ResourceRef {
  /** API group, empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, lower case, as in the path. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

type Row = readonly [group: string, version: string, resource: string, kind: string, namespaced: boolean];

function row([group, version, resource, kind, namespaced]: Row): ResourceRef {
  return { group, version, resource, kind, namespaced };
}

const RBAC = 'rbac.authorization.k8s.io';
const EXTERNAL_SECRETS = 'external-secrets.io';
const KEDA = 'keda.sh';
const ADMISSION = 'admissionregistration.k8s.io';

export type ResourceName =
  | 'pods'
  | 'namespaces'
  | 'serviceaccounts'
  | 'events'
  | 'configmaps'
  | 'nodes'
  | 'secrets'
  | 'replicasets'
  | 'deployments'
  | 'statefulsets'
  | 'daemonsets'
  | 'jobs'
  | 'cronjobs'
  | 'endpointslices'
  | 'mutatingwebhookconfigurations'
  | 'clusterroles'
  | 'clusterrolebindings'
  | 'roles'
  | 'rolebindings'
  | 'csidrivers'
  | 'customresourcedefinitions'
  | 'secretproviderclasses'
  | 'secretstores'
  | 'clustersecretstores'
  | 'scaledobjects'
  | 'triggerauthentications'
  | 'clustertriggerauthentications';

/** Every kind wi-doctor knows, by its plural name. */
export const RESOURCES: Readonly<Record<ResourceName, ResourceRef>> = {
  pods: row(['', 'v1', 'pods', 'Pod', true]),
  namespaces: row(['', 'v1', 'namespaces', 'Namespace', false]),
  serviceaccounts: row(['', 'v1', 'serviceaccounts', 'ServiceAccount', true]),
  events: row(['', 'v1', 'events', 'Event', true]),
  configmaps: row(['', 'v1', 'configmaps', 'ConfigMap', true]),
  nodes: row(['', 'v1', 'nodes', 'Node', false]),
  // Only whether a secret exists and of which type it is may be asked; its data is never read.
  secrets: row(['', 'v1', 'secrets', 'Secret', true]),
  replicasets: row(['apps', 'v1', 'replicasets', 'ReplicaSet', true]),
  deployments: row(['apps', 'v1', 'deployments', 'Deployment', true]),
  statefulsets: row(['apps', 'v1', 'statefulsets', 'StatefulSet', true]),
  daemonsets: row(['apps', 'v1', 'daemonsets', 'DaemonSet', true]),
  jobs: row(['batch', 'v1', 'jobs', 'Job', true]),
  cronjobs: row(['batch', 'v1', 'cronjobs', 'CronJob', true]),
  endpointslices: row(['discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice', true]),
  mutatingwebhookconfigurations: row([
    ADMISSION,
    'v1',
    'mutatingwebhookconfigurations',
    'MutatingWebhookConfiguration',
    false,
  ]),
  clusterroles: row([RBAC, 'v1', 'clusterroles', 'ClusterRole', false]),
  clusterrolebindings: row([RBAC, 'v1', 'clusterrolebindings', 'ClusterRoleBinding', false]),
  roles: row([RBAC, 'v1', 'roles', 'Role', true]),
  rolebindings: row([RBAC, 'v1', 'rolebindings', 'RoleBinding', true]),
  csidrivers: row(['storage.k8s.io', 'v1', 'csidrivers', 'CSIDriver', false]),
  customresourcedefinitions: row([
    'apiextensions.k8s.io',
    'v1',
    'customresourcedefinitions',
    'CustomResourceDefinition',
    false,
  ]),
  secretproviderclasses: row([
    'secrets-store.csi.x-k8s.io',
    'v1',
    'secretproviderclasses',
    'SecretProviderClass',
    true,
  ]),
  secretstores: row([EXTERNAL_SECRETS, 'v1', 'secretstores', 'SecretStore', true]),
  clustersecretstores: row([EXTERNAL_SECRETS, 'v1', 'clustersecretstores', 'ClusterSecretStore', false]),
  scaledobjects: row([KEDA, 'v1alpha1', 'scaledobjects', 'ScaledObject', true]),
  triggerauthentications: row([KEDA, 'v1alpha1', 'triggerauthentications', 'TriggerAuthentication', true]),
  clustertriggerauthentications: row([
    KEDA,
    'v1alpha1',
    'clustertriggerauthentications',
    'ClusterTriggerAuthentication',
    false,
  ]),
};

/** Singular forms and kubectl's short names, beside the plural that is the key of RESOURCES. */
const ALIASES: Readonly<Record<ResourceName, readonly string[]>> = {
  pods: ['pod', 'po'],
  namespaces: ['namespace', 'ns'],
  serviceaccounts: ['serviceaccount', 'sa'],
  events: ['event', 'ev'],
  configmaps: ['configmap', 'cm'],
  nodes: ['node', 'no'],
  secrets: ['secret'],
  replicasets: ['replicaset', 'rs'],
  deployments: ['deployment', 'deploy'],
  statefulsets: ['statefulset', 'sts'],
  daemonsets: ['daemonset', 'ds'],
  jobs: ['job'],
  cronjobs: ['cronjob', 'cj'],
  endpointslices: ['endpointslice'],
  mutatingwebhookconfigurations: ['mutatingwebhookconfiguration'],
  clusterroles: ['clusterrole'],
  clusterrolebindings: ['clusterrolebinding'],
  roles: ['role'],
  rolebindings: ['rolebinding'],
  csidrivers: ['csidriver'],
  customresourcedefinitions: ['customresourcedefinition', 'crd', 'crds'],
  secretproviderclasses: ['secretproviderclass'],
  secretstores: ['secretstore', 'ss'],
  clustersecretstores: ['clustersecretstore', 'css'],
  scaledobjects: ['scaledobject', 'so'],
  triggerauthentications: ['triggerauthentication', 'ta'],
  clustertriggerauthentications: ['clustertriggerauthentication', 'cta'],
};

/**
 * The resource a user means: `po`, `Deployment`, `deployments`, `deploy.apps`, `deployments.v1.apps`.
 *
 * Case does not matter, as in kubectl. Returns undefined for a word that names none of RESOURCES, and for a
 * known name with a foreign group (`pods.metrics.k8s.io`).
 */
export function resourceNamed(word: string): ResourceRef | undefined {
  const [name = '', ...suffix] = word.toLowerCase().split('.');
  const found = (Object.keys(RESOURCES) as ResourceName[]).find(
    (resource) => resource === name || ALIASES[resource].includes(name),
  );
  if (found === undefined) return undefined;
  const ref = RESOURCES[found];
  if (suffix.length === 0) return ref;
  const group = suffix.join('.');
  return group === ref.group || group === `${ref.version}.${ref.group}` ? ref : undefined;
}

/** The resource of an object or owner reference: `('apps/v1', 'ReplicaSet')`. The version is not compared. */
export function resourceOf(
  apiVersion: string | undefined,
  kind: string | undefined,
): ResourceRef | undefined {
  const group = apiVersion?.includes('/') === true ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return Object.values(RESOURCES).find((ref) => ref.kind === kind && ref.group === group);
}

/** `v1`, `apps/v1`. */
export function apiVersionOf(ref: ResourceRef): string {
  return ref.group === '' ? ref.version : `${ref.group}/${ref.version}`;
}

/** Which object or list a path leads to. */
export interface Place {
  /** Left out for a cluster-scoped kind, and for a list over all namespaces. */
  readonly namespace?: string | undefined;
  /** Left out for a list. */
  readonly name?: string | undefined;
  /** `token`, `log`. */
  readonly subresource?: string | undefined;
}

/**
 * The path of an object or a list at the API server: `/apis/apps/v1/namespaces/shop/deployments/web`.
 *
 * Names are percent-encoded, and `.`, `..` and empty names are refused, so that a name from outside cannot
 * lead elsewhere.
 */
export function pathOf(ref: ResourceRef, place: Place = {}): string {
  const parts = ref.group === '' ? ['/api', ref.version] : ['/apis', ref.group, ref.version];
  if (ref.namespaced && place.namespace !== undefined) parts.push('namespaces', segment(place.namespace));
  parts.push(ref.resource);
  if (place.name !== undefined) {
    if (ref.namespaced && place.namespace === undefined) {
      throw new TypeError(`A ${ref.kind} has a namespace: name it to address one.`);
    }
    parts.push(segment(place.name));
    if (place.subresource !== undefined) parts.push(segment(place.subresource));
  }
  return parts.join('/');
}

function segment(name: string): string {
  if (name === '' || name === '.' || name === '..') {
    throw new TypeError(`'${name}' is no name of a Kubernetes object.`);
  }
  return encodeURIComponent(name);
}

/** What a path at the API server addresses; undefined for `/version`, `/openid/v1/jwks` and the like. */
export interface Address extends Place {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** The reverse of `pathOf`, for known and unknown resources alike; a query string is ignored. */
export function addressOf(path: string): Address | undefined {
  const parts = (path.split('?')[0] ?? '').split('/').slice(1).map(decoded);
  const [root, ...rest] = parts;
  let group = '';
  if (root === 'apis') group = rest.shift() ?? '';
  else if (root !== 'api') return undefined;
  const version = rest.shift();
  if (version === undefined || rest.length === 0) return undefined;
  let namespace: string | undefined;
  if (rest[0] === 'namespaces' && rest.length > 2) {
    namespace = rest[1];
    rest.splice(0, 2);
  }
  const [resource = '', name, subresource] = rest;
  return { group, version, resource, namespace, name, subresource };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
