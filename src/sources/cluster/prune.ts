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

function shown(text: string): string {
  return TOKEN_PATH.exec(text)?.[0] ?? HIDDEN;
}

function pruneEnv(env: readonly EnvVar[]): EnvVar[] {
  const kept = referenced(env);
  return env.map((entry) => {
    // A dump written by hand may say `value:`, which is null.
    if (typeof entry.value !== 'string' || entry.value === '') return entry;
    if (NEEDED.test(entry.name) || kept.has(entry.name))
      return { ...entry, value: withoutUserInfo(entry.value) };
    return { ...entry, value: shown(entry.value) };
  });
}

function pruneContainer<T extends Container>(container: T): T {
  const { env, args, command } = container;
  return {
    ...container,
    ...(env ? { env: pruneEnv(env) } : {}),
    ...(args ? { args: args.map(shown) } : {}),
    ...(command ? { command: command.map(shown) } : {}),
  };
}

function pruneSpec(spec: PodSpec): PodSpec {
  const { containers, initContainers, ephemeralContainers } = spec;
  return {
    ...spec,
    ...(containers ? { containers: containers.map(pruneContainer) } : {}),
    ...(initContainers ? { initContainers: initContainers.map(pruneContainer) } : {}),
    ...(ephemeralContainers ? { ephemeralContainers: ephemeralContainers.map(pruneContainer) } : {}),
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
