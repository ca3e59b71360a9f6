import type { KubernetesObject } from '../kubernetes/types.ts';

export const CLIENT_ID_KEY = 'azure.workload.identity/client-id';
export const TENANT_ID_KEY = 'azure.workload.identity/tenant-id';
export const EXPIRATION_KEY = 'azure.workload.identity/service-account-token-expiration';

/** An annotation of an object; undefined when it is missing. */
export function annotationOf(object: KubernetesObject, key: string): string | undefined {
  const annotations = object.metadata?.annotations ?? {};
  return Object.hasOwn(annotations, key) ? annotations[key] : undefined;
}
