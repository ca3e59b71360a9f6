import type { JsonObject } from '../issuer/types.ts';
import { HIDDEN, readClaims, readHeader } from './claim-values.ts';
import { extractToken } from './extract.ts';
import { parseStrictObject } from './strict-json.ts';
import type { DecodedToken } from './types.ts';

/**
 * Decodes a signed JSON Web Token without verifying it.
 *
 * Accepts what a user pastes or saves: see `extractToken`. Neither the token's text nor its signature is in the
 * result, and a `reason` never repeats any of it. Never throws.
 *
 * @param text The token, or a TokenRequest, ExecCredential or Secret that contains it.
 */
export function decodeToken(text: string): DecodedToken {
  const token = extractToken(text);
  if ('reason' in token) return token;
  const [header, payload] = token.raw.split('.');
  const rawHeader = parsePart(header ?? '');
  if (typeof rawHeader === 'string') return { kind: 'not-a-token', reason: `Its header ${rawHeader}.` };
  const rawClaims = parsePart(payload ?? '');
  if (typeof rawClaims === 'string') return { kind: 'not-a-token', reason: `Its payload ${rawClaims}.` };
  const malformed: string[] = [];
  return {
    kind: 'jwt',
    header: readHeader(rawHeader, malformed),
    claims: readClaims(rawClaims, malformed),
    rawHeader,
    rawClaims: 'jti' in rawClaims ? { ...rawClaims, jti: HIDDEN } : rawClaims,
    malformed,
    notes: token.notes,
  };
}

function parsePart(part: string): JsonObject | string {
  try {
    return parseStrictObject(
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url')),
    );
  } catch {
    return 'is not UTF-8';
  }
}
