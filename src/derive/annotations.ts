import { unknown, type Fact, type Unknown } from '../fact.ts';
import type { KubernetesObject } from '../kubernetes/types.ts';
import type { ContainerView, Workload } from './workload.ts';
import { CLIENT_ID_KEY, annotationOf } from './annotation-keys.ts';
import { INJECTED_VARIABLES } from './environment.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text can be a client id or tenant id; Entra does not mind the letter case. */
export function isGuid(text: string): boolean {
  return GUID.test(text) && !/^[0-]+$/.test(text);
}

/** Whether the service account names a client id at all, in whatever form. */
export function namesClientId(serviceAccount: KubernetesObject): boolean {
  return (annotationOf(serviceAccount, CLIENT_ID_KEY) ?? '').trim() !== '';
}

/** Where a container has its client id from: its own manifest, the annotation, nowhere, or it cannot be seen. */
export type ClientIdSource = 'own' | 'annotation' | 'none' | 'unseen';

/** Where a container has its client id from. An empty one of its own is its own fault, not the annotation's. */
export function clientIdSource({ effective }: ContainerView): ClientIdSource {
  const { clientId } = effective;
  if (clientId.state === 'unknown') return 'unseen';
  if (clientId.state === 'unset') return 'none';
  if (clientId.from === 'webhook') return clientId.value === '' ? 'none' : 'annotation';
  return 'own';
}

// The webhook appends what is missing in one go, so what stands right before its own was perhaps appended as well.
function maybeAppended({ env = [] }: ContainerView['spec'], name: string): boolean {
  const position = env.findLastIndex((entry) => entry.name === name);
  const next = env[position + 1]?.name;
  return next !== undefined && next !== name && INJECTED_VARIABLES.includes(next);
}

/**
 * Why nobody can tell who chose the client id, or the tenant, of a container: while its controller is not seen, it
 * may be the choice of the author of the manifest as well as what the webhook found in the annotation when the pod
 * was made.
 *
 * @returns Null where it can be told.
 */
export function choiceUnseen(
  { kind, metadata, manifest }: Workload,
  { name, effective, spec }: ContainerView,
  owners: Fact<readonly KubernetesObject[]>,
  what: 'client id' | 'tenant' = 'client id',
): Unknown | null {
  const value = what === 'tenant' ? effective.tenantId : effective.clientId;
  const variable = what === 'tenant' ? 'AZURE_TENANT_ID' : 'AZURE_CLIENT_ID';
  if (kind !== 'pod' || manifest !== undefined || owners.state !== 'unknown') return null;
  if ((metadata.ownerReferences ?? []).length === 0 || value.state !== 'known') return null;
  if (value.from !== 'webhook' && !maybeAppended(spec, variable)) return null;
  const reason = `whether the manifest or the webhook gave container ${name} its ${what} cannot be told`;
  return unknown(reason, owners.settle);
}

/** The judged containers without the sidecars of meshes, which are injected like others but never sign in. */
export function clientsIn({ judged }: Workload): readonly ContainerView[] {
  const own = judged.filter(({ knownSidecar }) => !knownSidecar);
  return own.length > 0 ? own : judged;
}

/** Whether the Secrets Store CSI driver may sign in for a pod, as its SecretProviderClass says. */
export function usesSecretsStore({ spec }: Workload): boolean {
  return (spec.volumes ?? []).some(({ csi }) => csi?.driver === 'secrets-store.csi.k8s.io');
}

const KNOWN_KEYS: ReadonlySet<string> = new Set([
  'client-id',
  'tenant-id',
  'service-account-token-expiration',
  'skip-containers',
  'inject-proxy-sidecar',
  'proxy-sidecar-port',
  'use',
]);
const CLIENT_ID_WORDS =
  /^((managed|userassigned|workload)?identity)?(client|app|application|identity)?(id|identifier)?$/;

/** What an annotation or label key was meant to be, if it looks like one of the webhook's. */
export type KeyMeaning = 'known' | 'client-id' | 'tenant-id' | 'other' | 'foreign';

/** What a key of an annotation was meant to be: exactly known, a near miss, or nothing to do with the webhook. */
export function keyMeaning(key: string): KeyMeaning {
  const exact = /^azure\.workload\.identity\/(.+)$/.exec(key)?.[1];
  if (exact !== undefined && (KNOWN_KEYS.has(exact) || exact.startsWith('use-'))) return 'known';
  const letters = key.toLowerCase().replaceAll(/[^a-z0-9/]/g, '');
  const slash = letters.indexOf('/');
  const prefix = slash < 0 ? letters.slice(0, 'azureworkloadidentity'.length) : letters.slice(0, slash);
  const rest = slash < 0 ? letters.slice(prefix.length) : letters.slice(slash + 1);
  if (!/azure/.test(prefix) || !/workload|identi/.test(prefix)) return 'foreign';
  if (rest.startsWith('tenant')) return 'tenant-id';
  if (rest !== '' && CLIENT_ID_WORDS.test(rest)) return 'client-id';
  return exact === undefined ? 'foreign' : 'other';
}
