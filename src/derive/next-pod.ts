import { present, unknown, type Present } from '../fact.ts';
import type { FactSet } from '../collected-facts.ts';
import type { Container, KubernetesObject, Pod, PodSpec, PodTemplateSpec } from '../kubernetes/types.ts';
import { admittedPod, isSelected, type AdmissionInputs } from './admission.ts';
import { INJECT_PROXY_KEY } from './proxy.ts';
import { changedTemplate, withTemplate, type TemplateChange } from './changed-template.ts';
import { templateOf } from './controller.ts';
import { withoutCopiedInjection } from './copied-injection.ts';
import { webhookFact } from './webhook.ts';
import { isInjectedVolume } from './wiring.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const USE_IDENTITY_BINDING = 'azure.workload.identity/use-identity-binding';
const API_TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
const NOT_COLLECTED = unknown('it was not collected');

/** What the author of a pod without a controller wrote, as `kubectl apply` kept it. */
function applied(pod: Pod, set: FactSet): PodTemplateSpec | null {
  const kept = pod.metadata?.annotations?.[LAST_APPLIED];
  if (kept !== undefined) {
    try {
      return withoutCopiedInjection(JSON.parse(kept) as PodTemplateSpec, set);
    } catch {
      return null;
    }
  }
  // A pod that no webhook has touched is its own manifest.
  return (pod.spec?.volumes ?? []).some(({ name }) => isInjectedVolume(name)) ? null : pod;
}

/** The template from which the next pod is made: that of the topmost controller that has one. */
function templateFor(pod: Pod, set: FactSet, owners: readonly KubernetesObject[]): PodTemplateSpec | null {
  if ((pod.metadata?.ownerReferences ?? []).length === 0) return applied(pod, set);
  return owners.map(templateOf).findLast((template) => template !== undefined) ?? null;
}

/** What the admission of service accounts adds to each pod: the token for the API server. */
function withApiToken(spec: PodSpec, before: PodSpec): PodSpec {
  const mountsOf = ({ name }: Container): NonNullable<Container['volumeMounts']> =>
    (before.containers?.find((container) => container.name === name)?.volumeMounts ?? []).filter(
      ({ mountPath }) => mountPath === API_TOKEN_FOLDER,
    );
  const names = new Set((before.containers ?? []).flatMap(mountsOf).map(({ name }) => name));
  const own = (spec.volumes ?? []).filter(({ name }) => !names.has(name));
  const containers = (spec.containers ?? []).map((container) => {
    const mounts = (container.volumeMounts ?? []).filter(({ mountPath }) => mountPath !== API_TOKEN_FOLDER);
    return { ...container, volumeMounts: [...mountsOf(container), ...mounts] };
  });
  const added = (before.volumes ?? []).filter(({ name }) => names.has(name));
  return { ...spec, containers, volumes: [...added, ...own] };
}

function admissionInputs(set: FactSet): AdmissionInputs {
  const {
    serviceAccount = NOT_COLLECTED,
    namespace = NOT_COLLECTED,
    webhookConfig = NOT_COLLECTED,
  } = set.facts;
  const { webhookDeployments = NOT_COLLECTED } = set.facts;
  return { serviceAccount, namespace, webhook: webhookFact(set), webhookConfig, webhookDeployments };
}

/** Whether the webhook would do to a pod more than is foreseen here. */
function isBeyondForesight({ metadata }: PodTemplateSpec, { webhook }: AdmissionInputs): boolean {
  const annotations = metadata?.annotations ?? {};
  const old = webhook.state === 'present' && webhook.value.version?.startsWith('0.') === true;
  return (
    old || annotations[USE_IDENTITY_BINDING] !== undefined || annotations[INJECT_PROXY_KEY] !== undefined
  );
}

function nextPod(pod: Pod, template: PodTemplateSpec, inputs: AdmissionInputs): Pod | null {
  const { metadata = {}, spec = {} } = pod;
  const unborn: Pod = {
    ...pod,
    metadata: {
      ...metadata,
      labels: template.metadata?.labels ?? {},
      annotations: template.metadata?.annotations ?? {},
    },
    spec: {
      ...withApiToken(template.spec ?? {}, spec),
      ...(spec.nodeName === undefined ? {} : { nodeName: spec.nodeName }),
    },
  };
  return isSelected(unborn, inputs) === null ? null : admittedPod(unborn, inputs);
}

/** The other service account of the namespace in the place of the pod's own. */
function withAccount(set: FactSet, name: string): FactSet | null {
  const others = set.facts.otherServiceAccounts;
  const other =
    others?.state === 'present' ? others.value.find(({ metadata }) => metadata?.name === name) : null;
  if (!other || others?.state !== 'present') return null;
  return { ...set, facts: { ...set.facts, serviceAccount: present(other, others.origin) } };
}

function replaced(
  set: FactSet,
  pod: Present<Pod>,
  owners: readonly KubernetesObject[],
  change: TemplateChange,
): FactSet | null {
  const template = templateFor(pod.value, set, owners);
  const inputs = admissionInputs(set);
  if (template === null || isBeyondForesight(template, inputs)) return null;
  const wanted = changedTemplate(template, change);
  const value = nextPod(pod.value, wanted, inputs);
  if (value === null) return null;
  const controlled = (value.metadata?.ownerReferences ?? []).length > 0;
  const { metadata = {} } = value;
  const kept = {
    ...metadata,
    annotations: { ...metadata.annotations, [LAST_APPLIED]: JSON.stringify(wanted) },
  };
  const { facts } = set;
  return {
    ...set,
    facts: {
      ...facts,
      pod: { ...pod, value: controlled ? value : { ...value, metadata: kept } },
      ...(facts.owners?.state === 'present'
        ? { owners: { ...facts.owners, value: owners.map((owner) => withTemplate(owner, wanted)) } }
        : {}),
    },
  };
}

/**
 * The facts with the pod that comes next, after a change of its template, in the place of the pod at hand.
 *
 * @returns Null where the next pod cannot be foreseen.
 */
export function withNextPod(before: FactSet, change: TemplateChange): FactSet | null {
  const { serviceAccountName } = change;
  const set = serviceAccountName === undefined ? before : withAccount(before, serviceAccountName);
  if (set === null) return null;
  const { pod, template, owners } = set.facts;
  if (pod?.state === 'present') {
    if (pod.value.metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined) return null;
    return replaced(set, pod, owners?.state === 'present' ? owners.value : [], change);
  }
  // A template is judged as the pod that admission would make of it anyway.
  if (template?.state === 'present') {
    if (isBeyondForesight(template.value, admissionInputs(set))) return null;
    const { metadata, spec } = changedTemplate(template.value, change);
    const value: Pod = { ...template.value, ...(metadata ? { metadata } : {}), ...(spec ? { spec } : {}) };
    return { ...set, facts: { ...set.facts, template: { ...template, value } } };
  }
  // A service account on its own has no pod.
  return set;
}
