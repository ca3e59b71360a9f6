import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FactSet } from '../../src/facts.ts';
import type { DecodedJwt } from '../../src/sources/token/types.ts';
import { mintToken } from '../support/mint-token.ts';
import { type SigningKey, signingKey } from '../support/signing-key.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * The key that stands for a key id of a scenario: what fixtures hold of their keys can sign nothing. It has an id of
 * its own, since a real API server derives it from the key.
 */
export function keyOf(kid: string): SigningKey {
  return signingKey(kid);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A key set whose usual RSA keys are replaced by keys that tests can sign with. */
export function withOwnKeys(document: unknown): unknown {
  if (!isRecord(document) || !Array.isArray(document['keys'])) return document;
  const keys = (document['keys'] as unknown[]).map((key) => {
    if (!isRecord(key) || typeof key['kid'] !== 'string') return key;
    const { n, e, kid } = keyOf(key['kid']).jwk as Record<string, unknown>;
    // Another kind of key, or a modulus of another length, is the point of its scenario.
    const usual = key['kty'] === 'RSA' && Buffer.from(String(key['n']), 'base64url').length === 256;
    return usual ? { ...key, n, e, kid } : { ...key, kid };
  });
  return { ...document, keys };
}

/** The claims in the words of the token itself. */
function claimsOf({ claims, rawClaims }: DecodedJwt): Record<string, unknown> {
  const { iss, sub, aud, iat, nbf, exp, jti, kubernetes } = claims;
  const given = { iss, sub, aud: [...aud], iat, nbf, exp, jti };
  const { namespace, serviceAccount, pod, node, secret, warnafter } = kubernetes ?? {};
  if (secret) {
    return {
      iss,
      sub,
      'kubernetes.io/serviceaccount/namespace': namespace,
      'kubernetes.io/serviceaccount/secret.name': secret.name,
      'kubernetes.io/serviceaccount/service-account.name': serviceAccount?.name,
      'kubernetes.io/serviceaccount/service-account.uid': serviceAccount?.uid,
    };
  }
  return {
    ...rawClaims,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined)),
    ...(kubernetes
      ? { 'kubernetes.io': { namespace, serviceaccount: serviceAccount, pod, node, warnafter } }
      : {}),
  };
}

const WRAPPINGS: Readonly<Record<string, (token: string) => string>> = {
  quotes: (token) => `"${token}"`,
  newline: (token) => `${token}\n`,
  bearer: (token) => `Bearer ${token}`,
  bom: (token) => `\ufeff${token}`,
  whitespace: (token) => `  ${token}`,
};

function tokenText({ facts }: FactSet): string | null {
  const { token, tokenSignature } = facts;
  if (token?.state !== 'present') return null;
  if (token.value.kind === 'not-a-token') return '/var/run/secrets/azure/tokens/azure-identity-token\n';
  const { header, notes } = token.value;
  const verdicts = tokenSignature?.state === 'present' ? Object.values(tokenSignature.value) : [];
  const reasons = verdicts.map((verdict) => ('reason' in verdict ? verdict.reason : '')).join();
  const elliptic = header.alg === 'ES256';
  const kid = header.kid ?? '';
  const forged = verdicts.some(({ state }) => state === 'invalid');
  const text = mintToken({
    claims: claimsOf(token.value),
    header: {
      alg: header.alg,
      kid: kid === '' ? undefined : keyOf(kid).kid,
      ...(reasons.includes('jku') ? { jku: 'https://keys.elsewhere.example/jwks' } : {}),
    },
    key: elliptic ? signingKey(kid, 'ES256') : keyOf(forged ? 'somebody else' : kid),
    ...(elliptic ? { algorithm: 'ES256' } : {}),
  });
  return notes.reduce((wrapped, { kind }) => WRAPPINGS[kind]?.(wrapped) ?? wrapped, text);
}

/** `--token-file FILE` with the scenario's token, signed anew; nothing when it has none at hand. */
export function tokenFlags(set: FactSet): string[] {
  const text = tokenText(set);
  if (text === null) return [];
  const file = join(temporaryFolder('token'), 'token');
  writeFileSync(file, text, { mode: 0o600 });
  return ['--token-file', file];
}
