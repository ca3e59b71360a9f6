import type { PublishOptions } from './issuer.ts';
import { signingKey } from './signing-key.ts';

/** Everything that was seen to be wrong with an issuer's public documents. A certificate is wrong per server. */
export type Misbehaviour =
  | 'not-found'
  | 'forbidden'
  | 'server-error'
  | 'html'
  | 'bad-json'
  | 'wrong-issuer'
  | 'issuer-without-slash'
  | 'no-jwks-uri'
  | 'jwks-uri-http'
  | 'jwks-uri-other-host'
  | 'jwks-uri-metadata-service'
  | 'redirect'
  | 'redirect-loop'
  | 'redirect-private'
  | 'redirect-http'
  | 'slow'
  | 'drip'
  | 'cut'
  | 'hang'
  | 'too-large'
  | 'jwks-not-found'
  | 'jwks-html'
  | 'jwks-too-large'
  | 'ec-keys'
  | 'duplicate-kid'
  | 'no-keys'
  | 'other-keys'
  | 'keys-without-kid';

const MEBIBYTE = 1024 * 1024;
const METADATA_SERVICE = '169.254.169.254';

/** The options that make an issuer misbehave in that way. */
export function misbehave(how: Misbehaviour, url: string): PublishOptions {
  const wellKnown = `${url.replace(/\/$/, '')}/.well-known/openid-configuration`;
  switch (how) {
    case 'not-found':
      return { discoveryFault: { kind: 'error', status: 404 } };
    case 'forbidden':
      // A storage account that is closed to the public answers so.
      return {
        discoveryFault: {
          kind: 'reply',
          status: 403,
          headers: { 'content-type': 'application/xml' },
          body: '<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthorizationFailure</Code></Error>',
        },
      };
    case 'server-error':
      return { discoveryFault: { kind: 'error', status: 500 } };
    case 'html':
      return { discoveryFault: { kind: 'html', status: 200 } };
    case 'bad-json':
      return { discoveryFault: { kind: 'broken-json' } };
    case 'wrong-issuer':
      return { discovery: { issuer: 'https://kubernetes.default.svc.cluster.local' } };
    case 'issuer-without-slash':
      return { discovery: { issuer: url.replace(/\/$/, '') } };
    case 'no-jwks-uri':
      return { discovery: { jwks_uri: undefined } };
    case 'jwks-uri-http':
      return {
        discovery: { jwks_uri: `${url.replace(/^https:/, 'http:').replace(/\/$/, '')}/openid/v1/jwks` },
      };
    case 'jwks-uri-other-host':
      return { discovery: { jwks_uri: 'https://keys.elsewhere.invalid/openid/v1/jwks' } };
    case 'jwks-uri-metadata-service':
      return { discovery: { jwks_uri: `https://${METADATA_SERVICE}/metadata/identity/oauth2/token` } };
    case 'redirect':
      return { discoveryFault: { kind: 'redirect', location: 'https://oidc.prod-aks.azure.com/moved/' } };
    case 'redirect-loop':
      return { discoveryFault: { kind: 'redirect', location: wellKnown } };
    case 'redirect-private':
      return {
        discoveryFault: { kind: 'redirect', location: `https://${METADATA_SERVICE}/metadata/instance` },
      };
    case 'redirect-http':
      return { discoveryFault: { kind: 'redirect', location: wellKnown.replace(/^https:/, 'http:') } };
    case 'slow':
      return { discoveryFault: { kind: 'slow', ms: 60_000 } };
    case 'drip':
      return { discoveryFault: { kind: 'drip' } };
    case 'cut':
      return { discoveryFault: { kind: 'cut' } };
    case 'hang':
      return { discoveryFault: { kind: 'hang' } };
    case 'too-large':
      return { discoveryFault: { kind: 'padded', bytes: 2 * MEBIBYTE } };
    case 'jwks-not-found':
      return { jwksFault: { kind: 'error', status: 404 } };
    case 'jwks-html':
      return { jwksFault: { kind: 'html', status: 200 } };
    case 'jwks-too-large':
      return { jwksFault: { kind: 'padded', bytes: 2 * MEBIBYTE } };
    case 'ec-keys':
      return { keys: [signingKey('elliptic', 'ES256')] };
    case 'duplicate-kid': {
      const right = signingKey();
      return { jwks: { keys: [{ ...signingKey('other').jwk, kid: right.kid }, right.jwk] } };
    }
    case 'no-keys':
      return { keys: [] };
    case 'other-keys':
      return { keys: [signingKey('other')] };
    case 'keys-without-kid':
      return { jwks: { keys: [{ ...signingKey().jwk, kid: undefined }] } };
  }
}
