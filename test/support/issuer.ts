import { type CertificateKind, serverCertificate } from './certificates.ts';
import type { Fault, FaultRule, Reply } from './faults.ts';
import { type LoopbackServer, startHttpsServer } from './https-server.ts';
import { misbehave, type Misbehaviour } from './issuer-misbehaviour.ts';
import { openidConfiguration } from './kubernetes/world.ts';
import { type SigningKey, signingKey } from './signing-key.ts';

export { mintToken, serviceAccountClaims, legacySecretClaims, truncate } from './mint-token.ts';
export { signingKey };
export type { Misbehaviour };

export interface PublishOptions {
  keys?: SigningKey[];
  misbehaviour?: Misbehaviour;
  /** Laid over the discovery document; `undefined` takes a member away. */
  discovery?: Record<string, unknown>;
  /** Instead of the key set that follows from `keys`. */
  jwks?: unknown;
  discoveryFault?: Fault;
  jwksFault?: Fault;
}

/** One issuer's documents, changeable while the server runs. */
export interface PublishedIssuer {
  readonly url: string;
  readonly openidConfiguration: object;
  readonly jwks: object;
  keys: SigningKey[];
  options: PublishOptions;
  /** A new signing key joins the set, or replaces it when `drop` is set: what key rotation looks like. */
  rotate(key: SigningKey, drop?: boolean): void;
}

export interface IssuerServer extends LoopbackServer {
  /** Host table for `runCli`: every published host leads here. */
  readonly hosts: Record<string, string>;
  readonly requests: readonly {
    method: string;
    host: string;
    path: string;
    headers: Record<string, string>;
  }[];
  /** Publishes discovery document and keys for an issuer URL, whatever its host. */
  publish(issuer: string, options?: PublishOptions): PublishedIssuer;
  /** Takes them off again: both are a 404. */
  withdraw(issuer: string): void;
}

/** Serves any number of issuers; which one is asked follows from Host header and path. */
export async function startIssuer(
  options: { certificate?: CertificateKind; names?: string[]; faults?: FaultRule[]; now?: () => Date } = {},
): Promise<IssuerServer> {
  const issuers = new Map<string, PublishedIssuer>();
  const requests: { method: string; host: string; path: string; headers: Record<string, string> }[] = [];
  const hosts: Record<string, string> = {};

  const server = await startHttpsServer({
    certificate: serverCertificate(options.certificate, options.names),
    ...(options.faults && { faults: options.faults }),
    ...(options.now && { now: options.now }),
    received: ({ method, host, path, headers }) => {
      const plain = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      requests.push({ method, host, path, headers: Object.fromEntries(plain) as Record<string, string> });
    },
    handle: ({ host, path, headers }) => {
      const authority = headers.host ?? host;
      for (const issuer of issuers.values()) {
        const base = new URL(issuer.url);
        if (base.host !== authority && base.hostname !== host) continue;
        const prefix = base.pathname.replace(/\/$/, '');
        if (path === `${prefix}/.well-known/openid-configuration`) return json(issuer.openidConfiguration);
        if (path === `${prefix}/openid/v1/jwks`) return json(issuer.jwks, 'application/jwk-set+json');
      }
      return blobNotFound();
    },
    describe: (status) => ({ ...blobNotFound(), status }),
  });

  return {
    ...server,
    hosts,
    requests,
    publish(url, publishOptions = {}) {
      const issuer = published(url, publishOptions);
      issuers.set(url, issuer);
      hosts[new URL(url).hostname] = server.address;
      const prefix = new URL(url).pathname.replace(/\/$/, '');
      const { discoveryFault, jwksFault } = issuer.options;
      addFault(`${prefix}/.well-known/openid-configuration`, discoveryFault);
      addFault(`${prefix}/openid/v1/jwks`, jwksFault);
      return issuer;
    },
    withdraw: (url) => void issuers.delete(url),
  };

  function addFault(path: string, fault: Fault | undefined): void {
    if (!fault) return;
    const literal = path.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    server.faults.add({ match: { path: new RegExp(`^${literal}/?$`) }, fault });
  }
}

function published(url: string, given: PublishOptions): PublishedIssuer {
  const wrong = given.misbehaviour === undefined ? {} : misbehave(given.misbehaviour, url);
  const options = { ...wrong, ...given, discovery: { ...wrong.discovery, ...given.discovery } };
  const issuer: PublishedIssuer = {
    url,
    keys: options.keys ?? [signingKey()],
    options,
    get openidConfiguration() {
      return { ...openidConfiguration(url), ...issuer.options.discovery };
    },
    get jwks() {
      const set = issuer.options.jwks;
      return (set as object | undefined) ?? { keys: issuer.keys.map(({ jwk }) => jwk) };
    },
    rotate(key, drop = false) {
      issuer.keys = drop ? [key] : [...issuer.keys, key];
    },
  };
  return issuer;
}

function json(body: unknown, type = 'application/json'): Reply {
  return { status: 200, headers: { 'content-type': type }, body: JSON.stringify(body) };
}

/** What the storage account behind an issuer says of a blob that is not there. */
function blobNotFound(): Reply {
  return {
    status: 404,
    headers: { 'content-type': 'application/xml' },
    body:
      '<?xml version="1.0" encoding="utf-8"?><Error><Code>BlobNotFound</Code>' +
      '<Message>The specified blob does not exist.</Message></Error>',
  };
}
