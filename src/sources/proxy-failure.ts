/** Marks the codes of failures on the way to a proxy or at it, so that none is taken for the host's own. */
export const PROXY_FAILURE = 'PROXY_';

/** Whether an error is about the proxy in between; its message then is one clause that names it. */
export function isProxyFailure(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith(PROXY_FAILURE);
}
