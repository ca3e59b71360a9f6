import { compactVerify } from 'jose/jws/compact/verify';
import { importJWK } from 'jose/key/import';
import type { KeySet, KeySetEntry } from '../issuer/types.ts';
import { decodeToken } from './decode.ts';
import { extractToken } from './extract.ts';
import type { DecodedJwt, SignatureVerdict } from './types.ts';

/** Header members through which a token would bring its own key or change how it is read. */
const DANGEROUS: readonly string[] = ['jku', 'jwk', 'x5u', 'x5c', 'crit'];

/** Which key set a token is held against; it only changes the words. */
export interface VerifyOptions {
  readonly which: 'public' | 'api-server';
}

/**
 * Verifies the signature of a token against one key set, as Entra does: RS256 only, the key found by `kid` in
 * the set and nowhere else. Time and claims are not judged here. Never throws.
 *
 * @param text The token, in any form that `decodeToken` takes.
 * @param keys The normalised key set; null when it could not be had.
 */
export async function verifySignature(
  text: string,
  keys: KeySet | null,
  { which }: VerifyOptions,
): Promise<SignatureVerdict> {
  const token = extractToken(text);
  const decoded = decodeToken(text);
  if ('reason' in token || decoded.kind === 'not-a-token') {
    return { state: 'not-checked', reason: 'it is not a token' };
  }
  const refusal = refused(decoded, token.raw);
  if (refusal !== null) return { state: 'refused', reason: refusal };
  const source = which === 'public' ? 'the public key set' : 'the key set of the API server';
  if (keys === null) return { state: 'not-checked', reason: `${source} could not be read` };
  if (keys.problems.some(({ kind }) => kind === 'not-a-key-set')) {
    return { state: 'not-checked', reason: `${source} is no key set` };
  }
  const kid = decoded.header.kid ?? '';
  const named = keys.keys.filter((key) => key.kid === kid);
  const [key] = named;
  if (key === undefined) return { state: 'key-not-found', kid };
  if (named.length > 1) {
    return { state: 'refused', reason: `${source} has ${named.length} keys with the id of the token's key` };
  }
  const unusable = unusableKey(key);
  if (unusable !== null) return { state: 'refused', reason: `the key in ${source} ${unusable}` };
  return verify(token.raw, key, kid, source);
}

/** Why no verifier may look at a key for this token; null if one may. */
function refused({ header, rawHeader }: DecodedJwt, raw: string): string | null {
  const { alg, kid } = header;
  if (alg === null) return 'the header names no algorithm (alg)';
  if (alg.toLowerCase() === 'none') return 'the token is not signed (alg none)';
  if (/^HS\d/i.test(alg)) return `${alg} is made with a shared secret, so a public key proves nothing`;
  if (alg !== 'RS256') return `the algorithm is ${JSON.stringify(alg)}, and Entra takes RS256 only`;
  const dangerous = DANGEROUS.filter((name) => Object.hasOwn(rawHeader, name));
  if (dangerous.length > 0) {
    return `the header has ${dangerous.join(', ')}, which no service account token has`;
  }
  if (kid === null || kid === '') return 'the header names no key (kid)';
  if (raw.endsWith('.')) return 'the token has no signature: its last part is empty';
  return null;
}

function unusableKey(key: KeySetEntry): string | null {
  if (key.jwk === null || key.kty !== 'RSA') return 'is no usable RSA key';
  if ((key.bits ?? 0) < 2048) return `has ${key.bits ?? 0} bits, fewer than 2048`;
  if (key.use !== null && key.use !== 'sig') return 'is not meant for signatures (use)';
  if (key.alg !== null && key.alg !== 'RS256') return 'is meant for another algorithm than RS256';
  return null;
}

async function verify(raw: string, key: KeySetEntry, kid: string, source: string): Promise<SignatureVerdict> {
  const { n = '', e = '' } = key.jwk ?? {};
  try {
    const imported = await importJWK({ kty: 'RSA', n, e }, 'RS256');
    await compactVerify(raw, imported, { algorithms: ['RS256'] });
    return { state: 'valid', kid };
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') {
      return { state: 'invalid', reason: `it was not made by the key of that id in ${source}` };
    }
    // The error may carry the token, so nothing of it is passed on.
    return { state: 'refused', reason: `the key in ${source} cannot be used` };
  }
}
