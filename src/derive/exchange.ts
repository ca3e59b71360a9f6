import type { Fields } from '../aadsts/explanation.ts';
import { unknown, type Fact } from '../fact.ts';
import type { FactSet } from '../collected-facts.ts';
import type { Exchange, ExchangeAttempt, ExchangeRecord } from '../sources/exchange/types.ts';
import type { DecodedToken } from '../sources/token/types.ts';
import type { CredentialMatch } from './credential-match.ts';
import type { EffectiveValue } from './workload.ts';
import type { SignIn } from './sign-ins.ts';

const NOT_ASKED = { state: 'absent', origin: 'no exchange was asked for' } as const;

function same(value: EffectiveValue, recorded: string | null): boolean {
  return (value.state === 'known' ? value.value : null) === recorded;
}

function belongs(record: ExchangeRecord, { clientId, tenantId, authorityHost, audience }: SignIn): boolean {
  return (
    same(clientId, record.clientId) &&
    same(tenantId, record.tenantId) &&
    same(authorityHost, record.authorityHost) &&
    same(audience, record.audience)
  );
}

/** The exchange of one sign-in: absent when none was asked for, unknown when Entra gave no answer that counts. */
export function exchangeFact(signIn: SignIn, { facts }: FactSet): Fact<Exchange> {
  const { exchanges } = facts;
  if (!exchanges) return NOT_ASKED;
  if (exchanges.state !== 'present') return exchanges;
  const record = exchanges.value.find((candidate) => belongs(candidate, signIn));
  if (!record) return unknown('the token of this sign-in was not exchanged');
  if (record.state === 'not-sent') return unknown(record.reason);
  if (record.attempts.some(({ kind }) => kind !== 'unanswered'))
    return { state: 'present', value: record, origin: exchanges.origin };
  return unknown(record.attempts[0]?.reason ?? 'Entra gave no answer');
}

/** A share of successes, with the interval it lies in. */
export interface SuccessRate {
  readonly accepted: number;
  readonly answered: number;
  /** Bounds of the Wilson score interval at 95 %, from 0 to 1. */
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959_964;

/** @see {@link https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval} */
export function successRate(accepted: number, answered: number): SuccessRate {
  if (answered === 0) return { accepted, answered, low: 0, high: 1 };
  const share = accepted / answered;
  const spread = Z * Math.sqrt((share * (1 - share)) / answered + (Z / (2 * answered)) ** 2);
  const middle = share + Z ** 2 / (2 * answered);
  const scale = 1 + Z ** 2 / answered;
  return {
    accepted,
    answered,
    low: accepted === 0 ? 0 : (middle - spread) / scale,
    high: accepted === answered ? 1 : (middle + spread) / scale,
  };
}

function percent(share: number): string {
  return String(Math.round(share * 100));
}

/** `7 of 10 exchanges (95 % interval of the success rate: 40 to 89 %)`. */
export function rateWords({ accepted, answered, low, high }: SuccessRate): string {
  const count = `${accepted} of ${answered} ${answered === 1 ? 'exchange' : 'exchanges'}`;
  return answered === 1
    ? count
    : `${count} (95 % interval of the success rate: ${percent(low)} to ${percent(high)} %)`;
}

/** What a list of attempts comes to. */
export interface ExchangeVerdict {
  readonly rate: SuccessRate;
  /** The last refusal, with which the others are taken to agree; null when there was none. */
  readonly refusal: ExchangeAttempt | null;
  /** Every AADSTS number among the refusals. */
  readonly codes: readonly number[];
}

/** Judges the attempts that Entra answered; those it did not are left out. */
export function exchangeVerdict({ attempts }: Exchange): ExchangeVerdict {
  const accepted = attempts.filter(({ kind }) => kind === 'accepted').length;
  const refused = attempts.filter(({ kind }) => kind === 'refused');
  return {
    rate: successRate(accepted, accepted + refused.length),
    refusal: refused.at(-1) ?? null,
    codes: [...new Set(refused.flatMap(({ codes }) => codes))],
  };
}

/** Refusals of the resource or scope, which come only after the token and the client were found right. */
const AFTER_THE_TOKEN: ReadonlySet<number> = new Set([
  500011, 1002012, 70011, 28002, 700022, 700023, 50001, 901002, 650057, 501051,
]);

/** Refusals that say only that no federated credential of the client matches the token. */
const NO_CREDENTIAL: ReadonlySet<number> = new Set([
  70021, 70025, 700211, 700212, 700213, 7000226, 7002121, 7002131, 7002137, 7002138,
]);

/** Whether a code says that no federated credential of the client matches the token. */
export function isCredentialRefusal(code: number): boolean {
  return NO_CREDENTIAL.has(code);
}

/** Whether a code says that Entra took the token and refused what was asked for. */
export function isScopeRefusal(code: number): boolean {
  return AFTER_THE_TOKEN.has(code);
}

/**
 * Whether an exchange proves that the identity exists and that a credential of it accepts the token, for the
 * pod's own authority host.
 */
export function provesCredential(signIn: SignIn, exchange: Exchange): boolean {
  const { authorityHost } = signIn;
  const elsewhere =
    authorityHost.state === 'known' &&
    URL.canParse(authorityHost.value) &&
    new URL(authorityHost.value).host !== exchange.host;
  const { rate, codes } = exchangeVerdict(exchange);
  return !elsewhere && (rate.accepted > 0 || (codes.length > 0 && codes.every(isScopeRefusal)));
}

/** Whether the token that was sent says what the comparison with the credentials assumed it says. */
export function presentsCompared(token: Fact<DecodedToken>, match: CredentialMatch): boolean {
  if (token.state !== 'present' || token.value.kind !== 'jwt') return false;
  const { iss, sub, aud } = token.value.claims;
  return iss === match.issuer && sub === match.subject && aud.length === 1 && aud[0] === match.audience;
}

/** Whether the claims that Entra prints in its refusal are the very ones that a credential was found to equal. */
export function namesCompared({ issuer, subject, audience }: Fields, match: CredentialMatch): boolean {
  const printed = [
    [issuer, match.issuer],
    [subject, match.subject],
    [audience, match.audience],
  ].filter(([claim]) => claim !== undefined);
  return printed.length > 0 && printed.every(([claim, compared]) => claim === compared);
}
