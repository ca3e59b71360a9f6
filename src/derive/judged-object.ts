import { present, unknown, type Fact, type Present } from '../fact.ts';
import type { FactSet } from '../collected-facts.ts';
import type { EnvVar, Pod, PodSpec, PodTemplateSpec, ServiceAccount } from '../kubernetes/types.ts';
import { admittedPod } from './admission.ts';
import { webhookFact } from './webhook.ts';

/** What is judged, as a pod. */
export interface Judged {
  readonly kind: 'pod' | 'template' | 'service-account' | 'cluster';
  readonly pod: Pod;
  readonly origin: string;
  readonly object: { readonly kind: string; readonly namespace: string; readonly name: string };
}

const NOT_COLLECTED = { state: 'unknown', reason: 'it was not collected' } as const;

/** A template as the pod that admission would make of it. */
function fromTemplate(set: FactSet, template: Present<Pod>): Judged {
  const { facts } = set;
  const { serviceAccount = NOT_COLLECTED, namespace = NOT_COLLECTED, webhookConfig = NOT_COLLECTED } = facts;
  const { webhookDeployments = NOT_COLLECTED } = facts;
  const webhook = webhookFact(set);
  const pod = admittedPod(template.value, {
    serviceAccount,
    namespace,
    webhook,
    webhookConfig,
    webhookDeployments,
  });
  const target = facts.target?.state === 'present' ? facts.target.value : null;
  const object = {
    kind: target?.kind ?? 'Pod',
    namespace: pod.metadata?.namespace ?? '',
    name: target?.name ?? '',
  };
  return { kind: 'template', pod, origin: template.origin, object };
}

const PREFIX = 'azure.workload.identity/';
const FOLDER = '/var/run/secrets/azure/tokens';
const TOKEN = 'azure-identity-token';

/** Whoever asks for a service account's tokens, as the one container of a pod. */
function consumerOf({ metadata }: ServiceAccount): PodSpec {
  const { name = '', annotations = {} } = metadata ?? {};
  const variables: readonly (readonly [string, string | undefined])[] = [
    ['AZURE_CLIENT_ID', annotations[`${PREFIX}client-id`]],
    ['AZURE_TENANT_ID', annotations[`${PREFIX}tenant-id`]],
    ['AZURE_FEDERATED_TOKEN_FILE', `${FOLDER}/${TOKEN}`],
  ];
  const env: EnvVar[] = variables.flatMap(([variable, value]) =>
    value === undefined ? [] : [{ name: variable, value }],
  );
  const serviceAccountToken = { audience: 'api://AzureADTokenExchange', path: TOKEN };
  return {
    serviceAccountName: name,
    containers: [{ name: 'consumer', env, volumeMounts: [{ name: TOKEN, mountPath: FOLDER }] }],
    volumes: [{ name: TOKEN, projected: { sources: [{ serviceAccountToken }] } }],
  };
}

/** A service account that others use by TokenRequest: no pod of its own, but a subject. */
function fromServiceAccount(serviceAccount: Present<ServiceAccount>): Judged {
  const { namespace = '', name = '' } = serviceAccount.value.metadata ?? {};
  const pod: Pod = { metadata: { namespace }, spec: consumerOf(serviceAccount.value) };
  return {
    kind: 'service-account',
    pod,
    origin: serviceAccount.origin,
    object: { kind: 'ServiceAccount', namespace, name },
  };
}

/** How long a refusal of pods counts when no pod shows that it has healed, in milliseconds. */
const RECENT = 10 * 60 * 1000;

/**
 * Any labelled pod that is created now: what a cluster without a pod in question has to be good for.
 *
 * @param now Null when nothing tells the time, so that every refusal counts as recent.
 */
function fromCluster(now: string | null): Judged {
  const since = new Date(now === null ? 0 : Date.parse(now) - RECENT).toISOString();
  return {
    kind: 'cluster',
    pod: {
      metadata: { labels: { [`${PREFIX}use`]: 'true' }, creationTimestamp: since },
      spec: {},
    },
    origin: 'the cluster',
    object: { kind: 'Cluster', namespace: '', name: 'this cluster' },
  };
}

/** What stands for the template of something that has none: the same without what admission adds. */
export function bareManifest({ metadata, spec }: Pod): PodTemplateSpec {
  const containers = (spec?.containers ?? []).map(({ name }) => ({ name }));
  return { ...(metadata ? { metadata } : {}), spec: { containers } };
}

/** What is judged: the pod, else the template in its place, else a service account or a cluster alone. */
export function judgedObject(set: FactSet): Fact<Judged> {
  const { pod = unknown('the pod was not collected'), template, serviceAccount, now } = set.facts;
  if (pod.state === 'present') {
    const { namespace = '', name = '' } = pod.value.metadata ?? {};
    const object = { kind: 'Pod', namespace, name };
    return present<Judged>({ kind: 'pod', pod: pod.value, origin: pod.origin, object }, pod.origin);
  }
  if (template?.state === 'present') return present(fromTemplate(set, template), template.origin);
  const kind = set.facts.target?.state === 'present' ? set.facts.target.value.kind : '';
  if (kind === 'ServiceAccount' && serviceAccount) {
    if (serviceAccount.state !== 'present') return serviceAccount;
    return present(fromServiceAccount(serviceAccount), serviceAccount.origin);
  }
  if (kind === 'Cluster')
    return present(fromCluster(now?.state === 'present' ? now.value : null), 'the cluster');
  return pod;
}
