import type { Fact } from '../fact.ts';
import type { KubernetesObject, Namespace, Pod } from '../kubernetes/types.ts';
import { templateOf } from './controller.ts';
import { selectorMatches, unmatchedTerms } from './selector.ts';
import type { Webhook } from './webhook.ts';
import { isInjectedVolume, projectsExchangeToken } from './wiring.ts';
import { USE_LABEL, type Workload } from './workload.ts';

/** One thing that keeps the webhook from mutating a pod, or keeps us from knowing that it would. */
export type Obstacle =
  | { readonly kind: 'label-missing' }
  | { readonly kind: 'label-wrong'; readonly value: string }
  | { readonly kind: 'webhook-absent' }
  | { readonly kind: 'webhook-unknown'; readonly reason: string; readonly settle: string | undefined }
  | { readonly kind: 'object-selector'; readonly terms: readonly string[] }
  | { readonly kind: 'namespace-selector'; readonly terms: readonly string[] }
  | { readonly kind: 'namespace-unknown'; readonly reason: string; readonly settle: string | undefined }
  /** It lets a pod pass unchanged when it cannot be reached, or goes by something else than the label. */
  | { readonly kind: 'lenient-webhook'; readonly because: string };

/** Whether the webhook mutated a pod, and what stands between it and the next one. */
export interface Injection {
  /**
   * `injected`: by the webhook. `by-hand`: the manifest projects a token of its own, so no webhook is needed.
   * `static`: started by its node, which no webhook sees. `missing`: none of these. `pending`: a template, of
   * which nothing is injected yet.
   */
  readonly now: 'injected' | 'by-hand' | 'static' | 'missing' | 'pending';
  /**
   * What keeps the webhook from mutating a pod like this one, in the order in which it is to be mended. The
   * first is why a pod is `missing`; without any, the pod is older than what would have injected it.
   */
  readonly obstacles: readonly Obstacle[];
  /** True when no pod is in question: whom a selector of its own is meant for cannot be told. */
  readonly anyPod: boolean;
  /** Labels of the pods that the controller makes from now on; undefined when the template is not known. */
  readonly templateLabels: Readonly<Record<string, string>> | undefined;
}

type Labels = Readonly<Record<string, string>>;

/** Whether a pod is the mirror of one that its node started from a file. */
export function isStatic({ annotations, metadata }: Workload): boolean {
  return (
    annotations['kubernetes.io/config.mirror'] !== undefined ||
    (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Node')
  );
}

function nowOf(workload: Workload): Injection['now'] {
  // What a template shows of the webhook is only foreseen.
  const foreseen = workload.kind !== 'pod';
  if (workload.injected) return foreseen ? 'pending' : 'injected';
  const byHand =
    workload.containers.some(({ wiring }) => wiring.state === 'wired' || wiring.state === 'unknown') ||
    (workload.spec.volumes ?? []).some(projectsExchangeToken);
  if (byHand) return 'by-hand';
  if (isStatic(workload)) return 'static';
  return foreseen ? 'pending' : 'missing';
}

// Operators put objects without a template above those that have one.
function templateLabelsOf(owners: Fact<readonly KubernetesObject[]>): Labels | undefined {
  if (owners.state !== 'present') return undefined;
  const template = owners.value.map(templateOf).findLast((candidate) => candidate !== undefined);
  return template && (template.metadata?.labels ?? {});
}

function labelObstacle(candidates: readonly Labels[]): Obstacle | null {
  if (candidates.some((labels) => labels[USE_LABEL] === 'true')) return null;
  const value = candidates.map((labels) => labels[USE_LABEL]).find((label) => label !== undefined);
  return value === undefined ? { kind: 'label-missing' } : { kind: 'label-wrong', value };
}

function leniency({ version, failurePolicy }: Webhook): string | null {
  if (version !== null && version.startsWith('0.'))
    return `version ${version} does not go by the pod's label alone`;
  return failurePolicy === 'Ignore' ? 'its failurePolicy is Ignore' : null;
}

function namespaceObstacle({ namespaceSelector }: Webhook, namespace: Fact<Namespace>): Obstacle | null {
  if (selectorMatches(namespaceSelector, {}) && !namespaceSelector?.matchExpressions?.length) return null;
  if (namespace.state !== 'present') {
    const { reason, settle } =
      namespace.state === 'unknown' ? namespace : { reason: 'the namespace is not there', settle: undefined };
    return { kind: 'namespace-unknown', reason, settle };
  }
  const terms = unmatchedTerms(namespaceSelector, namespace.value.metadata?.labels ?? {});
  return terms.length > 0 ? { kind: 'namespace-selector', terms } : null;
}

/** The obstacles of pods with these labels; one set is enough, since a pod may have been labelled later. */
function obstaclesOf(
  candidates: readonly Labels[],
  webhook: Fact<Webhook>,
  namespace: Fact<Namespace>,
): Obstacle[] {
  const label = labelObstacle(candidates);
  if (webhook.state === 'absent') return [...(label ? [label] : []), { kind: 'webhook-absent' }];
  if (webhook.state === 'unknown') {
    const { reason, settle } = webhook;
    return [...(label ? [label] : []), { kind: 'webhook-unknown', reason, settle }];
  }
  const { objectSelector } = webhook.value;
  const selected = candidates.some((labels) => selectorMatches(objectSelector, labels));
  const object: Obstacle = {
    kind: 'object-selector',
    terms: unmatchedTerms(objectSelector, candidates[0] ?? {}),
  };
  // A selector that was made to ask for less, or for another label, is obeyed as it is.
  const first = selected ? null : (label ?? object);
  const second = namespaceObstacle(webhook.value, namespace);
  const because = leniency(webhook.value);
  return [
    ...(first ? [first] : []),
    ...(second ? [second] : []),
    ...(because === null ? [] : [{ kind: 'lenient-webhook', because } as const]),
  ];
}

/** Whoever asks for tokens needs no webhook, and a cluster as a whole is in no namespace. */
function matters({ kind }: Obstacle, workload: Workload): boolean {
  if (workload.kind === 'service-account') return false;
  return workload.kind !== 'cluster' || (kind !== 'namespace-selector' && kind !== 'namespace-unknown');
}

/** Why a pod was or was not mutated, as far as its labels, its namespace and the webhook tell. */
export function injectionOf(
  workload: Workload,
  webhook: Fact<Webhook>,
  namespace: Fact<Namespace>,
  owners: Fact<readonly KubernetesObject[]>,
): Injection {
  const now = nowOf(workload);
  const templateLabels = templateLabelsOf(owners);
  // An injected pod shows what its labels did; what matters is the next one.
  const candidates =
    now === 'injected' ? [templateLabels ?? workload.labels] : [workload.labels, templateLabels ?? {}];
  const obstacles = obstaclesOf(candidates, webhook, namespace);
  const anyPod = workload.kind === 'cluster';
  return { now, obstacles: obstacles.filter((one) => matters(one, workload)), anyPod, templateLabels };
}

/** Whether a pod carries what the webhook adds: for pods other than the one at hand. */
export function showsInjection({ spec }: Pod): boolean {
  return (spec?.volumes ?? []).some((volume) => isInjectedVolume(volume.name) && volume.projected);
}

/**
 * One obstacle, and whether it is the reason why this very pod has no token.
 *
 * @returns Null when it is not in the way. A pod that projects its own token has none.
 */
export function obstacle<Kind extends Obstacle['kind']>(
  { now, obstacles, anyPod }: Injection,
  kind: Kind,
): { readonly is: Extract<Obstacle, { kind: Kind }>; readonly decides: boolean } | null {
  const is = obstacles.find((one): one is Extract<Obstacle, { kind: Kind }> => one.kind === kind);
  if (now === 'by-hand' || now === 'static' || is === undefined) return null;
  // A pod that is not there yet was let pass by nobody.
  const foreseen = now === 'pending' && kind === 'lenient-webhook';
  const meant = anyPod && kind === 'object-selector';
  return { is, decides: now !== 'injected' && !foreseen && !meant && obstacles[0] === is };
}

/** Why the webhook, its label and its annotations do not matter to a pod; null when they do. */
export function setAside({ now }: Injection): string | null {
  if (now === 'by-hand') return 'the pod projects its token itself and does without the webhook';
  return now === 'static' ? 'no webhook sees a static pod' : null;
}

/** Whether a token issuer is one that AKS makes; null when the issuer is not known. */
export function isAksIssuer(issuer: Fact<string>): boolean | null {
  if (issuer.state !== 'present') return null;
  return /^https:\/\/([^/]+\.)?(oic|oidc)\.prod-aks\.azure\.(com|us|cn)\/|\.azmk8s\.io(:\d+)?\/?$/.test(
    issuer.value,
  );
}
