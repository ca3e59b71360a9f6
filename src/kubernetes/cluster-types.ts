import type { Condition, KubernetesObject, ObjectReference, StringMap } from './object-types.ts';

export interface ServiceAccount extends KubernetesObject {
  readonly automountServiceAccountToken?: boolean;
  readonly secrets?: readonly ObjectReference[];
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

export interface Namespace extends KubernetesObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

export interface ConfigMap extends KubernetesObject {
  readonly data?: StringMap;
  readonly binaryData?: StringMap;
  readonly immutable?: boolean;
}

/** core/v1 Event; newer reporters fill `eventTime` and `series` instead of the timestamps and `count`. */
export interface Event extends KubernetesObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly involvedObject?: ObjectReference;
  readonly reportingComponent?: string;
  readonly source?: { readonly component?: string; readonly host?: string };
}

export interface Node extends KubernetesObject {
  readonly spec?: {
    readonly providerID?: string;
    readonly taints?: readonly { readonly key?: string; readonly value?: string; readonly effect?: string }[];
  };
  readonly status?: {
    readonly nodeInfo?: {
      readonly kubeletVersion?: string;
      readonly operatingSystem?: string;
      readonly osImage?: string;
      readonly architecture?: string;
    };
    readonly conditions?: readonly Condition[];
  };
}

/** What a Secret is for; its data is neither read nor typed. */
export interface SecretMetadata extends KubernetesObject {
  readonly type?: string;
}

export interface CSIDriver extends KubernetesObject {
  readonly spec?: {
    readonly tokenRequests?: readonly { readonly audience?: string; readonly expirationSeconds?: number }[];
    readonly requiresRepublish?: boolean;
  };
}

export interface CustomResourceDefinition extends KubernetesObject {
  readonly spec?: {
    readonly group?: string;
    readonly scope?: string;
    readonly names?: { readonly kind?: string; readonly plural?: string };
    readonly versions?: readonly {
      readonly name?: string;
      readonly served?: boolean;
      readonly storage?: boolean;
    }[];
  };
}

/** The answer of `/version`. */
export interface VersionInfo {
  readonly major?: string;
  readonly minor?: string;
  readonly gitVersion?: string;
  readonly platform?: string;
}

/** The answer of `/.well-known/openid-configuration`, the API server's or the public issuer's. */
export interface OpenIdConfiguration {
  readonly issuer?: string;
  readonly jwks_uri?: string;
  readonly response_types_supported?: readonly string[];
  readonly subject_types_supported?: readonly string[];
  readonly id_token_signing_alg_values_supported?: readonly string[];
}

/** The answer of `/openid/v1/jwks`. */
export interface JsonWebKeySet {
  readonly keys?: readonly (Readonly<Record<string, unknown>> & {
    readonly kid?: string;
    readonly kty?: string;
    readonly alg?: string;
    readonly use?: string;
  })[];
}
