import dns from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
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
    if (why === null || (allowPrivate && mayBeAllowed(why))) continue;
    return refuse(url, 'private-answer', `${host} resolves to ${address} here (${why}), so it was not asked`);
  }
  return answer;
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
