import type { KubernetesObject, LabelSelector, Pod, PodTemplateSpec } from '../kubernetes/types.ts';
import type { Fact } from '../fact.ts';
import { selectorText } from './selector.ts';

/** The object in which a pod's manifest is written: where a fix has to be made. */
export interface Controller {
  /** `Deployment`, `CronJob`, …, or `Pod` for a pod of its own. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The tool that writes the object and would revert a direct change; null when none shows. */
  readonly managedBy: {
    readonly tool: 'Helm' | 'Argo CD' | 'Flux' | 'Terraform';
    readonly name: string;
  } | null;
  /** Its pods, in kubectl's notation of a selector; left out where it is not known. */
  readonly selector?: string;
  /** True where a change of the template waits until somebody deletes the pods. */
  readonly onDelete?: true;
}

interface Templated extends KubernetesObject {
  readonly spec?: {
    readonly selector?: LabelSelector;
    readonly updateStrategy?: { readonly type?: string };
    readonly template?: PodTemplateSpec;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplateSpec } };
  };
}

/** The pod template an object holds, if it holds one. */
export function templateOf(object: KubernetesObject): PodTemplateSpec | undefined {
  const { spec } = object as Templated;
  return spec?.template ?? spec?.jobTemplate?.spec?.template;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * What the author of a pod wrote, before admission: the nearest owner's template, or for a pod of its own
 * what `kubectl apply` kept.
 *
 * @returns Undefined when it is not known.
 */
export function manifestOf(pod: Pod, owners: Fact<readonly KubernetesObject[]>): PodTemplateSpec | undefined {
  const controlled = (pod.metadata?.ownerReferences ?? []).length > 0;
  if (controlled)
    return owners.state === 'present'
      ? owners.value.map(templateOf).find((template) => template !== undefined)
      : undefined;
  const lastApplied = pod.metadata?.annotations?.[LAST_APPLIED];
  if (lastApplied === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(lastApplied);
    return typeof parsed === 'object' && parsed !== null && 'spec' in parsed
      ? (parsed as PodTemplateSpec)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Field managers of tools that leave neither label nor annotation. */
const WRITERS: readonly (readonly [RegExp, NonNullable<Controller['managedBy']>['tool']])[] = [
  [/^(terraform|hashicorp)/i, 'Terraform'],
  [/^argocd/i, 'Argo CD'],
  [/^(kustomize|helm)-controller$/, 'Flux'],
  [/^helm$/i, 'Helm'],
];

/** The tool that writes an object, by the marks it leaves; null when none shows. */
export function managerOf({ metadata }: KubernetesObject): Controller['managedBy'] {
  const labels = metadata?.labels ?? {};
  const annotations = metadata?.annotations ?? {};
  const argo = annotations['argocd.argoproj.io/tracking-id'] ?? labels['argocd.argoproj.io/instance'];
  if (argo !== undefined) return { tool: 'Argo CD', name: argo.split(':')[0] ?? argo };
  const flux = labels['helm.toolkit.fluxcd.io/name'] ?? labels['kustomize.toolkit.fluxcd.io/name'];
  if (flux !== undefined) return { tool: 'Flux', name: flux };
  const release = annotations['meta.helm.sh/release-name'];
  if (release !== undefined || labels['app.kubernetes.io/managed-by'] === 'Helm') {
    return { tool: 'Helm', name: release ?? labels['app.kubernetes.io/instance'] ?? '' };
  }
  const writers = (metadata?.managedFields ?? []).map(({ manager }) => manager ?? '');
  const tool = WRITERS.find(([pattern]) => writers.some((writer) => pattern.test(writer)))?.[1];
  return tool ? { tool, name: '' } : null;
}

function fromObject(object: KubernetesObject, namespace: string): Controller {
  const { selector, updateStrategy } = (object as Templated).spec ?? {};
  const text = selectorText(selector);
  return {
    kind: object.kind ?? '',
    namespace: object.metadata?.namespace ?? namespace,
    name: object.metadata?.name ?? '',
    managedBy: managerOf(object),
    ...(text === '' ? {} : { selector: text }),
    ...(updateStrategy?.type === 'OnDelete' ? { onDelete: true } : {}),
  };
}

/** The topmost controller of a pod, as far as it is visible; the pod itself when it has none. */
export function controllerOf(pod: Pod, owners: Fact<readonly KubernetesObject[]>): Controller {
  const namespace = pod.metadata?.namespace ?? '';
  const top = owners.state === 'present' ? owners.value.at(-1) : undefined;
  const reference =
    pod.metadata?.ownerReferences?.find(({ controller }) => controller) ?? pod.metadata?.ownerReferences?.[0];
  if (top) return fromObject(top, namespace);
  if (!reference) return fromObject({ ...pod, kind: 'Pod' }, namespace);
  const hash = pod.metadata?.labels?.['pod-template-hash'];
  // Without the right to read the ReplicaSet its name still tells the Deployment's: name-<hash>.
  if (reference.kind === 'ReplicaSet' && hash && reference.name?.endsWith(`-${hash}`)) {
    return {
      kind: 'Deployment',
      namespace,
      name: reference.name.slice(0, -hash.length - 1),
      managedBy: null,
    };
  }
  return { kind: reference.kind ?? '', namespace, name: reference.name ?? '', managedBy: null };
}
