import type { Condition, KubernetesObject, ObjectMeta, StringMap } from './object-types.ts';

/** Where the value of an environment variable comes from when it is not in the pod itself. */
export interface EnvVarSource {
  readonly configMapKeyRef?: { readonly name?: string; readonly key: string; readonly optional?: boolean };
  readonly secretKeyRef?: { readonly name?: string; readonly key: string; readonly optional?: boolean };
  readonly fieldRef?: { readonly apiVersion?: string; readonly fieldPath: string };
  readonly resourceFieldRef?: { readonly containerName?: string; readonly resource: string };
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: EnvVarSource;
}

export interface EnvFromSource {
  readonly prefix?: string;
  readonly configMapRef?: { readonly name?: string; readonly optional?: boolean };
  readonly secretRef?: { readonly name?: string; readonly optional?: boolean };
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly subPathExpr?: string;
  readonly readOnly?: boolean;
}

export interface SecurityContext {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly fsGroup?: number;
  readonly supplementalGroups?: readonly number[];
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly protocol?: string;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** Where relative paths begin; the image decides where it is left out. */
  readonly workingDir?: string;
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvFromSource[];
  readonly ports?: readonly ContainerPort[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly securityContext?: SecurityContext;
  /** `Always` on an init container makes it a sidecar. */
  readonly restartPolicy?: string;
}

export interface ServiceAccountTokenProjection {
  /** Absent: the API server's own audience. */
  readonly audience?: string;
  /** Seconds; the API server's default is 3600. */
  readonly expirationSeconds?: number;
  /** Relative to the mount point of the volume. */
  readonly path: string;
}

export interface KeyToPath {
  readonly key: string;
  readonly path: string;
  readonly mode?: number;
}

export interface VolumeProjection {
  readonly serviceAccountToken?: ServiceAccountTokenProjection;
  readonly configMap?: {
    readonly name?: string;
    readonly items?: readonly KeyToPath[];
    readonly optional?: boolean;
  };
  readonly secret?: {
    readonly name?: string;
    readonly items?: readonly KeyToPath[];
    readonly optional?: boolean;
  };
  readonly downwardAPI?: unknown;
  readonly clusterTrustBundle?: unknown;
}

export interface Volume {
  readonly name: string;
  readonly projected?: { readonly defaultMode?: number; readonly sources?: readonly VolumeProjection[] };
  readonly csi?: {
    readonly driver: string;
    readonly readOnly?: boolean;
    readonly volumeAttributes?: StringMap;
    readonly nodePublishSecretRef?: { readonly name?: string };
  };
  readonly secret?: {
    readonly secretName?: string;
    readonly items?: readonly KeyToPath[];
    readonly optional?: boolean;
  };
  readonly configMap?: {
    readonly name?: string;
    readonly items?: readonly KeyToPath[];
    readonly optional?: boolean;
  };
  readonly emptyDir?: unknown;
  readonly hostPath?: { readonly path?: string; readonly type?: string };
  readonly persistentVolumeClaim?: { readonly claimName?: string };
  readonly downwardAPI?: unknown;
}

export interface HostAlias {
  readonly ip?: string;
  readonly hostnames?: readonly string[];
}

/** A taint that a pod puts up with; without a key, every one. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  /** The older name of `serviceAccountName`; the API server fills both. */
  readonly serviceAccount?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly (Container & { readonly targetContainerName?: string })[];
  readonly volumes?: readonly Volume[];
  readonly nodeName?: string;
  readonly nodeSelector?: StringMap;
  readonly tolerations?: readonly Toleration[];
  readonly hostNetwork?: boolean;
  readonly hostAliases?: readonly HostAlias[];
  readonly dnsPolicy?: string;
  readonly dnsConfig?: {
    readonly nameservers?: readonly string[];
    readonly searches?: readonly string[];
    readonly options?: readonly { readonly name?: string; readonly value?: string }[];
  };
  readonly os?: { readonly name?: string };
  readonly securityContext?: SecurityContext;
  readonly restartPolicy?: string;
  readonly runtimeClassName?: string;
}

export interface ContainerState {
  readonly running?: { readonly startedAt?: string };
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: {
    readonly exitCode?: number;
    readonly signal?: number;
    readonly reason?: string;
    readonly message?: string;
    readonly startedAt?: string;
    readonly finishedAt?: string;
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly image?: string;
  readonly imageID?: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly startTime?: string;
  readonly hostIP?: string;
  readonly podIP?: string;
  readonly qosClass?: string;
  readonly conditions?: readonly Condition[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
}

export interface Pod extends KubernetesObject {
  readonly spec?: PodSpec;
  readonly status?: PodStatus;
}

export interface PodTemplateSpec {
  readonly metadata?: ObjectMeta;
  readonly spec?: PodSpec;
}
