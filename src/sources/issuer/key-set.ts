/** A JSON Web Key Set as wi-doctor keeps it: public members only, plain JSON. */

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
