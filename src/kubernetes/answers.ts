import type { ExecOutput } from './exec.ts';

/** A right that was missing, in the words of RBAC. */
export interface Right {
  readonly verb: string;
  /** Plural name, with a subresource after a slash: `serviceaccounts/token`. Empty for a non-resource path. */
  readonly resource: string;
  readonly group: string;
  readonly namespace?: string;
  readonly name?: string;
  /** `/openid/v1/jwks`. */
  readonly nonResourceURL?: string;
  /** Who lacks it, by the name that the API server knows; left out where it does not say. */
  readonly user?: string;
}

/** Which file an answer was read from; only answers out of dumps have one. */
export interface Origin {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
}

/** What came of looking at something: it is there, it is not there, or we could not look. */
export type Answer<T = unknown> =
  | { readonly kind: 'ok'; readonly body: T; readonly origin?: Origin }
  | { readonly kind: 'absent'; readonly origin?: Origin }
  | Unanswered;

/** We could not look. */
export interface Unanswered {
  readonly kind: 'unknown';
  /** One clause without a full stop: `the user may not get pods in namespace shop (403)`. */
  readonly reason: string;
  /** The missing right, when that is the reason. */
  readonly right?: Right;
  /** HTTP status, if there was one. */
  readonly status?: number;
  /** The one command that would settle it, if there is one. */
  readonly settle?: string;
}

export function unknown(reason: string, more: Omit<Unanswered, 'kind' | 'reason'> = {}): Unanswered {
  return { kind: 'unknown', reason, ...more };
}

/** One HTTP request that was made; repeats count. */
export interface RequestRecord {
  readonly method: 'GET' | 'POST';
  /** With its query, without the continue token. */
  readonly path: string;
  /** HTTP status, or null when none came. */
  readonly status: number | null;
  readonly milliseconds: number;
}

/** Restricts a list; both selectors in kubectl's notation. */
export interface ListQuery {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects per page, 500 unless given; the list is complete either way. */
  readonly limit?: number;
}

/** A list with the items of all its pages. */
export interface Items<T> {
  readonly items: readonly T[];
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Read access to a cluster, live or from dumps. No method rejects for an answer that is merely bad news. */
export interface KubernetesClient {
  /**
   * Reads one object, or a document such as `/version`. Needs the right to `get` it.
   *
   * `absent` only when the API server itself says that this very object does not exist.
   */
  get<T = unknown>(path: string, query?: Query): Promise<Answer<T>>;
  /**
   * Reads all objects of a kind, page by page. Needs the right to `list` it.
   *
   * The body is one list with the items of all pages. A list of a namespace that does not exist is empty. A
   * page that fails makes the whole list unknown.
   */
  list<T = unknown>(path: string, query?: ListQuery): Promise<Answer<Items<T>>>;
  /**
   * Posts a TokenRequest, a SelfSubjectAccessReview or a SelfSubjectRulesReview; throws for any other path.
   */
  create<T = unknown>(path: string, body: unknown): Promise<Answer<T>>;
  /**
   * Reads plain text, such as `pods/NAME/log`.
   *
   * @returns At most the last `maxBytes` bytes (1 MiB unless given), then from the first whole line on.
   */
  text(path: string, query?: Query, options?: { readonly maxBytes?: number }): Promise<Answer<string>>;
  /**
   * Runs one command in a container, without input: `pods/NAME/exec`. Needs the right to `get` and, from
   * Kubernetes 1.35 on, to `create` pods/exec. Missing where there is no cluster.
   */
  exec?(path: string, container: string, command: readonly string[]): Promise<Answer<ExecOutput>>;
  /** How many seconds the API server's clock is ahead of this machine's; missing until an answer tells. */
  readonly clockAhead?: number | undefined;
  /** Every request made so far, in the order in which they ended. */
  readonly requests: readonly RequestRecord[];
  /** Closes idle connections; the client must not be used afterwards. */
  close(): void;
}
