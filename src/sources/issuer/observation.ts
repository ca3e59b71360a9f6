/**
 * What a look at a public issuer can bring back. Plain JSON, so that it can lie in a bundle.
 *
 * Everything but `unreachable` is an observation: a check may judge it. `unreachable` means that nothing was
 * learnt from here, and callers turn it into an unknown fact.
 */

import type { KeySet } from './key-set.ts';

/** A value that `JSON.parse` can give. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Why Entra cannot reach a host, seen from the host alone (a literal address or a name that is never public). */
export type NotPublicReason =
  | 'cluster-internal'
  | 'loopback'
  | 'private'
  | 'link-local'
  /** An address at which clouds serve instance metadata, e.g. 169.254.169.254 or 168.63.129.16. */
  | 'metadata'
  | 'reserved';

/** Status 200 and a JSON body. The content type is not judged. */
export interface DocumentObservation {
  readonly kind: 'document';
  readonly url: string;
  /** Differs from `url` after redirects. */
  readonly finalUrl: string;
  readonly status: 200;
  readonly contentType: string | null;
  readonly json: JsonValue;
}

/** Any other HTTP status. `snippet`: the first characters of the body, on one line. */
export interface HttpObservation {
  readonly kind: 'http';
  readonly url: string;
  readonly finalUrl: string;
  readonly status: number;
  readonly snippet?: string;
}

/** Status 200, but the body is not JSON (HTML, empty, compressed, not UTF-8, nested too deeply). */
export interface NotJsonObservation {
  readonly kind: 'not-json';
  readonly url: string;
  readonly finalUrl: string;
  readonly status: 200;
  readonly contentType: string | null;
  readonly snippet: string;
}

/** The TLS handshake failed, or the certificate is not one that this machine trusts for this name. */
export interface TlsObservation {
  readonly kind: 'tls';
  /** The URL that was being fetched, after redirects. */
  readonly url: string;
  /** Node's or OpenSSL's code, e.g. `CERT_HAS_EXPIRED`. */
  readonly code: string;
  readonly error: string;
}

/** A redirect that was not followed. */
export interface RedirectObservation {
  readonly kind: 'redirect';
  /** The URL that answered with the redirect. */
  readonly url: string;
  readonly location: string;
  readonly problem: 'loop' | 'too-many' | 'not-https' | 'not-public' | 'bad-url';
}

/** The body is larger than the limit; nothing of it is kept. */
export interface TooLargeObservation {
  readonly kind: 'too-large';
  readonly url: string;
  /** Bytes. */
  readonly limit: number;
}

/** Another scheme than https; nothing was sent. */
export interface NotHttpsObservation {
  readonly kind: 'not-https';
  readonly url: string;
}

/** A host that Entra cannot reach; nothing was sent. */
export interface NotPublicObservation {
  readonly kind: 'not-public';
  readonly url: string;
  readonly host: string;
  readonly why: NotPublicReason;
}

/** Not a URL that may be fetched; nothing was sent. `reason` never repeats the value. */
export interface BadUrlObservation {
  readonly kind: 'bad-url';
  readonly reason: string;
}

/** Nothing was learnt, from here. */
export interface Unreachable {
  readonly kind: 'unreachable';
  readonly url: string;
  readonly cause:
    | 'dns'
    | 'refused'
    | 'timeout'
    | 'reset'
    /** A public name that resolves to an address that is not public; not fetched. */
    | 'private-answer'
    /** No route, network down, permission denied by this machine. */
    | 'network'
    /** What answered does not speak HTTP. */
    | 'protocol'
    /** Another port than 443, which wi-doctor does not ask unless private issuers are allowed. */
    | 'port';
  /** One clause in words, ending in nothing: `issuer.example did not answer within 5 s`. */
  readonly reason: string;
}

/** Every outcome that is not a JSON document. */
export type FetchFailure =
  | HttpObservation
  | NotJsonObservation
  | TlsObservation
  | RedirectObservation
  | TooLargeObservation
  | NotHttpsObservation
  | NotPublicObservation
  | BadUrlObservation
  | Unreachable;

/** The outcome of fetching one JSON document. */
export type FetchOutcome = DocumentObservation | FetchFailure;

/** The key set, with nothing but public key members kept of it. */
export interface KeySetObservation {
  readonly kind: 'document';
  readonly url: string;
  readonly finalUrl: string;
  readonly status: 200;
  readonly contentType: string | null;
  readonly keys: KeySet;
}

/** The key set was not asked for, because discovery gave no usable `jwks_uri`. */
export interface KeySetNotAsked {
  readonly kind: 'not-asked';
  readonly reason: string;
}

/** One look at a public issuer: its discovery document, then its key set. */
export interface IssuerObservation {
  /** The issuer that was asked for, byte for byte. */
  readonly issuer: string;
  /** Null when the issuer is no URL from which one could be built. */
  readonly discoveryUrl: string | null;
  readonly discovery: FetchOutcome;
  /** What the discovery document says; null when it could not be read or is no JSON object. */
  readonly stated: {
    /** `issuer`, byte for byte; null when missing or no string. */
    readonly issuer: string | null;
    /** `jwks_uri`, byte for byte; null when missing or no string. */
    readonly jwksUri: string | null;
    /** `id_token_signing_alg_values_supported`, strings only. */
    readonly algorithms: readonly string[];
  } | null;
  readonly jwks: KeySetObservation | FetchFailure | KeySetNotAsked;
}
