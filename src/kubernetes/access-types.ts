import type { KubernetesObject, ObjectReference } from './object-types.ts';

export interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface ClusterRole extends KubernetesObject {
  readonly rules?: readonly PolicyRule[];
}

export interface ClusterRoleBinding extends KubernetesObject {
  readonly roleRef?: { readonly kind?: string; readonly name?: string };
  readonly subjects?: readonly {
    readonly kind?: string;
    readonly namespace?: string;
    readonly name?: string;
  }[];
}

/** The body and the answer of `serviceaccounts/NAME/token`. `status.token` is a secret. */
export interface TokenRequest extends KubernetesObject {
  readonly spec?: {
    readonly audiences?: readonly string[];
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: ObjectReference;
  };
  readonly status?: { readonly token?: string; readonly expirationTimestamp?: string };
}
