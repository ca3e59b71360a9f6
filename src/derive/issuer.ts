import type { Jwks } from '../collected-facts.ts';
import { judgeUrl } from '../sources/issuer/fetchable-url.ts';
import { readKeySet } from '../sources/issuer/keys.ts';
import { mayBeAllowed } from '../sources/issuer/public-host.ts';
import type { FetchObservation, KeySet, KeySetEntry, NotPublicReason } from '../sources/issuer/types.ts';

/** What an issuer's spelling alone tells about whether Entra can fetch its documents. */
export type IssuerAddress =
  | { readonly kind: 'fetchable' }
  | { readonly kind: 'not-https' }
  | { readonly kind: 'not-public'; readonly host: string; readonly why: NotPublicReason }
  /** `reason` is one clause without a full stop. */
  | { readonly kind: 'not-a-url'; readonly reason: string };

/**
 * Judges the address of an issuer without looking anything up.
 *
 * @param allowPrivate `--allow-private-issuer`.
 */
export function issuerAddress(issuer: string, allowPrivate: boolean): IssuerAddress {
  const judged = judgeUrl(issuer, allowPrivate);
  if (judged instanceof URL) return { kind: 'fetchable' };
  if (judged.kind === 'not-https') return judged;
  if (judged.kind === 'not-public') return { kind: 'not-public', host: judged.host, why: judged.why };
  return { kind: 'not-a-url', reason: judged.reason };
}

/** Issuers of Entra's own tokens, which are never taken for a federated sign-in. */
const ENTRA = /^https:\/\/(sts\.windows\.net|sts\.chinacloudapi\.cn|login\.microsoftonline\.(com|us))\//;

/** The API server of an AKS cluster under its own name: what AKS states while the OIDC issuer is off. */
const AKS_API_SERVER = /^https:\/\/[^/]+\.azmk8s\.io(:\d+)?\/?$/;

/** Whether a token was issued by Entra itself. */
export function isEntraIssuer(issuer: string): boolean {
  return ENTRA.test(issuer);
}

/** Whether an issuer is the API server of an AKS cluster, whose OIDC issuer is off then. */
export function isAksApiServer(issuer: string): boolean {
  return AKS_API_SERVER.test(issuer);
}

/** Whether a federated credential could ever be of use with this issuer, wherever it is published. */
export function canBeFederated(issuer: string): boolean {
  const address = issuerAddress(issuer, false);
  if (address.kind === 'not-a-url' || isEntraIssuer(issuer) || isAksApiServer(issuer)) return false;
  return address.kind !== 'not-public' || address.why !== 'cluster-internal';
}

/** Whether `--allow-private-issuer` makes an address of this class fine. */
export function isAllowedPrivate(why: NotPublicReason): boolean {
  return mayBeAllowed(why);
}

/** Storage account and container of an issuer on Azure blob storage, where most self-managed ones are. */
export function blobPlace(issuer: string): { readonly account: string; readonly container: string } | null {
  const [, account, container] =
    /^https:\/\/([a-z0-9]+)\.blob\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)\/([^/?#]+)/.exec(
      issuer,
    ) ?? [];
  return account === undefined || container === undefined ? null : { account, container };
}

/** Ids of the keys of a key set, in its order; keys without an id are left out. */
export function keyIds(keySet: Jwks): string[] {
  return readKeySet(keySet).keys.flatMap(({ kid }) => kid ?? []);
}

/** Whether Entra can verify an RS256 signature with a published key. */
export function isUsableKey({ jwk, kty, bits, kid, use, alg }: KeySetEntry): boolean {
  return (
    jwk !== null &&
    kid !== null &&
    kty === 'RSA' &&
    (bits ?? 0) >= 2048 &&
    (use ?? 'sig') === 'sig' &&
    (alg ?? 'RS256') === 'RS256'
  );
}

/** A number of a key, whatever way it is padded. */
function numberOf(text: string | undefined): string {
  return Buffer.from(text ?? '', 'base64url')
    .toString('hex')
    .replace(/^(00)+/, '');
}

/** A key that is published under the id of another one; both by their modulus. */
export interface OtherKey {
  readonly kid: string;
  readonly published: string;
  readonly own: string;
}

/** Ids under which another RSA key is published than the API server has: nothing it signs can be verified. */
export function otherKeysOf(published: KeySet, own: Jwks): OtherKey[] {
  return readKeySet(own).keys.flatMap(({ kid, jwk }) => {
    const namesakes = published.keys.filter((key) => kid !== null && key.kid === kid);
    const [first] = namesakes;
    const same = namesakes.some(
      (key) =>
        key.jwk?.kty !== 'RSA' ||
        jwk?.kty !== 'RSA' ||
        (numberOf(key.jwk.n) === numberOf(jwk.n) && numberOf(key.jwk.e) === numberOf(jwk.e)),
    );
    return kid === null || first === undefined || same
      ? []
      : [{ kid, published: first.jwk?.n ?? '', own: jwk?.n ?? '' }];
  });
}

/** A published key that is not for signatures, whatever else is published under its id. */
export interface MisusedKey {
  readonly kid: string;
  /** As RFC 7517 section 4.2 names it: `enc`. */
  readonly use: string;
}

/** Ids that are published for another use than signatures only, which no verifier takes a key from. */
export function misusedKeys({ keys }: KeySet): MisusedKey[] {
  const forSignatures = keys.filter(({ use }) => (use ?? 'sig') === 'sig').map(({ kid }) => kid);
  return keys.flatMap(({ kid, use }) =>
    kid === null || use === null || forSignatures.includes(kid) ? [] : [{ kid, use }],
  );
}

/** Why Entra cannot use a key set, as a clause after "the key set"; null when it can. */
export function keySetFault({ keys, problems }: KeySet): string | null {
  if (problems.some(({ kind }) => kind === 'not-a-key-set')) return 'has no list named "keys"';
  if (keys.length === 0) return 'is empty';
  const twice = problems.find(({ kind }) => kind === 'duplicate-kid')?.kid ?? null;
  const namesakes = keys.filter(({ kid }) => twice !== null && kid === twice);
  if (new Set(namesakes.map(({ jwk }) => JSON.stringify(jwk))).size > 1)
    return `has two different keys of the id ${twice}`;
  return keys.some(isUsableKey)
    ? null
    : 'has no RSA key with an id for RS256, the only algorithm Entra takes';
}

/** What keeps Entra from using one of the issuer's two documents. */
export type PublicationFault =
  | { readonly kind: 'missing' | 'forbidden'; readonly status: string }
  | { readonly kind: 'notPublic'; readonly host: string; readonly why: NotPublicReason }
  | { readonly kind: 'untrusted'; readonly error: string; readonly errorCode: string }
  | { readonly kind: 'notHttps' }
  /** `fault`: a clause after the document's name. */
  | { readonly kind: 'unusable'; readonly fault: string }
  /** Nothing follows from this answer. `reason` is one clause without a full stop, and says that it was asked from here. */
  | { readonly kind: 'unclear'; readonly reason: string };

/**
 * Judges what one of the issuer's documents answered; null when it is a JSON object.
 *
 * @param aks The issuer is one that AKS publishes: Microsoft keeps its certificate, so one that is not trusted
 * here is that of a proxy in between.
 */
export function publicationFault(answer: FetchObservation, aks: boolean): PublicationFault | null {
  switch (answer.kind) {
    case 'document':
      return answer.json !== null && typeof answer.json === 'object' && !Array.isArray(answer.json)
        ? null
        : { kind: 'unusable', fault: 'is no JSON object' };
    case 'http': {
      if (answer.status === 429)
        return { kind: 'unclear', reason: `${answer.url} limits requests from here (HTTP 429)` };
      const isClosed = answer.status === 401 || answer.status === 403;
      return { kind: isClosed ? 'forbidden' : 'missing', status: String(answer.status) };
    }
    case 'not-public':
      return { kind: 'notPublic', host: answer.host, why: answer.why };
    case 'tls':
      if (aks) {
        const reason = `a proxy between here and the issuer shows a certificate of its own (${answer.code})`;
        return { kind: 'unclear', reason };
      }
      return { kind: 'untrusted', error: answer.error, errorCode: answer.code };
    case 'not-https':
      return { kind: 'notHttps' };
    case 'not-json': {
      const begins = answer.snippet === '' ? 'nothing' : JSON.stringify(answer.snippet.slice(0, 40));
      return {
        kind: 'unusable',
        fault: `is not JSON but ${begins} (${answer.contentType ?? 'no content type'})`,
      };
    }
    case 'too-large':
      return { kind: 'unusable', fault: `is larger than ${answer.limit} bytes` };
    case 'redirect': {
      const problem = answer.problem.replaceAll('-', ' ');
      return { kind: 'unusable', fault: `redirects to ${answer.location} (${problem})` };
    }
    case 'bad-url':
      return { kind: 'unusable', fault: `has an address that cannot be asked: ${answer.reason}` };
  }
}
