/** A token as wi-doctor keeps it: decoded, without its text and without its signature. Plain JSON. */

import type { JsonObject } from '../issuer/types.ts';

/** A Kubernetes object named in a token. */
export interface TokenReference {
  readonly name: string;
  readonly uid: string | null;
}

/** The `kubernetes.io` claim, or what a legacy secret token says in its stead. */
export interface KubernetesClaims {
  readonly namespace: string | null;
  readonly serviceAccount: TokenReference | null;
  readonly pod?: TokenReference;
  readonly node?: TokenReference;
  readonly secret?: TokenReference;
  /** Seconds since 1970; only in tokens whose lifetime the API server extended to a year. */
  readonly warnafter?: number;
}

/** Claims with the types they must have; one of a wrong type is null and named in `malformed`. */
export interface TokenClaims {
  readonly iss: string | null;
  readonly sub: string | null;
  /** A single string is given as a list of one. */
  readonly aud: readonly string[];
  /** Seconds since 1970. */
  readonly iat: number | null;
  readonly nbf: number | null;
  readonly exp: number | null;
  readonly jti?: string;
  readonly kubernetes?: KubernetesClaims;
}

/** Something around the token that was looked past, and that a program reading the same file might not. */
export interface TokenNote {
  readonly kind:
    | 'newline'
    | 'whitespace'
    | 'wrapped'
    | 'quotes'
    | 'bom'
    | 'bearer'
    | 'TokenRequest'
    | 'ExecCredential'
    | 'Secret';
  /** One sentence. */
  readonly words: string;
}

/** A signed JSON Web Token, decoded but not yet verified. */
export interface DecodedJwt {
  readonly kind: 'jwt';
  readonly header: { readonly alg: string | null; readonly kid: string | null; readonly typ: string | null };
  readonly claims: TokenClaims;
  /** Header and claims as they stand in the token. */
  readonly rawHeader: JsonObject;
  readonly rawClaims: JsonObject;
  /** Known members whose value has the wrong type: `exp`, `header.kid`, `kubernetes.io/pod`. */
  readonly malformed: readonly string[];
  readonly notes: readonly TokenNote[];
}

/** Not a token. `reason` is one sentence and never repeats the text. */
export interface NotAToken {
  readonly kind: 'not-a-token';
  readonly reason: string;
}

export type DecodedToken = DecodedJwt | NotAToken;

/** What verifying a token's signature against one key set came to. Time is not judged. Plain JSON. */
export type SignatureVerdict =
  /** Signed by the key of this id. */
  | { readonly state: 'valid'; readonly kid: string }
  /** The key is there, and it did not make this signature. */
  | { readonly state: 'invalid'; readonly reason: string }
  /** No key of the set has the id the token names. */
  | { readonly state: 'key-not-found'; readonly kid: string }
  /** Not tried, because a verifier must not: another algorithm than RS256, a key named by the token, an ambiguous key. */
  | { readonly state: 'refused'; readonly reason: string }
  /** Not tried, because something was missing: the key set, or a token that decodes. */
  | { readonly state: 'not-checked'; readonly reason: string };
