import type {
  Container,
  ContainerState,
  EnvVar,
  KubernetesObject,
  ObjectMeta,
  PodSpec,
  PodStatus,
  PodTemplateSpec,
} from '../../kubernetes/types.ts';
import { withoutUserInfo } from '../../user-info.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const HIDDEN = '(hidden)';

/** Proxies, whose addresses may carry a password. */
const PROXY = /^((HTTPS?|ALL|NO)_PROXY|(https?|all|no)_proxy)$/;
/** Variables of Azure whose values decide a sign-in; of the others some are secrets, and none is needed. */
const OF_AZURE =
  /^AZURE_(CLIENT_ID|TENANT_ID|FEDERATED_TOKEN_FILE|AUTHORITY_HOST|ENVIRONMENT|TOKEN_CREDENTIALS|CLIENT_CERTIFICATE_PATH|KUBERNETES_\w+)$/;
/** What a value may show of itself: a token path that somebody wrote down. */
const TOKEN_PATH = /\/var\/run\/secrets\/[\w./-]*/;
/** What may stand before a path, so that it is no part of an address. */
const BEFORE_PATH = /(^|[\s=:,;'"(])$/;

function withoutPassword(url: string): string {
  return url.replace(/(\/\/)[^/@\s]*@/, '$1');
}

/** The names in `$(NAME)` of a value. */
function namesIn(value: string): string[] {
  return [...value.matchAll(/\$\(([^()]*)\)/g)].map(([, name = '']) => name);
}

/** What is kept of the values of variables, by name: of the needed ones, and of those they are built from. */
function keptOf(env: readonly EnvVar[]): Map<string, (value: string) => string> {
  const kept = new Map<string, (value: string) => string>();
  // Only what stands before an entry is filled into it.
  for (const { name, value } of env.toReversed()) {
    const known = PROXY.test(name) ? withoutUserInfo : kept.get(name);
    const keep = known ?? (OF_AZURE.test(name) ? withoutPassword : undefined);
    if (keep === undefined) continue;
    kept.set(name, keep);
    if (typeof value !== 'string') continue;
    // What an address of a proxy is built from may hold its password.
    for (const source of namesIn(keep(value)))
      if (keep === withoutUserInfo || !kept.has(source)) kept.set(source, keep);
  }
  return kept;
}

/** @param folders Where the container mounts tokens. */
function shown(text: string, folders: readonly string[]): string {
  const known = TOKEN_PATH.exec(text)?.[0];
  if (known !== undefined) return known;
  for (const folder of folders) {
    const start = text.indexOf(`${folder.replace(/\/$/, '')}/`);
    if (start >= 0 && BEFORE_PATH.test(text.slice(0, start)))
      return /^[\w./-]*/.exec(text.slice(start))?.[0] ?? HIDDEN;
  }
  return HIDDEN;
}

function pruneEnv(env: readonly EnvVar[], folders: readonly string[]): EnvVar[] {
  const kept = keptOf(env);
  return env.map((entry) => {
    // A dump written by hand may say `value:`, which is null.
    if (typeof entry.value !== 'string' || entry.value === '') return entry;
    const keep = kept.get(entry.name);
    if (keep) return { ...entry, value: keep(entry.value) };
    return { ...entry, value: shown(entry.value, folders) };
  });
}

/** Parts of a container that hold commands and headers, and say nothing about a sign-in. */
const HOOKS: readonly string[] = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'];

function without<T extends object>(object: T, names: readonly string[]): T {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))) as T;
}

function pruneContainer<T extends Container>(container: T, tokenVolumes: ReadonlySet<string>): T {
  const { env, args, command, volumeMounts } = container;
  const folders = (volumeMounts ?? [])
    .filter(({ name }) => tokenVolumes.has(name))
    .map(({ mountPath }) => mountPath);
  const word = (text: string): string => shown(text, folders);
  return {
    ...without(container, HOOKS),
    ...(env ? { env: pruneEnv(env, folders) } : {}),
    ...(args ? { args: args.map(word) } : {}),
    ...(command ? { command: command.map(word) } : {}),
  };
}

function pruneSpec(spec: PodSpec): PodSpec {
  const { containers, initContainers, ephemeralContainers, volumes } = spec;
  const tokenVolumes = new Set(
    (volumes ?? [])
      .filter(({ projected }) => projected?.sources?.some((source) => source.serviceAccountToken))
      .map(({ name }) => name),
  );
  const prune = <T extends Container>(container: T): T => pruneContainer(container, tokenVolumes);
  return {
    ...spec,
    ...(containers ? { containers: containers.map(prune) } : {}),
    ...(initContainers ? { initContainers: initContainers.map(prune) } : {}),
    ...(ephemeralContainers ? { ephemeralContainers: ephemeralContainers.map(prune) } : {}),
  };
}

function pruneLastApplied(text: string): string | undefined {
  try {
    return JSON.stringify(pruneObject(JSON.parse(text) as KubernetesObject));
  } catch {
    return undefined;
  }
}

function pruneMetadata(metadata: ObjectMeta): ObjectMeta {
  const { managedFields, annotations, ...rest } = metadata;
  const { [LAST_APPLIED]: lastApplied, ...others } = annotations ?? {};
  const pruned = lastApplied === undefined ? undefined : pruneLastApplied(lastApplied);
  return {
    ...rest,
    ...(annotations
      ? { annotations: pruned === undefined ? others : { ...others, [LAST_APPLIED]: pruned } }
      : {}),
    // Who wrote the object tells where a fix belongs; which fields does not matter.
    ...(managedFields
      ? {
          managedFields: managedFields.map(({ manager, operation, time }) => ({
            ...(manager === undefined ? {} : { manager }),
            ...(operation === undefined ? {} : { operation }),
            ...(time === undefined ? {} : { time }),
          })),
        }
      : {}),
  };
}

const STATUSES = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;

/** What the webhook says as it ends for want of a tenant. */
const TENANT_MISSING = /required key AZURE_TENANT_ID missing value/;

function pruneState({ terminated, ...state }: ContainerState): ContainerState {
  if (!terminated) return state;
  const [message] = TENANT_MISSING.exec(terminated.message ?? '') ?? [];
  return {
    ...state,
    terminated: { ...without(terminated, ['message']), ...(message === undefined ? {} : { message }) },
  };
}

/** A container may leave the last lines of its log as the message with which it ended; one of them may be kept. */
function pruneStatus(status: PodStatus): PodStatus {
  const pruned = STATUSES.flatMap((name) => {
    const containers = status[name]?.map(({ state, lastState, ...rest }) => ({
      ...rest,
      ...(state ? { state: pruneState(state) } : {}),
      ...(lastState ? { lastState: pruneState(lastState) } : {}),
    }));
    return containers ? [[name, containers] as const] : [];
  });
  return { ...status, ...Object.fromEntries(pruned) };
}

interface Templated extends KubernetesObject {
  readonly status?: PodStatus;
  readonly spec?: PodSpec & {
    readonly template?: PodTemplateSpec;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplateSpec } };
  };
}

function pruneTemplate(template: PodTemplateSpec): PodTemplateSpec {
  return { ...template, ...(template.spec ? { spec: pruneSpec(template.spec) } : {}) };
}

/**
 * An object without what wi-doctor does not need: values of environment variables that are not part of the
 * sign-in, arguments, probes, last words of containers, and the field lists of managedFields. What is not kept cannot leak.
 */
export function pruneObject<T extends KubernetesObject>(object: T): T {
  const { metadata, spec, status } = object as Templated;
  const pruned: T = {
    ...object,
    ...(metadata ? { metadata: pruneMetadata(metadata) } : {}),
    ...(status ? { status: pruneStatus(status) } : {}),
  };
  if (!spec) return pruned;
  const jobTemplate = spec.jobTemplate?.spec?.template;
  return {
    ...pruned,
    spec: {
      ...pruneSpec(spec),
      ...(spec.template ? { template: pruneTemplate(spec.template) } : {}),
      ...(jobTemplate
        ? {
            jobTemplate: {
              ...spec.jobTemplate,
              spec: { ...spec.jobTemplate?.spec, template: pruneTemplate(jobTemplate) },
            },
          }
        : {}),
    },
  };
}

/** An object of the webhook itself, whose arguments decide what it injects and hold no secret. */
export function pruneSystemObject<T extends KubernetesObject>(object: T): T {
  return { ...object, ...(object.metadata ? { metadata: pruneMetadata(object.metadata) } : {}) };
}
