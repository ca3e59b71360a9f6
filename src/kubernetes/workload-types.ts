import type {
  Condition,
  KubernetesObject,
  LabelSelector,
  ObjectMeta,
  ObjectReference,
} from './object-types.ts';
import type { PodTemplateSpec } from './pod-types.ts';

/** What Deployments, ReplicaSets, StatefulSets and DaemonSets have in common. */
export interface WorkloadSpec {
  readonly replicas?: number;
  readonly selector?: LabelSelector;
  readonly template?: PodTemplateSpec;
  readonly paused?: boolean;
}

export interface WorkloadStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly conditions?: readonly Condition[];
}

export interface Deployment extends KubernetesObject {
  readonly spec?: WorkloadSpec;
  readonly status?: WorkloadStatus;
}

export interface ReplicaSet extends KubernetesObject {
  readonly spec?: WorkloadSpec;
  readonly status?: WorkloadStatus & { readonly fullyLabeledReplicas?: number };
}

export interface StatefulSet extends KubernetesObject {
  readonly spec?: WorkloadSpec & { readonly serviceName?: string };
  readonly status?: WorkloadStatus & {
    readonly currentRevision?: string;
    readonly updateRevision?: string;
    readonly currentReplicas?: number;
  };
}

export interface DaemonSet extends KubernetesObject {
  readonly spec?: Omit<WorkloadSpec, 'replicas' | 'paused'>;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly currentNumberScheduled?: number;
    readonly numberReady?: number;
    readonly numberAvailable?: number;
    readonly numberUnavailable?: number;
    readonly updatedNumberScheduled?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface JobSpec {
  readonly selector?: LabelSelector;
  readonly template?: PodTemplateSpec;
  readonly suspend?: boolean;
  readonly backoffLimit?: number;
}

export interface Job extends KubernetesObject {
  readonly spec?: JobSpec;
  readonly status?: {
    readonly active?: number;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly startTime?: string;
    readonly completionTime?: string;
    readonly conditions?: readonly Condition[];
  };
}

export interface CronJob extends KubernetesObject {
  readonly spec?: {
    readonly schedule?: string;
    readonly suspend?: boolean;
    readonly jobTemplate?: { readonly metadata?: ObjectMeta; readonly spec?: JobSpec };
  };
  readonly status?: {
    readonly active?: readonly ObjectReference[];
    readonly lastScheduleTime?: string;
    readonly lastSuccessfulTime?: string;
  };
}
