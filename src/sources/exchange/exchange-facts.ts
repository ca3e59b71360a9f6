import { decodeToken } from '../token/decode.ts';
import { extractToken, type ExtractedToken } from '../token/extract.ts';
import { present, unknown, type Fact } from '../../fact.ts';
import type { CollectedFacts } from '../../collected-facts.ts';
import type { AnswerTime } from '../../http-date.ts';
import type { EffectiveValue } from '../../derive/workload.ts';
import type { SignIn } from '../../derive/sign-ins.ts';
import { outboundProxy, UnusableProxy, type Environment } from '../outbound-proxy.ts';
import type { ProxyAgent } from '../proxy-agent.ts';
import type { RawToken } from '../token-facts.ts';
import { authorityOf, type Authority } from './authority.ts';
import { exchangeToken, hostOf } from './exchange.ts';
import type { ExchangeKey, ExchangeRecord } from './types.ts';

/** What `--exchange` and its companions ask for. */
export interface ExchangeOptions {
  readonly attempts: number;
  readonly intervalMs: number;
  /** `--scope`; null for the cloud's own default. */
  readonly scope: string | null;
  /** `--authority-host`. */
  readonly authority: Authority | null;
  /** Of the process, for `HTTPS_PROXY` and `NO_PROXY`. */
  readonly env: Environment;
  /** Called for each POST that goes out. */
  readonly onPost: (url: string) => void;
  /** Called for each answer, as it comes, for what it tells of the time. */
  readonly onAnswer?: (time: AnswerTime) => void;
  readonly signal?: AbortSignal;
}

const SENT_ALONG: ReadonlySet<string> = new Set(['quotes', 'bom', 'bearer']);

function known({ state, ...value }: EffectiveValue): string | null {
  return state === 'known' && 'value' in value ? value.value : null;
}

/** What one sign-in is found again by. */
export function exchangeKeyOf({ clientId, tenantId, authorityHost, audience }: SignIn): ExchangeKey {
  return {
    clientId: known(clientId),
    tenantId: known(tenantId),
    authorityHost: known(authorityHost),
    audience: known(audience),
  };
}

function missing(value: EffectiveValue, name: string): string {
  return value.state === 'unknown'
    ? value.reason
    : `${name} is ${value.state === 'unset' ? 'not set' : 'empty'}`;
}

/** What an SDK makes of a token file: it sends quotation marks and the like along, but no line break. */
function sentBy(text: string, { raw, notes }: ExtractedToken): string {
  return notes.some(({ kind }) => SENT_ALONG.has(kind)) ? text.replace(/\s+$/, '') : raw;
}

interface Ready {
  readonly authority: Authority;
  readonly clientId: string;
  readonly tenantId: string;
  readonly assertion: string;
  readonly proxy: ProxyAgent | null;
}

/** The proxy on the way to an authority, or why it cannot be used: one clause. */
async function proxyTo(authority: Authority, env: Environment): Promise<ProxyAgent | null | string> {
  try {
    return await outboundProxy(new URL(`https://${hostOf(authority)}`), env);
  } catch (error) {
    if (error instanceof UnusableProxy) return error.message;
    throw error;
  }
}

/** Everything a token request needs, or why none can be made: one clause. */
async function prepare(
  signIn: SignIn,
  { authority: named, env }: ExchangeOptions,
  tokenFor: (signIn: SignIn) => Promise<RawToken>,
): Promise<Ready | string> {
  const { clientId, tenantId, authorityHost } = exchangeKeyOf(signIn);
  if (signIn.mode === 'identity-binding')
    return "an identity binding exchanges tokens at the cluster's own proxy, which answers only inside the pod";
  if (!clientId) return missing(signIn.clientId, 'the client id');
  if (!tenantId) return missing(signIn.tenantId, 'the tenant id');
  if (named === null && authorityHost === null) return missing(signIn.authorityHost, 'AZURE_AUTHORITY_HOST');
  const authority = named ?? authorityOf(authorityHost ?? '');
  // Nothing is minted or read for a token that may not be sent.
  if (typeof authority === 'string') return authority;
  const proxy = await proxyTo(authority, env);
  if (typeof proxy === 'string') return proxy;
  const token = await tokenFor(signIn);
  if (token.kind === 'none') return 'there is no token to exchange';
  if (token.kind === 'unknown') return token.reason;
  const extracted = extractToken(token.text);
  if ('reason' in extracted || decodeToken(token.text).kind !== 'jwt')
    return 'what is at hand is no token, so nothing was sent';
  return { authority, clientId, tenantId, proxy, assertion: sentBy(token.text, extracted) };
}

async function recordOf(
  signIn: SignIn,
  options: ExchangeOptions,
  tokenFor: (signIn: SignIn) => Promise<RawToken>,
): Promise<ExchangeRecord> {
  const key = exchangeKeyOf(signIn);
  const ready = await prepare(signIn, options, tokenFor);
  if (typeof ready === 'string') return { state: 'not-sent', ...key, reason: ready };
  const scope = options.scope ?? ready.authority.defaultScope;
  const attempts = await exchangeToken({ ...ready, scope }, options);
  return { state: 'sent', ...key, host: hostOf(ready.authority), scope, attempts };
}

/**
 * Really exchanges the token of every sign-in, as the SDK would. Tokens stay in local variables; the fact holds
 * what Entra answered.
 *
 * @param tokenFor The token that a sign-in would present.
 */
export async function exchangeFacts(
  signIns: Fact<readonly SignIn[]>,
  options: ExchangeOptions,
  tokenFor: (signIn: SignIn) => Promise<RawToken>,
): Promise<Pick<{ readonly [Name in keyof CollectedFacts]: Fact<CollectedFacts[Name]> }, 'exchanges'>> {
  if (signIns.state !== 'present') {
    const { reason } = signIns.state === 'unknown' ? signIns : { reason: 'there is no pod that signs in' };
    return { exchanges: unknown(reason) };
  }
  const records = await Promise.all(signIns.value.map((signIn) => recordOf(signIn, options, tokenFor)));
  const hosts = records.flatMap((record) => (record.state === 'sent' ? [record.host] : []));
  return { exchanges: present(records, `entra: ${[...new Set(hosts)].join(', ') || 'not asked'}`) };
}
