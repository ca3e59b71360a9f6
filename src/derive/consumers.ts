import { present, unknown, type Fact } from '../fact.ts';
import type { FactSet } from '../collected-facts.ts';
import { diagnosisCommand } from '../diagnosis-command.ts';
import type {
  Pod,
  PodSpec,
  ScaledObject,
  SecretProviderClass,
  SecretStore,
  TriggerAuthentication,
} from '../kubernetes/types.ts';
import type { Workload } from './workload.ts';

/** Somebody who signs in to Entra in the place of a workload. */
export interface Consumer {
  /**
   * `secrets-store`: the CSI driver, as the pod's own service account. `keda`: its operator, always as its own.
   * `external-secrets`: its controller, as the account that a store refers to, else as its own.
   */
  readonly by: 'secrets-store' | 'keda' | 'external-secrets';
  /** The object that says so. */
  readonly object: { readonly kind: string; readonly name: string };
  /** The client id it names itself; null when it goes by the service account's annotation. */
  readonly clientId: string | null;
  readonly tenantId: string | null;
  /** The service account that signs in; null when the operator runs as its own, wherever that is. */
  readonly account: { readonly namespace: string; readonly name: string } | null;
  /** Audiences that it asks for besides the usual one. */
  readonly audiences: readonly string[];
  /** The command that diagnoses that sign-in. */
  readonly command: string;
}

const DRIVER = 'secrets-store.csi.k8s.io';

/** The classes that the volumes of a pod name. */
export function mountedClasses(spec: PodSpec): { readonly name: string; readonly hasSecret: boolean }[] {
  return (spec.volumes ?? []).flatMap(({ csi }) =>
    csi?.driver === DRIVER
      ? [
          {
            name: csi.volumeAttributes?.['secretProviderClass'] ?? '',
            hasSecret: csi.nodePublishSecretRef !== undefined,
          },
        ]
      : [],
  );
}

/** How a class of the Azure provider signs in. */
export function signInOfClass({ spec }: SecretProviderClass): 'workload-identity' | 'other' | 'none' {
  const { provider, parameters = {} } = spec ?? {};
  if (provider !== 'azure') return 'other';
  const isOn = (name: string): boolean => (parameters[name] ?? '').toLowerCase() === 'true';
  if (isOn('usePodIdentity') || isOn('useVMManagedIdentity')) return 'other';
  return (parameters['clientID'] ?? '') === '' ? 'none' : 'workload-identity';
}

function ofSecretsStore(workload: Workload, classes: readonly SecretProviderClass[]): Consumer[] {
  const { namespace } = workload.object;
  return mountedClasses(workload.spec).flatMap(({ name, hasSecret }) => {
    const found = classes.find(({ metadata }) => metadata?.name === name);
    if (!found || hasSecret || signInOfClass(found) !== 'workload-identity') return [];
    const { clientID = '', tenantId, tenantID, useAzureTokenProxy } = found.spec?.parameters ?? {};
    const proxied = useAzureTokenProxy?.toLowerCase() === 'true';
    return [
      {
        by: 'secrets-store',
        object: { kind: 'SecretProviderClass', name },
        clientId: clientID,
        tenantId: tenantId ?? tenantID ?? null,
        account: { namespace, name: workload.serviceAccountName },
        audiences: proxied ? ['api://AKSIdentityBinding'] : [],
        command: diagnosisCommand(workload.object),
      },
    ];
  });
}

/** Whether a pod is that of KEDA's operator, which signs in as every identity that triggers name. */
export function isKedaOperator({ metadata, spec }: Pod): boolean {
  const labels = metadata?.labels ?? {};
  return (
    (labels['app'] ?? labels['app.kubernetes.io/name']) === 'keda-operator' &&
    spec?.serviceAccountName === 'keda-operator'
  );
}

/** Whether a trigger authentication has KEDA use workload identity. */
export function usesWorkloadIdentity({ spec }: TriggerAuthentication): boolean {
  return spec?.podIdentity?.provider === 'azure-workload';
}

function ofKeda(
  workload: Workload,
  scaled: readonly ScaledObject[],
  authentications: readonly TriggerAuthentication[],
): Consumer[] {
  const { controller } = workload;
  const own = scaled.filter(
    ({ spec }) =>
      spec?.scaleTargetRef?.name === controller.name &&
      (spec.scaleTargetRef.kind ?? 'Deployment') === controller.kind,
  );
  const referred = own
    .flatMap(({ spec }) => spec?.triggers ?? [])
    .flatMap(({ authenticationRef }) => authenticationRef ?? []);
  return authentications
    .filter(usesWorkloadIdentity)
    .filter(({ kind = '', metadata }) =>
      referred.some((one) => one.name === metadata?.name && (one.kind ?? 'TriggerAuthentication') === kind),
    )
    .map(({ kind = '', metadata, spec }) => ({
      by: 'keda',
      object: { kind, name: metadata?.name ?? '' },
      clientId: spec?.podIdentity?.identityId || null,
      tenantId: spec?.podIdentity?.identityTenantId || null,
      account: null,
      audiences: [],
      // The add-on of AKS runs there; a Helm release wherever it was put.
      command: 'wi-doctor deploy keda-operator -n kube-system',
    }));
}

/** Whether a store signs in by workload identity. */
export function isByWorkloadIdentity({ spec }: SecretStore): boolean {
  return spec?.provider?.azurekv?.authType === 'WorkloadIdentity';
}

/** The service account that a store refers to; null when the controller signs in as its own. */
export function accountOfStore(
  { kind, spec }: SecretStore,
  namespace: string,
): { namespace: string; name: string } | null {
  const reference = spec?.provider?.azurekv?.serviceAccountRef;
  if (!reference?.name) return null;
  // A store of one namespace may only refer to an account of its own.
  return {
    name: reference.name,
    namespace: kind === 'ClusterSecretStore' ? (reference.namespace ?? namespace) : namespace,
  };
}

function ofExternalSecrets(workload: Workload, stores: readonly SecretStore[]): Consumer[] {
  const { kind, object, serviceAccountName } = workload;
  return stores.filter(isByWorkloadIdentity).flatMap((store) => {
    const account = accountOfStore(store, object.namespace);
    const named = account?.name === serviceAccountName && account.namespace === object.namespace;
    if (kind === 'service-account' ? !named : !readsSecrets(workload.spec)) return [];
    const { tenantId, serviceAccountRef } = store.spec?.provider?.azurekv ?? {};
    return [
      {
        by: 'external-secrets',
        object: { kind: store.kind ?? '', name: store.metadata?.name ?? '' },
        clientId: null,
        tenantId: tenantId ?? null,
        account,
        audiences: serviceAccountRef?.audiences ?? [],
        command: account
          ? diagnosisCommand({ kind: 'ServiceAccount', ...account })
          : 'wi-doctor deploy external-secrets -n external-secrets',
      },
    ];
  });
}

/** Whether a pod uses Secrets, which External Secrets may have filled. */
function readsSecrets({ containers = [], initContainers = [], volumes = [] }: PodSpec): boolean {
  return (
    volumes.some(({ secret }) => secret !== undefined) ||
    [...containers, ...initContainers].some(
      ({ env = [], envFrom = [] }) =>
        env.some(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined) ||
        envFrom.some(({ secretRef }) => secretRef !== undefined),
    )
  );
}

function itemsOf<T>(fact: Fact<readonly T[]> | undefined): readonly T[] {
  return fact?.state === 'present' ? fact.value : [];
}

/** Who signs in in the place of a workload; unknown when a pod mounts what could not be looked up. */
export function consumersFact(workload: Fact<Workload>, { facts }: FactSet): Fact<readonly Consumer[]> {
  if (workload.state !== 'present') return workload;
  const { secretProviderClasses: classes } = facts;
  if (mountedClasses(workload.value.spec).length > 0 && classes?.state !== 'present') {
    if (classes?.state === 'absent') return present([], classes.origin);
    return classes ?? unknown('the SecretProviderClass was not collected');
  }
  const authentications = [
    ...itemsOf(facts.triggerAuthentications),
    ...itemsOf(facts.clusterTriggerAuthentications),
  ];
  const stores = [...itemsOf(facts.secretStores), ...itemsOf(facts.clusterSecretStores)];
  const consumers = [
    ...ofSecretsStore(workload.value, itemsOf(classes)),
    ...ofKeda(workload.value, itemsOf(facts.scaledObjects), authentications),
    ...ofExternalSecrets(workload.value, stores),
  ];
  return present(consumers, 'kubernetes: custom resources');
}
