import type { KubernetesObject } from './object-types.ts';

/** What the Secrets Store CSI driver mounts for a pod. */
export interface SecretProviderClass extends KubernetesObject {
  readonly spec?: {
    readonly provider?: string;
    /** Parameters of the Azure provider that say how it signs in; the others are not kept. */
    readonly parameters?: Readonly<Record<string, string>>;
  };
}

/** A CSI driver, as far as the tokens go that the kubelet hands it. */
export interface CsiDriver extends KubernetesObject {
  readonly spec?: {
    readonly tokenRequests?: readonly { readonly audience?: string; readonly expirationSeconds?: number }[];
  };
}

/** A store of External Secrets in Azure Key Vault. */
export interface SecretStore extends KubernetesObject {
  readonly spec?: {
    readonly provider?: {
      readonly azurekv?: {
        /** `ServicePrincipal` when left out. */
        readonly authType?: string;
        readonly tenantId?: string;
        readonly serviceAccountRef?: {
          readonly name?: string;
          readonly namespace?: string;
          readonly audiences?: readonly string[];
        };
      };
    };
  };
}

/** What KEDA scales, and by which triggers. */
export interface ScaledObject extends KubernetesObject {
  readonly spec?: {
    readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
    readonly triggers?: readonly {
      readonly type?: string;
      readonly authenticationRef?: { readonly name?: string; readonly kind?: string };
    }[];
  };
}

/** How KEDA signs in for a trigger. */
export interface TriggerAuthentication extends KubernetesObject {
  readonly spec?: {
    readonly podIdentity?: {
      readonly provider?: string;
      readonly identityId?: string | null;
      readonly identityTenantId?: string | null;
      readonly identityAuthorityHost?: string | null;
    };
  };
}
