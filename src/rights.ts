import type { ClientFacts, CollectedFacts } from './collected-facts.ts';
import type { DerivedFacts, FactName, SubjectFacts } from './facts.ts';
import { RESOURCES, type ResourceName } from './kubernetes/resources.ts';

/** What has to be allowed for a fact to be seen. */
export type Right =
  | {
      readonly kind: 'kubernetes';
      readonly verb: 'get' | 'list' | 'create';
      /** API group, empty for the core group. */
      readonly group: string;
      /** Plural name, with a subresource behind a slash. */
      readonly resource: string;
      /** The one object that is read; any of them when left out. */
      readonly name?: string;
      /** Objects of the whole cluster, of the namespace in question, or of the webhook's. */
      readonly where: 'cluster' | 'namespace' | 'webhook';
    }
  | { readonly kind: 'url'; readonly path: string }
  | { readonly kind: 'azure'; readonly action: string }
  | { readonly kind: 'graph'; readonly permission: string };

/** Rights beyond reading, for flags that ask for more. */
export type Extra = 'mint' | 'exec' | 'logs';

type Where = 'cluster' | 'namespace' | 'webhook';

function read(verb: 'get' | 'list', name: ResourceName, where: Where, object?: string): Right {
  const { group, resource } = RESOURCES[name];
  return { kind: 'kubernetes', verb, group, resource, where, ...(object ? { name: object } : {}) };
}

const get = (name: ResourceName, where: Where = 'namespace', object?: string): Right =>
  read('get', name, where, object);
const list = (name: ResourceName, where: Where = 'namespace'): Right => read('list', name, where);
const azure = (action: string): Right => ({ kind: 'azure', action: `Microsoft.${action}/read` });

const GRAPH: Right = { kind: 'graph', permission: 'Application.Read.All' };

/**
 * What each collected fact needs, in one place: `wi-doctor rbac` prints it.
 *
 * Nothing is listed that every signed-in user may read anyway, such as `/version` and `/apis`, nor what is no
 * question to the cluster or to Azure.
 */
export const RIGHTS: Readonly<Record<keyof CollectedFacts | keyof ClientFacts, readonly Right[]>> = {
  now: [],
  clocks: [],
  target: [],
  options: [],
  pod: [get('pods')],
  template: [],
  namespace: [get('namespaces', 'cluster')],
  serviceAccount: [get('serviceaccounts')],
  otherServiceAccounts: [list('serviceaccounts')],
  siblings: [list('pods')],
  accountPods: [list('pods')],
  owners: [
    get('replicasets'),
    list('replicasets'),
    get('deployments'),
    get('statefulsets'),
    get('daemonsets'),
    get('jobs'),
    list('jobs'),
    get('cronjobs'),
  ],
  // For the cluster as a whole those of all namespaces count.
  events: [list('events', 'cluster')],
  node: [get('nodes', 'cluster')],
  webhookConfigurations: [list('mutatingwebhookconfigurations', 'cluster')],
  webhookDeployments: [list('deployments', 'cluster')],
  webhookPods: [list('pods', 'cluster')],
  webhookEndpoints: [list('endpointslices', 'webhook')],
  webhookConfig: [get('configmaps', 'webhook', 'azure-wi-webhook-config')],
  bindingRules: [list('clusterroles', 'cluster'), list('clusterrolebindings', 'cluster')],
  apiGroups: [],
  secretProviderClasses: [list('secretproviderclasses')],
  csiDriver: [get('csidrivers', 'cluster', 'secrets-store.csi.k8s.io')],
  secretStores: [list('secretstores')],
  clusterSecretStores: [list('clustersecretstores', 'cluster')],
  scaledObjects: [list('scaledobjects')],
  triggerAuthentications: [list('triggerauthentications')],
  clusterTriggerAuthentications: [list('clustertriggerauthentications', 'cluster')],
  apiServerDiscovery: [{ kind: 'url', path: '/.well-known/openid-configuration' }],
  apiServerKeys: [{ kind: 'url', path: '/openid/v1/jwks' }],
  apiServerVersion: [],
  discovery: [],
  jwks: [],
  token: [],
  tokenSignature: [],
  aksCluster: [azure('ContainerService/managedClusters')],
  identityBindings: [azure('ContainerService/managedClusters/identityBindings')],
  tenants: [],
  roleAssignments: [
    azure('Authorization/roleAssignments'),
    azure('Authorization/roleDefinitions'),
    azure('KeyVault/vaults'),
  ],
  exchanges: [],
  errors: [],
  identity: [
    azure('Resources/subscriptions'),
    azure('ResourceGraph/resources'),
    azure('ManagedIdentity/userAssignedIdentities'),
    GRAPH,
  ],
  federatedCredentials: [azure('ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials'), GRAPH],
};

/** What a flag needs besides. */
export const EXTRA_RIGHTS: Readonly<Record<Extra, readonly Right[]>> = {
  mint: [
    { kind: 'kubernetes', verb: 'create', group: '', resource: 'serviceaccounts/token', where: 'namespace' },
  ],
  // Over WebSockets the API server sees a get; newer ones ask for create as well.
  exec: [
    { kind: 'kubernetes', verb: 'get', group: '', resource: 'pods/exec', where: 'namespace' },
    { kind: 'kubernetes', verb: 'create', group: '', resource: 'pods/exec', where: 'namespace' },
  ],
  logs: [{ kind: 'kubernetes', verb: 'get', group: '', resource: 'pods/log', where: 'namespace' }],
};

/** The collected facts that a computed one is made of. */
const BEHIND: Readonly<
  Record<
    Exclude<keyof DerivedFacts | keyof SubjectFacts, keyof ClientFacts>,
    readonly (keyof typeof RIGHTS)[]
  >
> = {
  workload: ['pod', 'template', 'owners', 'serviceAccount', 'webhookConfig'],
  webhook: ['webhookConfigurations', 'webhookDeployments'],
  injection: ['pod', 'owners', 'namespace', 'webhookConfigurations', 'webhookDeployments'],
  tokenIssuer: ['token', 'apiServerDiscovery'],
  publishedKeys: ['jwks'],
  signIns: ['pod', 'serviceAccount'],
  clients: ['identity', 'federatedCredentials'],
  container: ['pod'],
  signIn: ['pod', 'serviceAccount'],
  credentialMatch: ['federatedCredentials', 'apiServerDiscovery'],
  exchange: ['exchanges'],
  consumers: [
    'secretProviderClasses',
    'csiDriver',
    'secretStores',
    'clusterSecretStores',
    'scaledObjects',
    'triggerAuthentications',
    'clusterTriggerAuthentications',
  ],
  complaints: ['errors'],
  tenant: ['tenants'],
};

function factsBehind(name: FactName): readonly (keyof typeof RIGHTS)[] {
  return Object.hasOwn(RIGHTS, name) ? [name as keyof typeof RIGHTS] : BEHIND[name as keyof typeof BEHIND];
}

/** Every right that the facts need, and those of the flags, each once. */
export function rightsFor(facts: readonly FactName[], extras: readonly Extra[]): Right[] {
  const rights = [
    ...facts.flatMap(factsBehind).flatMap((name) => RIGHTS[name]),
    ...extras.flatMap((extra) => EXTRA_RIGHTS[extra]),
  ];
  return [...new Map(rights.map((right) => [JSON.stringify(right), right])).values()];
}
