import type { Fact } from './fact.ts';
import type {
  ConfigMap,
  CsiDriver,
  Deployment,
  EndpointSlice,
  Event as KubernetesEvent,
  KubernetesObject,
  MutatingWebhookConfiguration,
  Namespace,
  Node,
  Pod,
  PolicyRule,
  ScaledObject,
  SecretProviderClass,
  SecretStore,
  ServiceAccount,
  TriggerAuthentication,
} from './kubernetes/types.ts';
import type { FederatedIdentityCredential } from './sources/federated-credentials/types.ts';
import type { BroughtError } from './sources/errors/brought-error.ts';
import type { ExchangeRecord } from './sources/exchange/types.ts';
import type { FetchObservation, NotAsked } from './sources/issuer/types.ts';
import type { TenantRecord } from './sources/tenants/types.ts';
import type { DecodedToken, SignatureVerdict } from './sources/token/types.ts';

/** What the user asked for. */
export interface Target {
  readonly kind: string;
  /** Empty for objects of the whole cluster. */
  readonly namespace: string;
  readonly name: string;
  /** Kubeconfig context; null when the evidence is not from a cluster. */
  readonly context: string | null;
}

/** The options of the user that change what counts as a fault. */
export interface RequestOptions {
  /** `-c NAME`: the container that must have the token. */
  readonly container: string | null;
  /** `--allow-private-issuer`. */
  readonly allowPrivateIssuer: boolean;
  /** `--authority-host`, with its port unless that is 443: a host that the user vouches for. */
  readonly authorityHost?: string | null;
}

/** A discovery document, as far as wi-doctor reads it. */
export interface DiscoveryDocument {
  readonly issuer?: unknown;
  readonly jwks_uri?: unknown;
  readonly [member: string]: unknown;
}

/** A key set as published. */
export interface Jwks {
  readonly keys?: unknown;
  readonly [member: string]: unknown;
}

/** The Entra object behind a client id. */
export interface Identity {
  readonly kind: 'user-assigned' | 'system-assigned' | 'application' | 'unknown';
  /** Name of the managed identity or display name of the application, if known. */
  readonly name: string | null;
  readonly resourceGroup: string | null;
  readonly subscription: string | null;
  /** Object id of the service principal. */
  readonly principalId: string | null;
  readonly tenantId: string | null;
  /** False when the service principal or application is disabled; null when not known. */
  readonly enabled: boolean | null;
  /** False for an application without a service principal in the tenant; left out when not known. */
  readonly hasServicePrincipal?: boolean;
  /** Its real client id, lower case; left out when not known. */
  readonly clientId?: string;
  /** Which of its other ids stands where the client id should; left out when the client id itself does. */
  readonly namedBy?: 'principal-id' | 'object-id' | 'resource-id';
  /** Azure region of a managed identity, as ARM writes it: `eastus`. */
  readonly location?: string;
}

/** The federated identity credentials of one client id. */
export interface CredentialList {
  readonly items: readonly FederatedIdentityCredential[];
  /** False when the evidence holds only a part of the list, so that nothing follows from a missing one. */
  readonly complete: boolean;
  /** True when the list was supplied for no client id in particular, so it does not tell whose it is. */
  readonly anyClientId: boolean;
  /** True when Azure says that the identity's region does not offer federated credentials at all. */
  readonly unsupported?: boolean;
}

/** The AKS cluster as Azure Resource Manager shows it. */
export interface AksCluster {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly subscription: string;
  /** RFC 3339; null where ARM does not tell. */
  readonly created: string | null;
  readonly kubernetesVersion: string | null;
  /** `oidcIssuerProfile`. */
  readonly oidcIssuer: { readonly enabled: boolean; readonly url: string | null };
  /** `securityProfile.workloadIdentity.enabled`. */
  readonly workloadIdentity: boolean;
  /** `apiServerAccessProfile.enableVnetIntegration`. */
  readonly vnetIntegration: boolean;
}

/** One identity binding of an AKS cluster. */
export interface IdentityBinding {
  readonly name: string;
  /** Resource id of the user-assigned identity. */
  readonly identityId: string | null;
  readonly clientId: string | null;
  readonly issuer: string | null;
  readonly provisioningState: string | null;
}

/** One role assignment at or above a resource. */
export interface RoleAssignment {
  readonly role: string;
  readonly scope: string;
  readonly principalId: string;
  readonly principalType: string | null;
  /** RFC 3339; null where ARM does not tell. */
  readonly created: string | null;
  /** Whether the role grants anything on the data inside the resource; null when it was not read. */
  readonly dataActions: boolean | null;
  /** Whether the role allows the action that an error names; left out where none does or the role was not read. */
  readonly allows?: boolean;
  /** Client ids of this run whose principal holds it, directly or through a group. */
  readonly heldBy: readonly string[];
}

/** Who may do what on the resource of `--resource`, or on the one that an error names. */
export interface ResourceAccess {
  readonly resource: string;
  /** The action that the error says was refused there. */
  readonly action?: string;
  readonly assignments: readonly RoleAssignment[];
  /** Client ids whose assignments were looked for. */
  readonly askedFor: readonly string[];
  /** What a key vault says about itself; null for other resources and when it was not read. */
  readonly vault: VaultAccess | null;
}

/** The access model of a key vault. */
export interface VaultAccess {
  /** `enableRbacAuthorization`: role assignments count, access policies do not. */
  readonly rbac: boolean;
  /** Object ids that the access policies name. */
  readonly policyPrincipals: readonly string[];
  /** False when `publicNetworkAccess` is disabled or the firewall denies by default. */
  readonly openToAll: boolean;
}

/** Whose clock it is: Entra's or Azure's, that of the public issuer, of the API server, of this machine. */
export type ClockName = 'entra' | 'issuer' | 'apiServer' | 'machine';

/** By how many seconds each clock that was seen is ahead of `now`; 0 for the one that `now` is of. */
export type Clocks = Readonly<Partial<Record<ClockName, number>>>;

/** Facts that are collected, written to bundles and read back. */
export interface CollectedFacts {
  /** The moment of the run, RFC 3339 in UTC, by the best clock that was seen; its origin says which. */
  readonly now: string;
  /** The clocks that were seen; absent where `now` is only the earliest that the run can have been. */
  readonly clocks: Clocks;
  readonly target: Target;
  readonly options: RequestOptions;
  readonly pod: Pod;
  /** The pod template of a controller that has no pod, as a pod before admission. */
  readonly template: Pod;
  readonly namespace: Namespace;
  readonly serviceAccount: ServiceAccount;
  /** The other service accounts of the namespace; only asked for when the pod's own has no client id. */
  readonly otherServiceAccounts: readonly ServiceAccount[];
  /** Other pods of the same controller. */
  readonly siblings: readonly Pod[];
  /** Live pods besides those that run as the same service account; not asked for where that is `default`. */
  readonly accountPods: readonly Pod[];
  /** Controllers above the pod, nearest first, up to the object that holds the template. */
  readonly owners: readonly KubernetesObject[];
  /** Events about the pod and its controllers. */
  readonly events: readonly KubernetesEvent[];
  readonly node: Node;
  readonly webhookConfigurations: readonly MutatingWebhookConfiguration[];
  /** Deployments labelled `azure-workload-identity.io/system=true`, in all namespaces. */
  readonly webhookDeployments: readonly Deployment[];
  /** Pods labelled `azure-workload-identity.io/system=true`, in all namespaces. */
  readonly webhookPods: readonly Pod[];
  /** Endpoint slices of the service that the webhook configuration names. */
  readonly webhookEndpoints: readonly EndpointSlice[];
  /** ConfigMap `azure-wi-webhook-config` in the webhook's namespace. */
  readonly webhookConfig: ConfigMap;
  /** What cluster roles let the pod's service account do with bound identities; only asked for when it uses one. */
  readonly bindingRules: readonly PolicyRule[];
  /** API groups that the cluster serves, in their preferred versions; only asked for when others may sign in. */
  readonly apiGroups: readonly string[];
  /** Classes of the Secrets Store CSI driver in the namespace; only asked for when a pod mounts one. */
  readonly secretProviderClasses: readonly SecretProviderClass[];
  /** The Secrets Store CSI driver itself, with the audiences of the tokens it is handed. */
  readonly csiDriver: CsiDriver;
  /** Stores of External Secrets in the namespace; only asked for when the app does not sign in by itself. */
  readonly secretStores: readonly SecretStore[];
  readonly clusterSecretStores: readonly SecretStore[];
  /** What KEDA scales in the namespace. */
  readonly scaledObjects: readonly ScaledObject[];
  /** How KEDA signs in: those of the namespace, or for KEDA's own operator of all namespaces. */
  readonly triggerAuthentications: readonly TriggerAuthentication[];
  readonly clusterTriggerAuthentications: readonly TriggerAuthentication[];
  /** The API server's own `/.well-known/openid-configuration`. */
  readonly apiServerDiscovery: DiscoveryDocument;
  /** The API server's own `/openid/v1/jwks`. */
  readonly apiServerKeys: Jwks;
  /** The API server's version, such as `v1.33.2`. */
  readonly apiServerVersion: string;
  /** What the public discovery URL of the token issuer answered. */
  readonly discovery: FetchObservation;
  /** What the `jwks_uri` of the public discovery document answered. */
  readonly jwks: FetchObservation | NotAsked;
  /** The pod's token, decoded: header, claims and the verdict on its signature; never the token itself. */
  readonly token: DecodedToken;
  /** The token's signature held against the published keys and against the API server's own. */
  readonly tokenSignature: TokenSignature;
  /** The AKS cluster behind the API server; only looked up with a sign-in to Azure. */
  readonly aksCluster: AksCluster;
  /** The identity bindings of that cluster; only asked for when a pod uses one. */
  readonly identityBindings: readonly IdentityBinding[];
  /** Role assignments on the resource of `--resource`, else on the one that an error names. */
  readonly roleAssignments: ResourceAccess;
  /** What Entra publicly says of the tenants that are signed in to; nothing is sent but their ids. */
  readonly tenants: readonly TenantRecord[];
  /** What Entra answered when the token of each sign-in was really exchanged; no token is kept. */
  readonly exchanges: readonly ExchangeRecord[];
  /** Errors the user brought, and those found in logs; absent when neither was asked for. */
  readonly errors: readonly BroughtError[];
}

/** Verdicts on one signature, by key set. */
export interface TokenSignature {
  readonly published: SignatureVerdict;
  readonly apiServer: SignatureVerdict;
}

/** Facts that exist once per client id. */
export interface ClientFacts {
  readonly identity: Identity;
  readonly federatedCredentials: CredentialList;
}

export type ClientFactSet = { readonly [Name in keyof ClientFacts]: Fact<ClientFacts[Name]> };

/** Everything collected in one run; a bundle is this, serialised. */
export interface FactSet {
  readonly facts: { readonly [Name in keyof CollectedFacts]?: Fact<CollectedFacts[Name]> };
  readonly clients: Readonly<Record<string, Partial<ClientFactSet>>>;
}
