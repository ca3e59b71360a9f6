import type {
  Container,
  EnvVar,
  KubernetesObject,
  PodSpec,
  PodTemplateSpec,
  Volume,
} from '../kubernetes/types.ts';
import { changedMap } from './changed-map.ts';

/** What becomes of a pod template; null removes. */
export interface TemplateChange {
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly serviceAccountName?: string;
  /** Variables of one container. */
  readonly env?: { readonly container: string; readonly values: Readonly<Record<string, string | null>> };
  /** Audience of the service account tokens in one volume. */
  readonly audience?: { readonly volume: string; readonly audience: string };
}

function withVariables(container: Container, env: TemplateChange['env']): Container {
  if (env?.container !== container.name) return container;
  const kept = (container.env ?? []).filter(({ name }) => !Object.hasOwn(env.values, name));
  const set = Object.entries(env.values).flatMap(([name, value]): EnvVar[] =>
    value === null ? [] : [{ name, value }],
  );
  return { ...container, env: [...kept, ...set] };
}

function withAudience(volume: Volume, change: TemplateChange['audience']): Volume {
  if (change?.volume !== volume.name || !volume.projected) return volume;
  const sources = (volume.projected.sources ?? []).map((source) =>
    source.serviceAccountToken
      ? { ...source, serviceAccountToken: { ...source.serviceAccountToken, audience: change.audience } }
      : source,
  );
  return { ...volume, projected: { ...volume.projected, sources } };
}

function changedSpec(spec: PodSpec, { env, audience, serviceAccountName }: TemplateChange): PodSpec {
  const change = (container: Container): Container => withVariables(container, env);
  return {
    ...spec,
    ...(serviceAccountName === undefined ? {} : { serviceAccountName, serviceAccount: serviceAccountName }),
    containers: (spec.containers ?? []).map(change),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(change) } : {}),
    ...(spec.volumes ? { volumes: spec.volumes.map((volume) => withAudience(volume, audience)) } : {}),
  };
}

/** A pod template after a change. */
export function changedTemplate(template: PodTemplateSpec, change: TemplateChange): PodTemplateSpec {
  const { metadata = {}, spec = {} } = template;
  return {
    ...template,
    metadata: {
      ...metadata,
      labels: changedMap(metadata.labels, change.labels),
      annotations: changedMap(metadata.annotations, change.annotations),
    },
    spec: changedSpec(spec, change),
  };
}

interface Templated extends KubernetesObject {
  readonly spec?: {
    readonly template?: PodTemplateSpec;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplateSpec } };
  };
}

/** A controller with another pod template; one that holds none stays as it is. */
export function withTemplate(object: KubernetesObject, template: PodTemplateSpec): KubernetesObject {
  const { spec } = object as Templated;
  if (spec?.template) return { ...object, spec: { ...spec, template } } as KubernetesObject;
  const { jobTemplate } = spec ?? {};
  if (!jobTemplate?.spec?.template) return object;
  const inner = { ...jobTemplate, spec: { ...jobTemplate.spec, template } };
  return { ...object, spec: { ...spec, jobTemplate: inner } } as KubernetesObject;
}
