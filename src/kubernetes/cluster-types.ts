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
