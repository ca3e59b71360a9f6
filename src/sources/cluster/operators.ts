import type { Fact } from '../../fact.ts';
import type { Answer, KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES, type ResourceName } from '../../kubernetes/resources.ts';
import type {
  CsiDriver,
  KubernetesObject,
  ObjectMeta,
  Pod,
  ScaledObject,
  SecretProviderClass,
  SecretStore,
  TriggerAuthentication,
} from '../../kubernetes/types.ts';
import { answerFact, listFact, map, NOT_NEEDED, type Facts } from './answer-fact.ts';

export const SECRETS_STORE_DRIVER = 'secrets-store.csi.k8s.io';

/** Where the label lies that has the webhook look at a pod. */
const USE_LABEL = 'azure.workload.identity/use';

/** Whether a pod mounts secrets through the Secrets Store CSI driver. */
export function mountsSecrets({ spec }: Pod): boolean {
  return (spec?.volumes ?? []).some(({ csi }) => csi?.driver === SECRETS_STORE_DRIVER);
}

/** Whether nothing in a pod shows that it means to sign in by itself: others may do it in its place. */
export function isBare({ metadata, spec }: Pod): boolean {
  const names = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].flatMap(({ env }) =>
    (env ?? []).map(({ name }) => name),
  );
  return metadata?.labels?.[USE_LABEL] === undefined && !names.includes('AZURE_FEDERATED_TOKEN_FILE');
}

interface GroupList {
  readonly groups?: readonly { readonly preferredVersion?: { readonly groupVersion?: string } }[];
}

/** API groups the cluster serves, each in its preferred version. Any user who is signed in may read them. */
export async function apiGroups(client: KubernetesClient): Promise<Fact<readonly string[]>> {
  return map(answerFact(await client.get<GroupList>('/apis'), '/apis'), ({ groups = [] }) =>
    groups.flatMap(({ preferredVersion }) => preferredVersion?.groupVersion ?? []),
  );
}

const NOT_SERVED = { state: 'absent', origin: 'kubernetes: /apis' } as const;

/** An object without the parts that nobody asks for; labels and annotations of others may hold anything. */
function bare<Spec>(object: KubernetesObject, spec: Spec): KubernetesObject & { spec: Spec } {
  const { namespace, name } = object.metadata ?? {};
  const metadata: ObjectMeta = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
  return { ...(object.kind === undefined ? {} : { kind: object.kind }), metadata, spec };
}

const SIGN_IN_PARAMETERS: readonly string[] = [
  'clientID',
  'tenantId',
  'tenantID',
  'usePodIdentity',
  'useVMManagedIdentity',
  'useAzureTokenProxy',
  'userAssignedIdentityID',
];

function pruneClass(object: SecretProviderClass): SecretProviderClass {
  const { provider, parameters = {} } = object.spec ?? {};
  const kept = Object.entries(parameters).filter(([name]) => SIGN_IN_PARAMETERS.includes(name));
  return bare(object, {
    ...(provider === undefined ? {} : { provider }),
    parameters: Object.fromEntries(kept),
  });
}

function pruneStore(object: SecretStore): SecretStore {
  const azurekv = object.spec?.provider?.azurekv;
  if (!azurekv) return bare(object, { provider: {} });
  const { authType, tenantId, serviceAccountRef } = azurekv;
  return bare(object, {
    provider: {
      azurekv: {
        ...(authType === undefined ? {} : { authType }),
        ...(tenantId === undefined ? {} : { tenantId }),
        ...(serviceAccountRef === undefined ? {} : { serviceAccountRef }),
      },
    },
  });
}

function pruneScaled(object: ScaledObject): ScaledObject {
  const { scaleTargetRef, triggers = [] } = object.spec ?? {};
  return bare(object, {
    ...(scaleTargetRef ? { scaleTargetRef } : {}),
    triggers: triggers.map(({ type, authenticationRef }) => ({
      ...(type === undefined ? {} : { type }),
      ...(authenticationRef ? { authenticationRef } : {}),
    })),
  });
}

function pruneAuthentication(object: TriggerAuthentication): TriggerAuthentication {
  const { podIdentity } = object.spec ?? {};
  return bare(object, podIdentity ? { podIdentity } : {});
}

/** Custom resources of one kind; absent where the cluster does not serve it. */
async function custom<T extends KubernetesObject>(
  client: KubernetesClient,
  name: ResourceName,
  namespace: string | undefined,
  prune: (object: T) => T,
  groups?: Fact<readonly string[]>,
): Promise<Fact<readonly T[]>> {
  const ref = RESOURCES[name];
  const served =
    groups?.state === 'present' ? groups.value.find((one) => one.startsWith(`${ref.group}/`)) : '';
  if (served === undefined) return NOT_SERVED;
  // An older operator serves an older version of the same.
  const version = served === '' ? ref.version : (served.split('/')[1] ?? ref.version);
  const place = ref.namespaced && namespace !== undefined ? { namespace } : {};
  const answer: Answer<{ readonly items: readonly T[] }> = await client.list<T>(
    pathOf({ ...ref, version }, place),
  );
  if (answer.kind === 'unknown' && answer.status === 404) return NOT_SERVED;
  const where = place.namespace === undefined ? 'the cluster' : `namespace ${namespace}`;
  return map(listFact(answer, `${name} of ${where}`), (items) =>
    items.map((item) => prune({ ...item, kind: ref.kind })),
  );
}

/** What the Secrets Store CSI driver mounts in a namespace. */
function secretProviderClasses(
  client: KubernetesClient,
  namespace: string,
  groups?: Fact<readonly string[]>,
): Promise<Fact<readonly SecretProviderClass[]>> {
  return custom(client, 'secretproviderclasses', namespace, pruneClass, groups);
}

/** Classes and driver for a pod that mounts secrets; nothing for any other. */
export async function secretsStoreFacts(
  client: KubernetesClient,
  namespace: string,
  pod: Pod,
): Promise<Pick<Facts, 'secretProviderClasses' | 'csiDriver'>> {
  if (!mountsSecrets(pod)) return {};
  const [classes, driver] = await Promise.all([
    secretProviderClasses(client, namespace),
    client.get<CsiDriver>(pathOf(RESOURCES.csidrivers, { name: SECRETS_STORE_DRIVER })),
  ]);
  const csiDriver = map(answerFact(driver, `CSI driver ${SECRETS_STORE_DRIVER}`), (object) =>
    bare(object, object.spec?.tokenRequests ? { tokenRequests: object.spec.tokenRequests } : {}),
  );
  return { secretProviderClasses: classes, csiDriver };
}

/** The facts about those who sign in in the place of others. */
type OperatorFact =
  | 'bindingRules'
  | 'scaledObjects'
  | 'triggerAuthentications'
  | 'clusterTriggerAuthentications'
  | 'secretStores'
  | 'clusterSecretStores';

/** What stands where nobody had to be asked. */
export const NO_OPERATORS: Facts = {
  bindingRules: NOT_NEEDED,
  apiGroups: NOT_NEEDED,
  secretProviderClasses: NOT_NEEDED,
  csiDriver: NOT_NEEDED,
  scaledObjects: NOT_NEEDED,
  triggerAuthentications: NOT_NEEDED,
  clusterTriggerAuthentications: NOT_NEEDED,
  secretStores: NOT_NEEDED,
  clusterSecretStores: NOT_NEEDED,
};

/** One more question, which is only asked while there is room for it. */
export interface Question {
  /** How many requests it takes; one unless given. */
  readonly cost?: number;
  /** The fact that stays unknown when there is no room for it. */
  readonly fact?: OperatorFact;
  readonly ask: () => Promise<Facts>;
}

/** Questions about those who may sign in in the place of an app, most telling first. */
export function operatorQuestions(
  client: KubernetesClient,
  namespace: string,
  groups: Fact<readonly string[]> | undefined,
): Question[] {
  if (!groups || groups.state === 'absent') return [];
  // Where it is not known what the cluster serves, the question itself shows it.
  const serves = (group: string): boolean =>
    groups.state === 'unknown' || groups.value.some((one) => one.startsWith(`${group}/`));
  const stores = serves(RESOURCES.secretstores.group);
  const [own, ofCluster] = serves(RESOURCES.scaledobjects.group)
    ? authenticationQuestions(client, namespace, groups)
    : [];
  const scaled: Question = {
    fact: 'scaledObjects',
    ask: async () => ({
      scaledObjects: await custom(client, 'scaledobjects', namespace, pruneScaled, groups),
    }),
  };
  const store: Question = {
    fact: 'secretStores',
    ask: async () => ({ secretStores: await custom(client, 'secretstores', namespace, pruneStore, groups) }),
  };
  const clusterStore: Question = {
    fact: 'clusterSecretStores',
    ask: async () => ({
      clusterSecretStores: await custom(client, 'clustersecretstores', undefined, pruneStore, groups),
    }),
  };
  return [
    ...(own ? [scaled, own] : []),
    ...(stores ? [store] : []),
    ...(ofCluster ? [ofCluster] : []),
    ...(stores ? [clusterStore] : []),
  ];
}

/** What may ask for tokens of a service account: stores that refer to it, and classes that pods of it mount. */
export async function consumerFacts(
  client: KubernetesClient,
  namespace: string,
  groups: Fact<readonly string[]>,
): Promise<Facts> {
  const [secretStores, clusterSecretStores, classes] = await Promise.all([
    custom(client, 'secretstores', namespace, pruneStore, groups),
    custom(client, 'clustersecretstores', undefined, pruneStore, groups),
    secretProviderClasses(client, namespace, groups),
  ]);
  return { apiGroups: groups, secretStores, clusterSecretStores, secretProviderClasses: classes };
}

/** @param namespace Undefined for those of all namespaces. */
export function authenticationQuestions(
  client: KubernetesClient,
  namespace: string | undefined,
  groups?: Fact<readonly string[]>,
): Question[] {
  return [
    {
      fact: 'triggerAuthentications',
      ask: async () => ({
        triggerAuthentications: await custom(
          client,
          'triggerauthentications',
          namespace,
          pruneAuthentication,
          groups,
        ),
      }),
    },
    {
      fact: 'clusterTriggerAuthentications',
      ask: async () => ({
        clusterTriggerAuthentications: await custom(
          client,
          'clustertriggerauthentications',
          undefined,
          pruneAuthentication,
          groups,
        ),
      }),
    },
  ];
}
