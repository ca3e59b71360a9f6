/** The definition of a custom resource. */
function definition(group: string, version: string, kind: string, scope = 'Namespaced'): object {
  const plural = kind.toLowerCase().replace(/(s?)$/, (end) => (end ? 'ses' : 's'));
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: { group, scope, names: { kind, plural }, versions: [{ name: version, served: true }] },
  };
}

/** A custom resource; an empty namespace makes it one of the cluster. */
export function custom(
  apiVersion: string,
  kind: string,
  name: string,
  spec: object,
  namespace = 'shop',
): object {
  return { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) }, spec };
}

/** The Secrets Store CSI driver, installed as it should be. */
export const CSI: readonly object[] = [
  definition('secrets-store.csi.x-k8s.io', 'v1', 'SecretProviderClass'),
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: 'secrets-store.csi.k8s.io' },
    spec: { tokenRequests: [{ audience: 'api://AzureADTokenExchange' }] },
  },
];

/** A class that signs in as a client id. */
export function secretClass(clientID: string): object {
  return custom('secrets-store.csi.x-k8s.io/v1', 'SecretProviderClass', 'shop-vault', {
    provider: 'azure',
    parameters: { clientID, keyvaultName: 'kv', objects: 'array: secret-name' },
  });
}

/** KEDA, which scales web by a trigger with workload identity. */
export const KEDA: readonly object[] = [
  definition('keda.sh', 'v1alpha1', 'ScaledObject'),
  definition('keda.sh', 'v1alpha1', 'TriggerAuthentication'),
  definition('keda.sh', 'v1alpha1', 'ClusterTriggerAuthentication', 'Cluster'),
  custom('keda.sh/v1alpha1', 'ScaledObject', 'web', {
    scaleTargetRef: { name: 'web' },
    triggers: [{ type: 'azure-queue', authenticationRef: { name: 'queue' } }],
  }),
  custom('keda.sh/v1alpha1', 'TriggerAuthentication', 'queue', {
    podIdentity: { provider: 'azure-workload' },
  }),
];
/** External Secrets without any store. */
export const STORES: readonly object[] = [
  definition('external-secrets.io', 'v1beta1', 'SecretStore'),
  definition('external-secrets.io', 'v1beta1', 'ClusterSecretStore', 'Cluster'),
];

/** Everything that may sign in in the place of an app. */
export const CUSTOM_RESOURCES: readonly object[] = [
  ...CSI,
  secretClass('11111111-1111-4111-8111-111111111111'),
  ...KEDA,
  ...STORES,
];
