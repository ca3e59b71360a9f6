import { createHmac, randomUUID, sign } from 'node:crypto';

import { type SigningKey, signingKey } from './signing-key.ts';

export interface MintOptions {
  claims?: Record<string, unknown>;
  /** Laid over the usual header; `undefined` takes a member away. */
  header?: Record<string, unknown>;
  key?: SigningKey;
  /** How it is signed; `none` leaves the signature empty, `HS256` abuses the public key as a secret. */
  algorithm?: 'RS256' | 'ES256' | 'HS256' | 'none';
}

/** A compact JWT, however bad, with its members in the order given. */
export function mintToken({ claims = {}, header = {}, key, algorithm }: MintOptions = {}): string {
  const signer = key ?? signingKey('cluster', algorithm === 'ES256' ? 'ES256' : 'RS256');
  const alg = algorithm ?? signer.algorithm;
  const fullHeader = { alg, kid: signer.kid, ...header };
  const input = `${encode(fullHeader)}.${encode(claims)}`;
  return `${input}.${signature(alg, signer, input)}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signature(algorithm: string, key: SigningKey, input: string): string {
  switch (algorithm) {
    case 'none':
      return '';
    case 'HS256':
      return createHmac('sha256', key.publicKey.export({ type: 'spki', format: 'pem' }))
        .update(input)
        .digest('base64url');
    case 'ES256':
      return sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }).toString(
        'base64url',
      );
    default:
      return sign('sha256', Buffer.from(input), key.privateKey).toString('base64url');
  }
}

export interface ServiceAccountToken {
  issuer: string;
  namespace: string;
  serviceAccount: string;
  audiences?: string[];
  /** Seconds since 1970; the present when left out. */
  issuedAt?: number;
  lifetime?: number;
  uid?: string;
  pod?: { name: string; uid: string };
  node?: { name: string; uid: string };
}

/** The claims of a projected service account token as kube-apiserver writes them, names in its order. */
export function serviceAccountClaims(token: ServiceAccountToken): Record<string, unknown> {
  const issuedAt = token.issuedAt ?? Math.floor(Date.now() / 1000);
  return {
    aud: token.audiences ?? ['api://AzureADTokenExchange'],
    exp: issuedAt + (token.lifetime ?? 3600),
    iat: issuedAt,
    iss: token.issuer,
    jti: randomUUID(),
    'kubernetes.io': {
      namespace: token.namespace,
      ...(token.node && { node: token.node }),
      ...(token.pod && { pod: token.pod }),
      serviceaccount: { name: token.serviceAccount, uid: token.uid ?? randomUUID() },
    },
    nbf: issuedAt,
    sub: `system:serviceaccount:${token.namespace}:${token.serviceAccount}`,
  };
}

/** The claims of the never-expiring token in a Secret, as clusters before 1.24 made them. */
export function legacySecretClaims(namespace: string, serviceAccount: string): Record<string, unknown> {
  return {
    iss: 'kubernetes/serviceaccount',
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': `${serviceAccount}-token-x7k2p`,
    'kubernetes.io/serviceaccount/service-account.name': serviceAccount,
    'kubernetes.io/serviceaccount/service-account.uid': randomUUID(),
    sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
  };
}

/** A token that lost its end in a terminal or a copy. */
export function truncate(token: string, characters = 40): string {
  return token.slice(0, -characters);
}
