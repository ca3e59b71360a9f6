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
