import dns from 'node:dns';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import https from 'node:https';
import type { RequestOptions } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { authorityPem, serverCertificate } from '../../support/certificates.ts';
import type { CertificateKind } from '../../support/certificates.ts';

/** What the code under test did to the network. */
export interface Seen {
  /** Names looked up, in order. */
  readonly lookups: string[];
  /** Options of each request that was started. */
  readonly requests: RequestOptions[];
}

/** A TLS server on a free loopback port for the length of one test; returns the port. */
export async function serve(handler: RequestListener, kind: CertificateKind = 'trusted'): Promise<number> {
  const server = https.createServer(serverCertificate(kind, ['issuer.example', 'other.example']), handler);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/**
 * A pretended internet: `names` tells which addresses a name resolves to (none: it does not exist), and every
 * connection to one of them ends at the loopback `port`. The look-up function of the request still decides which
 * address is used, so a request that is not pinned is seen.
 */
export function internet(names: Readonly<Record<string, readonly string[]>>, port = 0): Seen {
  const seen: Seen = { lookups: [], requests: [] };
  const lookup = ((name: string, _options: unknown, done: (error: Error | null, found?: unknown) => void) => {
    seen.lookups.push(name);
    const addresses = names[name];
    if (addresses === undefined) {
      done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }));
      return;
    }
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as unknown as typeof dns.lookup;
  const lookedUp = vi.spyOn(dns, 'lookup').mockImplementation(lookup);
  const request = https.request.bind(https);
  const requested = vi.spyOn(https, 'request').mockImplementation(((
    options: RequestOptions,
    callback: never,
  ) => {
    seen.requests.push(options);
    const known = names[String(options.hostname)] !== undefined;
    const route = known ? { port, lookup: toLoopback(names, options.lookup as LookupFunction) } : {};
    return request({ ...options, ca: authorityPem(), ...route }, callback);
  }) as typeof https.request);
  onTestFinished(() => {
    lookedUp.mockRestore();
    requested.mockRestore();
  });
  return seen;
}

function toLoopback(
  names: Readonly<Record<string, readonly string[]>>,
  pinned: LookupFunction,
): LookupFunction {
  return (name, options, done) => {
    pinned(name, { ...options, all: true }, (error, found) => {
      const addresses = found as unknown as { address: string }[];
      const strays = addresses.filter(({ address }) => names[name]?.includes(address) !== true);
      if (error !== null || strays.length > 0) throw error ?? new Error('connected to an unchecked address');
      if (options.all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
      else done(null, '127.0.0.1', 4);
    });
  };
}
