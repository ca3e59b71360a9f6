import type {
  Container,
  EnvVar,
  KubernetesObject,
  ObjectMeta,
  PodSpec,
  PodTemplateSpec,
} from '../../kubernetes/types.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const HIDDEN = '(hidden)';

/** Variables whose values decide a sign-in; every other value may be a secret and is dropped. */
const NEEDED =
  /^(AZURE_(?!CLIENT_SECRET$|CLIENT_CERTIFICATE_PASSWORD$|PASSWORD$|USERNAME$)\w+|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy)$/;
/** What a value may show of itself: a token path that somebody wrote down. */
const TOKEN_PATH = /\/var\/run\/secrets\/[\w./-]*/;

// A proxy URL may carry a password.
function withoutUserInfo(value: string): string {
  return value.replace(/(\/\/)[^/@\s]*@/, '$1');
}

function referenced(env: readonly EnvVar[]): Set<string> {
  const names = new Set<string>();
  for (const { name, value } of env) {
    if (!NEEDED.test(name) || typeof value !== 'string') continue;
    for (const [, reference = ''] of value.matchAll(/\$\(([^()]*)\)/g)) names.add(reference);
  }
  return names;
}

/** @param folders Where the container mounts tokens. */
function shown(text: string, folders: readonly string[]): string {
  const known = TOKEN_PATH.exec(text)?.[0];
  if (known !== undefined) return known;
  for (const folder of folders) {
    const start = text.indexOf(`${folder.replace(/\/$/, '')}/`);
    if (start >= 0) return /^[\w./-]*/.exec(text.slice(start))?.[0] ?? HIDDEN;
  }
  return HIDDEN;
}

function pruneEnv(env: readonly EnvVar[], folders: readonly string[]): EnvVar[] {
  const kept = referenced(env);
  return env.map((entry) => {
    // A dump written by hand may say `value:`, which is null.
    if (typeof entry.value !== 'string' || entry.value === '') return entry;
    if (NEEDED.test(entry.name) || kept.has(entry.name))
      return { ...entry, value: withoutUserInfo(entry.value) };
    return { ...entry, value: shown(entry.value, folders) };
  });
}

function pruneContainer<T extends Container>(container: T, tokenVolumes: ReadonlySet<string>): T {
  const { env, args, command, volumeMounts } = container;
  const folders = (volumeMounts ?? [])
    .filter(({ name }) => tokenVolumes.has(name))
    .map(({ mountPath }) => mountPath);
  const word = (text: string): string => shown(text, folders);
  return {
    ...container,
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

interface Templated extends KubernetesObject {
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
 * sign-in, arguments, and the field lists of managedFields. What is not kept cannot leak.
 */
export function pruneObject<T extends KubernetesObject>(object: T): T {
  const { metadata, spec } = object as Templated;
  const pruned: T = { ...object, ...(metadata ? { metadata: pruneMetadata(metadata) } : {}) };
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
