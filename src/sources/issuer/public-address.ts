import ipaddr from 'ipaddr.js';
import type { NotPublicReason } from './types.ts';

/**
 * Addresses at which clouds hand instance metadata and credentials to whoever asks from the machine.
 * Some of them lie in ranges that look public (168.63.129.16) or merely private (fd00:ec2::254).
 */
const METADATA: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd20:ce::254',
]);

const RANGES: Readonly<Record<string, NotPublicReason>> = {
  loopback: 'loopback',
  private: 'private',
  carrierGradeNat: 'private',
  uniqueLocal: 'private',
  deprecatedSiteLocal: 'private',
  linkLocal: 'link-local',
};

/**
 * Says why an IP address is not on the public internet; null if it is.
 *
 * IPv6 forms that carry an IPv4 address (mapped, compatible, NAT64, 6to4) are judged by that address, because
 * that is where the packet ends. What is not known to be public counts as `reserved`.
 *
 * @param address IPv4 or IPv6 as the resolver or `URL` writes it, without brackets; a zone id is ignored.
 */
export function whyNotPublic(address: string): NotPublicReason | null {
  if (!ipaddr.isValid(address)) return 'reserved';
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return whyNotPublicV4(parsed);
  return whyNotPublicV6(parsed);
}

function whyNotPublicV4(address: ipaddr.IPv4): NotPublicReason | null {
  if (METADATA.has(address.toString())) return 'metadata';
  const range = address.range();
  return range === 'unicast' ? null : (RANGES[range] ?? 'reserved');
}

function whyNotPublicV6(address: ipaddr.IPv6): NotPublicReason | null {
  if (METADATA.has(withoutZone(address))) return 'metadata';
  const bytes = address.toByteArray();
  const range: string = address.range();
  switch (range) {
    case 'ipv4Mapped':
    case 'rfc6145':
      return whyNotPublicV4(new ipaddr.IPv4(bytes.slice(12)));
    case 'rfc6052':
      // 64:ff9b::/96 is NAT64's well-known prefix; 64:ff9b:1::/48 is for use inside one network.
      return bytes[5] === 0 ? whyNotPublicV4(new ipaddr.IPv4(bytes.slice(12))) : 'private';
    case '6to4':
      return whyNotPublicV4(new ipaddr.IPv4(bytes.slice(2, 6))) ?? 'reserved';
    case 'unicast':
      // Only 2000::/3 has been given out so far.
      return (bytes[0] ?? 0) >> 5 === 1 ? null : 'reserved';
    default:
      return RANGES[range] ?? 'reserved';
  }
}

function withoutZone(address: ipaddr.IPv6): string {
  return new ipaddr.IPv6(address.toByteArray()).toString();
}
