import { durationWords, timeWords } from './time-words.ts';
import type { DecodedJwt, KubernetesClaims, TokenReference } from './types.ts';

/** One claim (or header member) and what it means. */
export interface ClaimExplanation {
  /** As in the token: `iss`, `kubernetes.io/pod`, …; header members as `header.kid`. */
  readonly claim: string;
  /** One sentence. Values stand in it as they are in the token: neutralise them before they reach a terminal. */
  readonly words: string;
}

const KNOWN: readonly string[] = ['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti', 'kubernetes.io'];

/** Entra refuses a longer lifetime (AADSTS70023). */
const MAX_LIFETIME_SECONDS = 25 * 3600;

/**
 * Explains every claim of a token in one plain sentence each. Pure; `jti` is named but its value is not shown,
 * because it identifies the credential in audit logs.
 *
 * @param now The moment of the run, RFC 3339.
 */
export function explainClaims(token: DecodedJwt, now: string): readonly ClaimExplanation[] {
  const { claims, rawClaims, malformed } = token;
  const others = Object.keys(rawClaims).filter(
    (name) => !KNOWN.includes(name) && !name.startsWith('kubernetes.io/'),
  );
  const lines = [
    ...explainHeader(token),
    { claim: 'iss', words: issuerWords(claims.iss) },
    { claim: 'sub', words: subjectWords(claims.sub) },
    { claim: 'aud', words: audienceWords(claims.aud) },
    ...explainTimes(token, now),
    ...explainKubernetes(claims.kubernetes, now),
    ...(claims.jti === undefined
      ? []
      : [{ claim: 'jti', words: 'An id of this token for audit logs (not shown).' }]),
    ...others.map((claim) => ({ claim, words: 'Not a claim of Kubernetes; Entra does not match it.' })),
  ];
  // A value of the wrong type was read as missing, so its usual sentence would be untrue.
  return [
    ...lines.filter(({ claim }) => !malformed.includes(claim)),
    ...malformed.map((claim) => ({ claim, words: 'Has a value of the wrong type.' })),
  ];
}

function explainHeader({ header }: DecodedJwt): readonly ClaimExplanation[] {
  const alg = header.alg === 'RS256' ? 'Signed with RS256, which Entra takes.' : null;
  const other =
    header.alg === null ? 'Names no algorithm.' : `Signed with ${header.alg}; Entra takes RS256 only.`;
  const key =
    header.kid === null
      ? 'Names no signing key, so Entra cannot find one.'
      : `Signed by the key ${header.kid} of the issuer.`;
  return [
    { claim: 'header.alg', words: alg ?? other },
    { claim: 'header.kid', words: key },
  ];
}

function issuerWords(iss: string | null): string {
  if (iss === null) return 'Names no issuer.';
  if (iss === 'kubernetes/serviceaccount')
    return 'Issued as a legacy Secret token, which Entra cannot accept.';
  if (
    /^https:\/\/(sts\.windows\.net|login\.(microsoftonline|chinacloudapi|partner\.microsoftonline))[./]/.test(
      iss,
    )
  ) {
    return `Issued by Entra (${iss}): an access or id token, not a Kubernetes service account token.`;
  }
  return `Issued by ${iss}; a federated credential must have exactly this issuer.`;
}

function subjectWords(sub: string | null): string {
  if (sub === null) return 'Names no subject.';
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(sub) ?? [];
  if (namespace === undefined || name === undefined)
    return `For ${sub}, which is no Kubernetes service account.`;
  return `For service account ${name} in namespace ${namespace}; a federated credential must have exactly the subject ${sub}.`;
}

function audienceWords(aud: readonly string[]): string {
  const [first] = aud;
  if (first === undefined) return 'Names no audience.';
  if (aud.length > 1)
    return `Meant for ${aud.length} audiences (${aud.join(', ')}); Entra wants exactly one.`;
  return `Meant for ${first}; a federated credential must have exactly this audience.`;
}

function explainTimes({ claims }: DecodedJwt, now: string): readonly ClaimExplanation[] {
  const { iat, nbf, exp } = claims;
  const at = Date.parse(now);
  const lines: ClaimExplanation[] = [];
  if (iat !== null) lines.push({ claim: 'iat', words: `Issued ${timeWords(iat, at)}.` });
  if (nbf !== null) {
    const early = nbf * 1000 > at;
    lines.push({
      claim: 'nbf',
      words: `${early ? 'Not valid before' : 'Valid since'} ${timeWords(nbf, at)}.`,
    });
  }
  if (exp === null) return [...lines, { claim: 'exp', words: 'Never expires; Entra wants an expiry.' }];
  const verb = exp * 1000 <= at ? 'Expired' : 'Expires';
  const from = iat ?? nbf;
  const lifetime = from === null ? null : exp - from;
  const tooLong =
    lifetime !== null && lifetime > MAX_LIFETIME_SECONDS ? ', more than the 25 hours Entra takes' : '';
  const whole = lifetime === null ? '' : `; its lifetime is ${durationWords(lifetime)}${tooLong}`;
  return [...lines, { claim: 'exp', words: `${verb} ${timeWords(exp, at)}${whole}.` }];
}

function explainKubernetes(
  kubernetes: KubernetesClaims | undefined,
  now: string,
): readonly ClaimExplanation[] {
  if (kubernetes === undefined) return [];
  const { namespace, serviceAccount, pod, node, secret, warnafter } = kubernetes;
  const lines: ClaimExplanation[] = [];
  const add = (name: string, words: string): void =>
    void lines.push({ claim: `kubernetes.io/${name}`, words });
  if (namespace !== null) add('namespace', `Of namespace ${namespace}.`);
  if (serviceAccount !== null) add('serviceaccount', `Of service account ${named(serviceAccount)}.`);
  if (pod !== undefined)
    add('pod', `Bound to pod ${named(pod)}; the API server stops taking it when the pod is gone.`);
  if (node !== undefined) add('node', `Made for a pod on node ${named(node)}.`);
  if (secret !== undefined) add('secret', `Bound to Secret ${named(secret)}.`);
  if (warnafter !== undefined) {
    const when = timeWords(warnafter, Date.parse(now));
    add(
      'warnafter',
      `Extended by the API server: meant to be replaced by ${when}, so it is the default API token, not one for Entra.`,
    );
  }
  return lines;
}

function named({ name, uid }: TokenReference): string {
  return uid === null ? name : `${name} (uid ${uid})`;
}
