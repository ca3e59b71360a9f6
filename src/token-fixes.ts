import type { Target } from './collected-facts.ts';
import { canBeFederated, issuerAddress } from './derive/issuer.ts';
import { tokenAccount } from './derive/token-account.ts';
import type { Workload } from './derive/workload.ts';
import { diagnosisCommand, type NamedObject } from './diagnosis-command.ts';
import type { Fact } from './fact.ts';
import { fillCommand, shellQuote } from './fill.ts';
import type { DecodedToken } from './sources/token/types.ts';
import type { Word } from './word.ts';

const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';
const FRESH =
  'kubectl create token {serviceAccount} -n {namespace} --audience {freshAudience} --duration 1h | wi-doctor token -';

/** Makes a token of the service account and looks at it. It is a live credential, so it is not printed. */
export interface FreshToken<Why extends string> {
  readonly command: typeof FRESH;
  readonly why: Why;
  readonly actor: 'developer';
  readonly restarts: false;
}

/** The command that makes a fresh token and looks at it. */
export function freshToken<const Why extends string>(why: Why): FreshToken<Why> {
  return { command: FRESH, why, actor: 'developer', restarts: false };
}

/**
 * The words of that command: the service account of the pod, else the one that the token names.
 *
 * @param audience What the token should be for; by default what it is for, if that is Entra.
 */
export function freshTokenWords(
  workload: Fact<Workload>,
  token: DecodedToken | null,
  audience: string | null = null,
): ReturnType<typeof tokenAccount> & { readonly freshAudience: string } {
  const own = token?.kind === 'jwt' ? token.claims.aud.find((one) => one.startsWith('api://')) : undefined;
  return { ...tokenAccount(workload, token), freshAudience: audience ?? own ?? EXCHANGE_AUDIENCE };
}

/** The pod that a token is bound to, as the token says; null where it names none. */
export function boundPod(token: DecodedToken | null): NamedObject | null {
  const claims = token?.kind === 'jwt' ? token.claims.kubernetes : undefined;
  if (!claims?.pod || claims.namespace === null) return null;
  return { kind: 'Pod', namespace: claims.namespace, name: claims.pod.name };
}

/** The name that standard input goes by as a target. */
export const STANDARD_INPUT = 'standard input';

/** How to see that what is wrong with a token alone was mended. */
export interface TokenVerification {
  /** After a change of whoever makes it: another token, since this one stays as it is. */
  readonly another: string;
  /** After a change elsewhere: this one, as far as it can be read twice. */
  readonly same: string;
}

/** The commands that look at a token again, or at the one that comes after it. */
export function tokenVerification({ name }: Target, token: DecodedToken | null): TokenVerification {
  const unknown: Fact<Workload> = { state: 'unknown', reason: 'a token was given alone' };
  const words: Readonly<Record<string, Word>> = freshTokenWords(unknown, token);
  const named = typeof words['serviceAccount'] === 'string' && typeof words['namespace'] === 'string';
  const pod = boundPod(token);
  const fresh = fillCommand(FRESH, words);
  const file = name === STANDARD_INPUT ? null : `wi-doctor token ${shellQuote(name)}`;
  const another = pod ? `${diagnosisCommand(pod)} --exec` : named ? fresh : (file ?? fresh);
  const issuer = token?.kind === 'jwt' ? token.claims.iss : null;
  // An issuer that Entra can never reach gives way to another, and this token goes on naming the old one.
  const stays =
    issuer !== null && canBeFederated(issuer) && issuerAddress(issuer, false).kind === 'fetchable';
  return { another, same: stays ? (file ?? fresh) : another };
}
