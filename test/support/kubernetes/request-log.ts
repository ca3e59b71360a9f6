import type { Received } from '../https-server.ts';
import { type RequestInfo, requestInfo, resourceLabel } from './request.ts';

/** One request of the log. */
export interface LoggedRequest extends Omit<RequestInfo, 'resource'> {
  readonly method: string;
  readonly query: Record<string, string>;
  /** Without credentials, so that a failing test prints none. */
  readonly headers: Record<string, string>;
  /** `pods`, `pods/log`, `deployments.apps`, `serviceaccounts/token`; the path when it is no resource. */
  readonly resource: string;
  /** What was posted; empty for reads. */
  readonly body: string;
  /** Milliseconds since the server started; `answered` is unset while it waits. */
  readonly arrived: number;
  answered?: number;
}

export function logged(request: Received, arrived: number): LoggedRequest {
  const info = requestInfo(request);
  const { authorization: _authorization, cookie: _cookie, ...headers } = request.headers;
  return {
    ...info,
    method: request.method,
    query: Object.fromEntries(request.query),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    resource: info.resourceRequest ? resourceLabel(info) : info.path,
    body: request.body,
    arrived,
  };
}

/**
 * The longest chain of requests that waited for one another: how many round trips a user waits for. Give the
 * server a `latencyMs`, so that requests sent together really overlap.
 */
export function rounds(requests: readonly Pick<LoggedRequest, 'arrived' | 'answered'>[]): number {
  const depths: number[] = [];
  for (const [index, request] of requests.entries()) {
    const before = requests
      .slice(0, index)
      .map((earlier, at) => ((earlier.answered ?? Infinity) <= request.arrived ? (depths[at] ?? 0) : 0));
    depths.push(1 + Math.max(0, ...before));
  }
  return Math.max(0, ...depths);
}
