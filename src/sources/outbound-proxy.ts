import { proxyFromEnvironment } from '../kubernetes/proxy.ts';
import type { ProxyAgent } from './proxy-agent.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `HTTPS_PROXY` and its like hold something that is no HTTP proxy. */
export class UnusableProxy extends Error {}

/**
 * The proxy through which a URL is to be asked, as `HTTPS_PROXY` and `NO_PROXY` say it; null for none.
 *
 * @throws {UnusableProxy} When the environment names one that cannot be used; the message is one clause.
 */
export async function outboundProxy(url: URL, env: Environment): Promise<ProxyAgent | null> {
  const named = proxyFromEnvironment(url.href, env);
  if (named === undefined) return null;
  const text = named.includes('://') ? named : `http://${named}`;
  const proxy = URL.canParse(text) ? new URL(text) : null;
  // What is written there may hold a password, so it is not repeated.
  if (proxy === null || !/^https?:$/.test(proxy.protocol) || proxy.hostname === '')
    throw new UnusableProxy('HTTPS_PROXY names no HTTP proxy, so nothing was asked');
  const { ProxyAgent } = await import('./proxy-agent.ts');
  return new ProxyAgent(proxy);
}
