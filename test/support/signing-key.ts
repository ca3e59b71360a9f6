import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: 'RS256' | 'ES256';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As the JWKS publishes it. */
  readonly jwk: JsonWebKey;
}

const keys = new Map<string, SigningKey>();

/**
 * The key of that name, made at first use and the same for the whole process: generating RSA keys is what
 * costs time here, and tests only need to tell keys apart.
 */
export function signingKey(name = 'cluster', algorithm: SigningKey['algorithm'] = 'RS256'): SigningKey {
  const id = `${algorithm} ${name}`;
  const known = keys.get(id);
  if (known) return known;
  const { privateKey, publicKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // The API server names a key by the hash of its public half.
  const kid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  const key: SigningKey = {
    kid,
    algorithm,
    privateKey,
    publicKey,
    jwk: inOrder({ use: 'sig', kid, alg: algorithm, ...publicKey.export({ format: 'jwk' }) }),
  };
  keys.set(id, key);
  return key;
}

/** The key that was made with this id, if any was. */
export function signingKeyById(kid: string): SigningKey | undefined {
  return [...keys.values()].find((key) => key.kid === kid);
}

/** Members as the API server writes them. */
function inOrder({ use, kty, kid, ...rest }: JsonWebKey): JsonWebKey {
  return { use, kty, kid, ...rest } as JsonWebKey;
}
