import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';

import type { FederatedCredential } from '../azure/world.ts';
import { publishedKeys, type Resolver } from './issuer-documents.ts';
import { RefusedSignIn } from './refusals.ts';

/** `1.01:00:00`: a day and an hour. */
const LONGEST_SECONDS = 25 * 3600;
const TOLERANCE_SECONDS = 300;

interface Claims {
  iss?: string;
  sub?: string;
  aud?: string | string[];
  exp?: number;
  nbf?: number;
  iat?: number;
}

interface Assertion {
  header: { alg?: string; kid?: string; typ?: string };
  claims: Claims;
  signed: Buffer;
  signature: Buffer;
}

export interface Client {
  id: string;
  name: string;
  credentials: readonly FederatedCredential[];
}

/**
 * Accepts a federated assertion or refuses it. The order of the tests is Microsoft's secret; here the record is
 * looked for first (issuer, subject, audience), because only a known issuer's documents are worth fetching.
 */
export async function verifyAssertion(
  text: string,
  client: Client,
  { now, resolve }: { now: Date; resolve: Resolver },
): Promise<FederatedCredential> {
  const assertion = parse(text);
  const { header, claims } = assertion;
  if (header.typ !== undefined && header.typ.toUpperCase() !== 'JWT') throw new RefusedSignIn(5002727);
  if (header.alg !== 'RS256') throw new RefusedSignIn(5002730);
  const { iss = '' } = claims;
  if (/^https:\/\/(login\.microsoftonline\.|sts\.windows\.net|login\.chinacloudapi)/.test(iss)) {
    throw new RefusedSignIn(700222);
  }
  // A self-signed assertion of the certificate flow names the client on both sides.
  if (iss === client.id && claims.sub === client.id) throw new RefusedSignIn(700027, { client: client.id });
  if (client.credentials.length === 0)
    throw new RefusedSignIn(70025, { client: client.id, name: client.name });

  const credential = matching(claims, client.credentials);
  await verifySignature(assertion, iss, resolve);
  verifyTimes(claims, now);
  return credential;
}

function parse(text: string): Assertion {
  const [header = '', claims = '', signature = '', ...rest] = text.split('.');
  const object = (part: string): object => {
    if (!/^[\w-]+$/.test(part)) throw new RefusedSignIn(50027);
    try {
      const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      // Falls through: it is no JSON.
    }
    throw new RefusedSignIn(50027);
  };
  if (rest.length > 0) throw new RefusedSignIn(50027);
  return {
    header: object(header),
    claims: object(claims),
    signed: Buffer.from(`${header}.${claims}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** Byte for byte; the refusal names only the first claim that no record agrees with. */
function matching(claims: Claims, credentials: readonly FederatedCredential[]): FederatedCredential {
  const { iss, sub = '' } = claims;
  const audiences = [claims.aud ?? []].flat();
  const byIssuer = credentials.filter(({ issuer }) => issuer === iss);
  if (byIssuer.length === 0) throw new RefusedSignIn(700211, { iss });
  const bySubject = byIssuer.filter(({ subject }) => subject === sub);
  if (bySubject.length === 0) {
    if (byIssuer.some(({ claimsMatchingExpression }) => claimsMatchingExpression)) {
      throw new RefusedSignIn(7002131, { sub });
    }
    const folded = byIssuer.some(({ subject }) => subject?.toLowerCase() === sub.toLowerCase());
    throw new RefusedSignIn(folded ? 7002138 : 700213, { sub });
  }
  const found = bySubject.find(
    (credential) =>
      audiences.length === 1 &&
      (credential.audiences ?? ['api://AzureADTokenExchange']).includes(audiences[0] ?? ''),
  );
  if (!found) throw new RefusedSignIn(700212, { aud: audiences.join(',') });
  return found;
}

async function verifySignature(
  { header, signed, signature }: Assertion,
  iss: string,
  resolve: Resolver,
): Promise<void> {
  const keys = await publishedKeys(iss, resolve);
  const key = keys.find(({ kid, kty }) => kid !== undefined && kid === header.kid && kty === 'RSA');
  if (!key) throw new RefusedSignIn(7000272, { key: thumbprint(header.kid), iss });
  const publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
  if (!verify('sha256', signed, publicKey, signature)) throw new RefusedSignIn(7000274);
}

/** Only a key id that is a certificate's thumbprint shows in the message; a Kubernetes key id leaves a gap. */
function thumbprint(kid: string | undefined): string {
  const bytes = Buffer.from(kid ?? '', 'base64url');
  return bytes.length === 20 ? bytes.toString('hex').toUpperCase() : '';
}

function verifyTimes({ nbf = 0, exp = 0, iat = nbf }: Claims, now: Date): void {
  const seconds = now.getTime() / 1000;
  if (seconds < nbf - TOLERANCE_SECONDS || seconds > exp + TOLERANCE_SECONDS) {
    throw new RefusedSignIn(700024, {
      now: ticks(now),
      nbf: ticks(new Date(nbf * 1000)),
      exp: ticks(new Date(exp * 1000)),
    });
  }
  if (exp - iat > LONGEST_SECONDS) throw new RefusedSignIn(70023, { iat, exp });
}

/** Seven digits of a second, as .NET prints them. */
function ticks(date: Date): string {
  return date.toISOString().replace('Z', '0000Z');
}
