import { unknown, type Fact } from '../fact.ts';
import type { CollectedFacts } from '../collected-facts.ts';
import { shellQuote } from '../fill.ts';
import type { ClockWatch } from './clocks.ts';
import type { Environment } from './outbound-proxy.ts';
import type { FetchOutcome, NotAsked } from './issuer/types.ts';

type IssuerFacts = Pick<
  { readonly [Name in keyof CollectedFacts]: Fact<CollectedFacts[Name]> },
  'discovery' | 'jwks'
>;

export interface IssuerLook {
  readonly allowPrivateIssuer: boolean;
  /** Of the process, for `HTTPS_PROXY` and `NO_PROXY`. */
  readonly env: Environment;
  readonly signal?: AbortSignal;
  /** Hears what the clock of the issuer shows. */
  readonly clocks?: ClockWatch;
}

function outcomeFact(outcome: FetchOutcome): Fact<Exclude<FetchOutcome, { kind: 'unreachable' }>> {
  if (outcome.kind === 'unreachable') {
    return unknown(outcome.reason, `curl -sS ${shellQuote(outcome.url)}`);
  }
  return { state: 'present', value: outcome, origin: 'url' in outcome ? outcome.url : 'issuer' };
}

function keysFact(outcome: FetchOutcome | NotAsked, discovery: FetchOutcome): Fact<CollectedFacts['jwks']> {
  if (outcome.kind === 'not-asked') {
    // Without an answer about the document nothing is known about the keys either.
    if (discovery.kind === 'unreachable') return outcomeFact(discovery);
    return { state: 'present', value: outcome, origin: 'issuer' };
  }
  return outcomeFact(outcome);
}

/** What the public side of a token issuer shows; nothing of the token or of the caller is sent. */
export async function issuerFacts(
  issuer: Fact<string>,
  { allowPrivateIssuer, env, signal, clocks }: IssuerLook,
): Promise<IssuerFacts> {
  if (issuer.state !== 'present') {
    const reason = issuer.state === 'unknown' ? issuer.reason : 'the API server names no issuer';
    return {
      discovery: unknown(`the issuer is not known: ${reason}`),
      jwks: unknown(`the issuer is not known: ${reason}`),
    };
  }
  const { fetchIssuer } = await import('./issuer/discovery.ts');
  const look = await fetchIssuer(issuer.value, {
    allowPrivate: allowPrivateIssuer,
    env,
    ...(signal ? { signal } : {}),
    ...(clocks ? { onAnswer: (time) => clocks.see('issuer', time) } : {}),
  });
  return { discovery: outcomeFact(look.discovery), jwks: keysFact(look.jwks, look.discovery) };
}
