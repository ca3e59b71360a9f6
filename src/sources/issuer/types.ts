/**
 * What a look at a public issuer can bring back. Plain JSON, so that it can lie in a bundle.
 *
 * Everything but `unreachable` is an observation: a check may judge it. `unreachable` means that nothing was
 * learnt from here, and callers turn it into an unknown fact.
 */

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
interface DocumentObservation {
  readonly kind: 'document';
  readonly url: string;
  /** Differs from `url` after redirects. */
  readonly finalUrl: string;
  readonly status: 200;
  readonly contentType: string | null;
  readonly json: JsonValue;
}

/** Any other HTTP status. `snippet`: the first characters of the body, on one line. */
interface HttpObservation {
  readonly kind: 'http';
  readonly url: string;
  readonly finalUrl: string;
  readonly status: number;
  readonly snippet?: string;
}

/** Status 200, but the body is not JSON (HTML, empty, compressed, not UTF-8, nested too deeply). */
interface NotJsonObservation {
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
interface TooLargeObservation {
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

/** Nothing was learnt. `reason` says that it was asked from here. */
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
    /** The proxy in between does not let it through, or may itself be what answered. */
    | 'proxy';
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

/** An outcome that says something about the issuer, so that a check may judge it. */
export type FetchObservation = Exclude<FetchOutcome, Unreachable>;

/** The key set was not asked for, because discovery gave no usable `jwks_uri`. */
export interface NotAsked {
  readonly kind: 'not-asked';
  /** One clause without a full stop. */
  readonly reason: string;
}

/** One look at a public issuer: its discovery document, then its key set. */
export interface IssuerObservation {
  /** The issuer that was asked for, byte for byte. */
  readonly issuer: string;
  /** Null when the issuer is no URL from which one could be built. */
  readonly discoveryUrl: string | null;
  readonly discovery: FetchOutcome;
  /** In a document, `json` holds public key members only: secret ones are replaced before anything sees them. */
  readonly jwks: FetchOutcome | NotAsked;
}

/** The members of a JWK that are public and needed to verify. Private and symmetric ones are never copied. */
export interface PublicJwk {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly n?: string;
  readonly e?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
}

/** One key of a set, in the order of the document. */
export interface KeySetEntry {
  readonly kid: string | null;
  /** `RSA`, `EC`, …; the empty string when missing. */
  readonly kty: string;
  readonly alg: string | null;
  readonly use: string | null;
  /** Bits of the RSA modulus; absent for other keys. */
  readonly bits?: number;
  /** Null when the entry is malformed or symmetric, and so cannot verify anything. */
  readonly jwk: PublicJwk | null;
}

/** Something about a key set, or one of its keys, that stops a token from being accepted or should not be. */
export interface KeySetProblem {
  readonly kind:
    | 'not-a-key-set'
    | 'empty'
    | 'malformed'
    | 'no-kid'
    | 'duplicate-kid'
    /** `kty: oct`: a secret, published. */
    | 'symmetric'
    /** Private members of a key pair, published. */
    | 'private'
    | 'not-rsa'
    /** RSA below 2048 bits. */
    | 'short-rsa'
    /** `use: enc` or another algorithm than RS256. */
    | 'not-for-rs256';
  /** Position in the document's `keys`, from 0; null for the set as a whole. */
  readonly index: number | null;
  readonly kid: string | null;
  /** One sentence. */
  readonly words: string;
}

/** A normalised key set. */
export interface KeySet {
  readonly keys: readonly KeySetEntry[];
  readonly problems: readonly KeySetProblem[];
}
