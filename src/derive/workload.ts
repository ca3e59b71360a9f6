import { unknown, type Fact, type Unknown } from '../fact.ts';
import type { FactSet } from '../collected-facts.ts';
import type { Container, KubernetesObject, ObjectMeta, Pod, PodSpec } from '../kubernetes/types.ts';
import { controllerOf, manifestOf, type Controller } from './controller.ts';
import { withoutCopiedInjection } from './copied-injection.ts';
import { bareManifest, judgedObject, type Judged } from './judged-object.ts';
import { environmentValue, INJECTED_VARIABLES, mapOf, type EnvView } from './environment.ts';
import { isInjectedVolume, wiringOf, type Wiring } from './wiring.ts';

/** A value a sign-in uses, and where it came from. */
export type EffectiveValue =
  | {
      readonly state: 'known';
      readonly value: string;
      readonly from: 'env' | 'webhook' | 'volume' | 'annotation' | 'default' | 'unknown';
    }
  | { readonly state: 'unset' }
  | { readonly state: 'unknown'; readonly reason: string };

/** What the SDK in a container will use, whoever set it. */
export interface EffectiveValues {
  readonly clientId: EffectiveValue;
  readonly tenantId: EffectiveValue;
  readonly tokenFile: EffectiveValue;
  readonly authorityHost: EffectiveValue;
  readonly audience: EffectiveValue;
  /** Seconds, in decimal. */
  readonly expirationSeconds: EffectiveValue;
}

export interface ContainerView {
  readonly name: string;
  readonly type: 'init' | 'sidecar' | 'regular' | 'ephemeral';
  /** True for containers of service meshes and proxies, which need no token of their own. */
  readonly knownSidecar: boolean;
  /** Named in the pod's skip-containers annotation. */
  readonly skipped: boolean;
  /** True when the author's manifest is known and lacks this container. */
  readonly addedByAdmission: boolean;
  readonly wiring: Wiring;
  readonly effective: EffectiveValues;
  /** Any variable of the container, as it sees it. */
  readonly env: (name: string) => EnvView;
  readonly spec: Container;
}

export interface Workload {
  /**
   * A running pod; a controller's template judged as one; a service account whose tokens others ask for, judged
   * as the one container that does; or any labelled pod of a cluster.
   */
  readonly kind: 'pod' | 'template' | 'service-account' | 'cluster';
  /** The object that findings about the whole are named after. */
  readonly object: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly metadata: ObjectMeta;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  /** Never empty: `default` where the spec names none. */
  readonly serviceAccountName: string;
  /** `system:serviceaccount:<namespace>:<name>`, the subject of every token of this pod. */
  readonly subject: string;
  /** True when the webhook's variables or volume are found in it. */
  readonly injected: boolean;
  /** True when at least one container has a projected token for Entra. */
  readonly wired: boolean;
  /** True when a service account or label shows that workload identity is meant. */
  readonly identityBinding: boolean;
  readonly containers: readonly ContainerView[];
  /** The containers the verdict is about. */
  readonly judged: readonly ContainerView[];
  readonly controller: Controller;
  /** The author's manifest before admission; undefined when not known. */
  readonly manifest: { readonly metadata?: ObjectMeta; readonly spec?: PodSpec } | undefined;
  /** RFC 3339; null for templates. */
  readonly created: string | null;
  /** Why the pods could not be seen whose template is judged in their place; null when nothing was hidden. */
  readonly unseen: Unknown | null;
}

export const USE_LABEL = 'azure.workload.identity/use';
const SKIP_CONTAINERS = 'azure.workload.identity/skip-containers';
const USE_IDENTITY_BINDING = 'azure.workload.identity/use-identity-binding';
const DEFAULT_AUTHORITY_HOST = 'https://login.microsoftonline.com/';

const KNOWN_SIDECARS: ReadonlySet<string> = new Set([
  'istio-proxy',
  'istio-init',
  'istio-validation',
  'linkerd-proxy',
  'linkerd-init',
  'linkerd-network-validator',
  'kuma-sidecar',
  'kuma-init',
  'consul-dataplane',
  'consul-connect-inject-init',
  'envoy',
  'envoy-sidecar',
  'osm-init',
  'daprd',
  'vault-agent',
  'vault-agent-init',
  'azwi-proxy',
  'azwi-proxy-init',
  'cloud-sql-proxy',
  'nginx-mesh-sidecar',
  'nginx-mesh-init',
]);

/** Whether a name is that of a mesh's or proxy's own container, which comes and goes with it. */
export function isKnownSidecar(name: string): boolean {
  return KNOWN_SIDECARS.has(name);
}

/** Names in the skip-containers annotation, split as the webhook does: `;`, each part trimmed. */
export function skippedNames(annotations: Readonly<Record<string, string>>): string[] {
  return (annotations[SKIP_CONTAINERS] ?? '')
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function fromEnv(view: EnvView, name: string): EffectiveValue {
  if (view.state === 'unset') return { state: 'unset' };
  if (view.state === 'hidden') return { state: 'unknown', reason: `${name} cannot be seen: ${view.reason}` };
  return { state: 'known', value: view.value, from: view.from };
}

function audienceOf(wiring: Wiring): EffectiveValue {
  if (wiring.state === 'unknown') return { state: 'unknown', reason: wiring.reason };
  if (wiring.state !== 'wired') return { state: 'unset' };
  if (wiring.audience === null)
    return { state: 'unknown', reason: "the volume names no audience, so it is the API server's own" };
  return { state: 'known', value: wiring.audience, from: 'volume' };
}

function effectiveValues(env: (name: string) => EnvView, wiring: Wiring): EffectiveValues {
  const authorityHost = fromEnv(env('AZURE_AUTHORITY_HOST'), 'AZURE_AUTHORITY_HOST');
  const tokenFile = fromEnv(env('AZURE_FEDERATED_TOKEN_FILE'), 'AZURE_FEDERATED_TOKEN_FILE');
  return {
    clientId: fromEnv(env('AZURE_CLIENT_ID'), 'AZURE_CLIENT_ID'),
    tenantId: fromEnv(env('AZURE_TENANT_ID'), 'AZURE_TENANT_ID'),
    tokenFile:
      tokenFile.state === 'unset' && wiring.state === 'wired'
        ? { state: 'known', value: wiring.tokenFile, from: 'volume' }
        : tokenFile,
    authorityHost:
      authorityHost.state === 'unset'
        ? { state: 'known', value: DEFAULT_AUTHORITY_HOST, from: 'default' }
        : authorityHost,
    audience: audienceOf(wiring),
    expirationSeconds:
      wiring.state === 'wired'
        ? { state: 'known', value: String(wiring.expirationSeconds), from: 'volume' }
        : { state: 'unset' },
  };
}

type Manifest = Workload['manifest'];

function manifestContainer(manifest: Manifest, name: string): Container | null | undefined {
  if (!manifest?.spec) return undefined;
  const { containers = [], initContainers = [] } = manifest.spec;
  return [...containers, ...initContainers].find((container) => container.name === name) ?? null;
}

function viewOf(
  container: Container,
  type: ContainerView['type'],
  pod: Pod,
  manifest: Manifest,
): ContainerView {
  const written = type === 'ephemeral' ? undefined : manifestContainer(manifest, container.name);
  const env = (name: string): EnvView => environmentValue(container, name, written);
  const wiring = wiringOf(container, pod.spec ?? {}, env('AZURE_FEDERATED_TOKEN_FILE'));
  return {
    name: container.name,
    type,
    knownSidecar: isKnownSidecar(container.name),
    skipped: skippedNames(mapOf(pod.metadata?.annotations)).includes(container.name),
    addedByAdmission: written === null,
    wiring,
    effective: effectiveValues(env, wiring),
    env,
    spec: container,
  };
}

function viewsOf(pod: Pod, manifest: Manifest): ContainerView[] {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = pod.spec ?? {};
  return [
    ...containers.map((container) => viewOf(container, 'regular', pod, manifest)),
    ...initContainers.map((container) =>
      viewOf(container, container.restartPolicy === 'Always' ? 'sidecar' : 'init', pod, manifest),
    ),
    ...ephemeralContainers.map((container) => viewOf(container, 'ephemeral', pod, manifest)),
  ];
}

// "Worst first" is the order of wiring states; the rest keeps the pod's own order.
const WIRING_ORDER: Readonly<Record<Wiring['state'], number>> = {
  dangling: 0,
  unknown: 1,
  wired: 2,
  unwired: 3,
};

function judgedOf(views: readonly ContainerView[], asked: string | null): ContainerView[] {
  if (asked !== null) return views.filter(({ name }) => name === asked);
  // The webhook never sees ephemeral containers, so a debug shell without variables says nothing.
  const lasting = views.filter(({ type }) => type !== 'ephemeral');
  const wired = lasting.filter(({ wiring }) => wiring.state !== 'unwired');
  const chosen = wired.length > 0 ? wired : lasting.filter(({ knownSidecar }) => !knownSidecar);
  return chosen.toSorted((a, b) => WIRING_ORDER[a.wiring.state] - WIRING_ORDER[b.wiring.state]);
}

function isInjected(views: readonly ContainerView[], spec: PodSpec, manifest: Manifest): boolean {
  const addedVolume = (spec.volumes ?? []).some(
    ({ name }) => isInjectedVolume(name) && !manifest?.spec?.volumes?.some((volume) => volume.name === name),
  );
  const addedVariable = views.some(({ env }) =>
    INJECTED_VARIABLES.some((name) => {
      const view = env(name);
      return view.state === 'value' && view.from === 'webhook';
    }),
  );
  return addedVolume || addedVariable;
}

function manifestFor(
  { kind, pod }: Judged,
  set: FactSet,
  owners: Fact<readonly KubernetesObject[]>,
): Manifest {
  const { template } = set.facts;
  if (kind === 'template') return template?.state === 'present' ? template.value : undefined;
  if (kind !== 'pod') return bareManifest(pod);
  const manifest = manifestOf(pod, owners);
  const controlled = (pod.metadata?.ownerReferences ?? []).length > 0;
  return manifest && !controlled ? withoutCopiedInjection(manifest, set) : manifest;
}

function controllerFor({ kind, pod, object }: Judged, owners: Fact<readonly KubernetesObject[]>): Controller {
  if (kind === 'service-account' || kind === 'cluster') return { ...object, managedBy: null };
  if (kind === 'template' && owners.state !== 'present') return { ...object, managedBy: null };
  return controllerOf(pod, owners);
}

/** Computes the workload: the pod, else the template judged as if it were one, else a service account alone. */
export function workloadFact(set: FactSet): Fact<Workload> {
  const { facts } = set;
  const judged = judgedObject(set);
  if (judged.state !== 'present') return judged;
  const { kind, pod, object } = judged.value;
  const owners: Fact<readonly KubernetesObject[]> = facts.owners ?? unknown('controllers were not collected');
  const { metadata = {}, spec = {} } = pod;
  const manifest = manifestFor(judged.value, set, owners);
  const containers = viewsOf(pod, manifest);
  const asked = facts.options?.state === 'present' ? (facts.options.value.container ?? null) : null;
  const serviceAccountName = spec.serviceAccountName || spec.serviceAccount || 'default';
  const annotations = mapOf(metadata.annotations);
  return {
    state: 'present',
    origin: judged.origin,
    value: {
      kind,
      object,
      metadata,
      labels: mapOf(metadata.labels),
      annotations,
      spec,
      serviceAccountName,
      subject: `system:serviceaccount:${object.namespace}:${serviceAccountName}`,
      injected: isInjected(containers, spec, manifest),
      wired: containers.some(({ wiring }) => wiring.state === 'wired'),
      identityBinding: annotations[USE_IDENTITY_BINDING]?.toLowerCase() === 'true',
      containers,
      judged: judgedOf(containers, asked),
      controller: controllerFor(judged.value, owners),
      manifest,
      created: metadata.creationTimestamp ?? null,
      unseen: facts.pod?.state === 'unknown' ? facts.pod : null,
    },
  };
}
