/** What the API server of the tests needs to know of an object; everything else passes through untouched. */
export interface TypedObject {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata?: {
    name?: string | undefined;
    namespace?: string | undefined;
    uid?: string | undefined;
    resourceVersion?: string | undefined;
    creationTimestamp?: unknown;
    labels?: Record<string, string> | undefined;
  };
}

/** Typed by a client library, or written down in a test. */
export type KubernetesObject = TypedObject | Record<string, unknown>;

/** An object as it is stored: complete where a real API server always is. */
export interface StoredObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    creationTimestamp: string;
    labels?: Record<string, string>;
  };
  [member: string]: unknown;
}
