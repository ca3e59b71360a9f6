import type { Container, EnvVar, StringMap } from '../kubernetes/types.ts';

/** Who put a variable into the container: the manifest, the webhook, or it cannot be told. */
export type EnvOrigin = 'env' | 'webhook' | 'unknown';

/** What a container sees under one variable name. */
export type EnvView =
  | { readonly state: 'value'; readonly value: string; readonly from: EnvOrigin }
  /** Set, but from a Secret, ConfigMap or field whose content is not read. */
  | { readonly state: 'hidden'; readonly reason: string; readonly from: EnvOrigin }
  | { readonly state: 'unset' };

/** The variables the webhook adds, in the order in which it adds them. */
export const INJECTED_VARIABLES: readonly string[] = [
  'AZURE_CLIENT_ID',
  'AZURE_TENANT_ID',
  'AZURE_FEDERATED_TOKEN_FILE',
  'AZURE_AUTHORITY_HOST',
];

// The kubelet lets the last entry of a name win.
function entryOf(container: Container, name: string): EnvVar | undefined {
  return container.env?.findLast((entry) => entry.name === name);
}

function hiddenIn({ valueFrom }: EnvVar): string {
  const { secretKeyRef, configMapKeyRef, fieldRef } = valueFrom ?? {};
  if (secretKeyRef) return `its value is in Secret ${secretKeyRef.name ?? ''}, key ${secretKeyRef.key}`;
  if (configMapKeyRef)
    return `its value is in ConfigMap ${configMapKeyRef.name ?? ''}, key ${configMapKeyRef.key}`;
  if (fieldRef) return `its value is field ${fieldRef.fieldPath}`;
  return 'its value comes from elsewhere';
}

/** Variables that the kubelet makes of the services of a namespace; their values are in no manifest. */
const OF_A_SERVICE = /^[A-Z0-9_]+_(SERVICE_HOST|SERVICE_PORT|PORT)(_|$)/;

/** Bytes of one variable; Linux starts no program with a longer one. */
const LONGEST_VALUE = 131_072;

/**
 * The value of an entry with `$(NAME)` filled in as the kubelet does: from entries before it, themselves filled in,
 * then from `envFrom` and services; `$$` escapes, and a reference to nothing stays as it is.
 *
 * @param position Of the entry in `env`.
 * @returns Undefined when the value, or one that it refers to, is not visible.
 * @see {@link https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/}
 */
function valueAt(container: Container, position: number): string | undefined {
  const { value = '', valueFrom } = container.env?.[position] ?? {};
  if (!valueFrom && !value.includes('$')) return value;
  const before = new Map<string, string | undefined>();
  const seen = (name: string): string | null | undefined => {
    if (before.has(name)) return before.get(name);
    return bulkSources(container, name).length > 0 || OF_A_SERVICE.test(name) ? undefined : null;
  };
  let last: string | undefined;
  for (const entry of container.env?.slice(0, position + 1) ?? []) {
    last = entry.valueFrom ? undefined : filledIn(entry.value ?? '', seen);
    before.set(entry.name, last);
  }
  return last;
}

/** @param seen The value of a variable: null for none, undefined for one that is not visible. */
function filledIn(text: string, seen: (name: string) => string | null | undefined): string | undefined {
  let length = text.length;
  let visible = true;
  const filled = text.replaceAll(/\$\$|\$\(([^()]*)\)/g, (match, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = seen(name);
    length += value?.length ?? 0;
    // Variables that multiply each other would fill the memory.
    if (value === undefined || length > LONGEST_VALUE) visible = false;
    return visible ? (value ?? match) : '';
  });
  return visible ? filled : undefined;
}

// Without a manifest to compare with, the block the webhook appends is known by its order at the end.
function isAppendedBlock(container: Container, name: string): boolean {
  const names = (container.env ?? []).map((entry) => entry.name);
  const tail = names.slice(-INJECTED_VARIABLES.length);
  const block = tail.filter((entry) => INJECTED_VARIABLES.includes(entry));
  const inOrder = INJECTED_VARIABLES.filter((entry) => block.includes(entry));
  return (
    block.includes(name) && block.includes('AZURE_FEDERATED_TOKEN_FILE') && block.join() === inOrder.join()
  );
}

function originOf(container: Container, name: string, manifest: Container | null | undefined): EnvOrigin {
  if (manifest) return manifest.env?.some((entry) => entry.name === name) ? 'env' : 'webhook';
  // Not known, or without this container: then another webhook added it, and ours may have run after that.
  return isAppendedBlock(container, name) ? 'webhook' : 'unknown';
}

/** Sources of `envFrom` that could hold a variable of this name. */
function bulkSources(container: Container, name: string): string[] {
  return (container.envFrom ?? [])
    .filter(({ prefix }) => name.startsWith(prefix ?? ''))
    .map(({ configMapRef, secretRef }) =>
      secretRef ? `Secret ${secretRef.name ?? ''}` : `ConfigMap ${configMapRef?.name ?? ''}`,
    );
}

/**
 * What a container sees under a variable name.
 *
 * `env` beats `envFrom`, so a bulk source only matters, and is then unknown, where `env` lacks the name.
 *
 * @param manifest The same container as its author wrote it; null when the author's manifest lacks the
 * container, undefined when the manifest is not known.
 */
export function environmentValue(
  container: Container,
  name: string,
  manifest: Container | null | undefined,
): EnvView {
  const entry = entryOf(container, name);
  if (entry) {
    const from = originOf(container, name, manifest);
    if (entry.valueFrom) return { state: 'hidden', reason: hiddenIn(entry), from };
    const value = valueAt(container, container.env?.indexOf(entry) ?? 0);
    if (value === undefined)
      return { state: 'hidden', reason: 'it is built from a value that is not visible', from };
    return { state: 'value', value, from };
  }
  const sources = bulkSources(container, name);
  if (sources.length === 0) return { state: 'unset' };
  return { state: 'hidden', reason: `it may come from ${sources.join(' or ')} (envFrom)`, from: 'env' };
}

/** Labels or annotations, never undefined. */
export function mapOf(map: StringMap | undefined): StringMap {
  return map ?? {};
}
