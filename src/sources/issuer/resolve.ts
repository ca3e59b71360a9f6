import dns from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { withTimeLimit } from '../time-limit.ts';
import { whyNotPublic } from './public-address.ts';
import { bareHost, mayBeAllowed } from './public-host.ts';
import type { Unreachable } from './types.ts';

/**
 * Resolves a host and holds every address of the answer to the rules, so that a connection pinned to the result
 * cannot end elsewhere. One address that is not allowed refuses the whole answer: which one would be used is
 * not for the server to choose.
 *
 * Goes through `dns.lookup`, as Node's own connections do (hosts file included).
 *
 * @throws The reason of `signal` when it fires first.
 */
export async function resolvePublic(
  url: URL,
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<readonly LookupAddress[] | Unreachable> {
  const host = bareHost(url.hostname);
  const family = isIP(host);
  // The URL's spelling was judged already.
  if (family !== 0) return [{ address: host, family }];

  let answer: readonly LookupAddress[];
  try {
    answer = await lookUp(host, signal);
  } catch (error) {
    signal.throwIfAborted();
    const code = (error as NodeJS.ErrnoException).code ?? 'no answer';
    return refuse(url, 'dns', `the name ${host} does not resolve here (${code})`);
  }
  if (answer.length === 0) return refuse(url, 'dns', `the name ${host} has no address here`);
  for (const { address } of answer) {
    const why = whyNotPublic(address);
    if (why === null || (allowPrivate && mayBeAllowed(why)) || isPlaceholder(address)) continue;
    return refuse(url, 'private-answer', `${host} resolves to ${address} here (${why}), so it was not asked`);
  }
  return answer;
}

/** A name that is not known here soon is not known here: behind a proxy nobody looks outside names up. */
const BEHIND_PROXY_MS = 1_000;

/**
 * Why a host must not be asked through a proxy either; null if it may. The proxy looks names up by itself, so what
 * this machine resolves them to can only forbid the request, and a name that has no address here is left to it.
 *
 * @throws The reason of `signal` when it fires first.
 */
export async function refusedThroughProxy(
  url: URL,
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<Unreachable | null> {
  const limit = withTimeLimit(signal, BEHIND_PROXY_MS);
  try {
    const found = await resolvePublic(url, allowPrivate, limit.signal);
    return 'kind' in found && found.cause === 'private-answer' ? found : null;
  } catch {
    signal.throwIfAborted();
    return null;
  } finally {
    limit.done();
  }
}

/** Ranges that belong to no machine: for documentation, and for benchmarks. */
const PLACEHOLDERS: readonly (readonly [string, number])[] = [
  ['192.0.2.0', 24],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['198.18.0.0', 15],
];

/**
 * Whether a resolver gave an address that only stands for a name, as VPN clients and proxies with a name service
 * of their own do: the connection then goes by name through them, and can reach nothing that lies inside.
 */
function isPlaceholder(address: string): boolean {
  if (!ipaddr.IPv4.isValid(address)) return false;
  const parsed = ipaddr.IPv4.parse(address);
  return PLACEHOLDERS.some(([network, bits]) => parsed.match(ipaddr.IPv4.parse(network), bits));
}

function lookUp(host: string, signal: AbortSignal): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    // The method is read at call time, so that a test which redirects production names can replace it.
    dns.lookup(host, { all: true, order: 'verbatim' }, (error, addresses) => {
      signal.removeEventListener('abort', onAbort);
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });
}

function refuse(url: URL, cause: Unreachable['cause'], reason: string): Unreachable {
  return { kind: 'unreachable', url: url.href, cause, reason };
}
