import type { Condition, KubernetesObject, LabelSelector } from './object-types.ts';
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
