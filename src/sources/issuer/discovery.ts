import { fetchJson } from './fetch-json.ts';
import type { FetchOptions } from './fetch-json.ts';
import { judgeUrl } from './fetchable-url.ts';
import { withoutSecretMembers } from './keys.ts';
import type { FetchOutcome, IssuerObservation, JsonValue } from './types.ts';

/**
 * Where the discovery document of an issuer is: exactly one trailing slash is removed before the well-known
 * path is added, as Entra and OpenID Connect Discovery 4.1 do.
 */
export function discoveryUrlOf(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/**
 * Fetches the discovery document of a token issuer, then the key set it names.
 *
 * The key set is asked for even when the document states another issuer, so that one look shows both faults.
 *
 * @param issuer `iss` of a token or `issuer` of the API server, hostile.
 * @param options The limits hold for each of the two documents.
 * @throws Only the reason of `options.signal`.
 */
export async function fetchIssuer(issuer: string, options: FetchOptions = {}): Promise<IssuerObservation> {
  const judged = judgeUrl(issuer, options.allowPrivate ?? false);
  if (!(judged instanceof URL) && judged.kind === 'bad-url') return withoutDocument(issuer, null, judged);
  if (/[?#]/.test(issuer)) {
    const reason = 'the URL has a query or a fragment, which an issuer must not have';
    return withoutDocument(issuer, null, { kind: 'bad-url', reason });
  }
  const discoveryUrl = discoveryUrlOf(issuer);
  const discovery = await fetchJson(discoveryUrl, options);
  if (discovery.kind !== 'document') return withoutDocument(issuer, discoveryUrl, discovery);
  const uri = keySetUrlOf(discovery.json);
  if (uri === null) {
    const jwks = { kind: 'not-asked', reason: 'the discovery document names no jwks_uri' } as const;
    return { issuer, discoveryUrl, discovery, jwks };
  }
  return { issuer, discoveryUrl, discovery, jwks: await fetchKeySet(uri, options) };
}

/**
 * Fetches a key set. Secret key members that the server should never have published are replaced in the result.
 *
 * @throws Only the reason of `options.signal`.
 */
export async function fetchKeySet(url: string, options: FetchOptions = {}): Promise<FetchOutcome> {
  const outcome = await fetchJson(url, options);
  if (outcome.kind !== 'document') return outcome;
  return { ...outcome, json: withoutSecretMembers(outcome.json) };
}

/** `jwks_uri` of a discovery document, byte for byte; null when it is missing or no string. */
export function keySetUrlOf(json: JsonValue): string | null {
  if (json === null || typeof json !== 'object' || !Object.hasOwn(json, 'jwks_uri')) return null;
  const uri = (json as { readonly jwks_uri?: JsonValue }).jwks_uri;
  return typeof uri === 'string' ? uri : null;
}

function withoutDocument(
  issuer: string,
  discoveryUrl: string | null,
  discovery: FetchOutcome,
): IssuerObservation {
  const jwks = { kind: 'not-asked', reason: 'the discovery document could not be read' } as const;
  return { issuer, discoveryUrl, discovery, jwks };
}
