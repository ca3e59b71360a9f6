import { isIP } from 'node:net';
import { whyNotPublic } from './public-address.ts';
import type { NotPublicReason } from './types.ts';

/**
 * Says why a host of a URL can never be reached by Entra, from its spelling alone; null if it may be.
 * A public name may still resolve to a private address, which only a look-up shows.
 *
 * @param host `URL.hostname`: lower case, IPv6 in brackets, odd IPv4 notations (`0x7f.1`) already resolved.
 */
export function whyHostNotPublic(host: string): NotPublicReason | null {
  const name = bareHost(host);
  if (isIP(name) !== 0) return whyNotPublic(name);
  if (name === 'localhost' || name.endsWith('.localhost')) return 'loopback';
  if (!name.includes('.')) return 'cluster-internal';
  if (/\.svc$|\.cluster\.local$|^kubernetes\.default(\.svc(\..*)?)?$/.test(name)) return 'cluster-internal';
  // Top-level names that are reserved for private networks and that no public resolver answers.
  if (/\.(local|internal|home\.arpa)$/.test(name)) return 'private';
  return null;
}

/** The host as resolver and TLS want it: no brackets, no final dot. */
export function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/** Whether `--allow-private-issuer` opens an address or host of this class. The others stay closed always. */
export function mayBeAllowed(why: NotPublicReason): boolean {
  return why === 'private' || why === 'loopback' || why === 'cluster-internal';
}
