import { pause, retryAfter } from '../../kubernetes/retry.ts';
import type { AnswerTime } from '../../http-date.ts';
import type { Authority } from './authority.ts';
import type { ProxyAgent } from '../proxy-agent.ts';
import { isProxyFailure } from '../proxy-failure.ts';
import { judgeAnswer } from './judge-answer.ts';
import { PostFailure, postForm } from './post-form.ts';
import type { ExchangeAttempt } from './types.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Milliseconds that throttling and outages are waited for, in one attempt. */
const PATIENCE = 20_000;
const BACKOFF = 1_000;

/** One token, and what it is to be exchanged for. */
export interface ExchangeRequest {
  readonly authority: Authority;
  readonly tenantId: string;
  readonly clientId: string;
  readonly scope: string;
  /** Null for a direct connection. */
  readonly proxy: ProxyAgent | null;
  /** The token itself. Leaves this folder only towards the authority. */
  readonly assertion: string;
}

/** How often to try, and at what pace. */
export interface Repetition {
  readonly attempts: number;
  /** Milliseconds between two attempts. */
  readonly intervalMs: number;
  /** Called for each POST that goes out. */
  readonly onPost: (url: string) => void;
  /** Called for each answer, as it comes, for what it tells of the time. */
  readonly onAnswer?: (time: AnswerTime) => void;
  readonly signal?: AbortSignal;
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'cannot be looked up',
  EAI_AGAIN: 'cannot be looked up',
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection off',
  EPIPE: 'broke the connection off',
  ETIMEDOUT: 'did not answer',
  timeout: 'did not answer within 10 s',
  'too-large': 'answered with more than 1 MiB',
};

function failureReason(host: string, { code, message }: PostFailure, proxy: ProxyAgent | null): string {
  if (isProxyFailure({ code })) return `${message}, so no token was sent`;
  const shown = code === 'timeout' || code === 'too-large' ? '' : ` (${code})`;
  if (/CERT|SELF_SIGNED|^UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO$/.test(code))
    return `${host} has no certificate that is trusted here${proxy === null ? '' : `, as seen through the proxy ${proxy.name}`}${shown}, so no token was sent`;
  return `${host} ${WORDS[code] ?? 'cannot be reached'} from here${shown}`;
}

/** `login.example.com`, with the port unless it is the usual one. */
export function hostOf({ hostname, port }: Authority): string {
  return port === 443 ? hostname : `${hostname}:${port}`;
}

function pathOf(tenantId: string): string {
  return `/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
}

async function post(
  request: ExchangeRequest,
  { onPost, onAnswer, signal }: Repetition,
): Promise<ExchangeAttempt> {
  const { authority, tenantId, clientId, scope, proxy, assertion } = request;
  const host = hostOf(authority);
  const started = performance.now();
  const left = (): number => PATIENCE - (performance.now() - started);
  const took = (): number => Math.round(performance.now() - started);
  for (let round = 0; ; round++) {
    onPost(`https://${host}${pathOf(tenantId)}`);
    try {
      const answer = await postForm(
        authority,
        proxy,
        pathOf(tenantId),
        {
          grant_type: 'client_credentials',
          client_id: clientId,
          client_assertion_type: JWT_BEARER,
          client_assertion: assertion,
          scope,
        },
        signal,
      );
      onAnswer?.(answer);
      const judged = judgeAnswer(answer, host, assertion);
      const again = answer.status === 429 || answer.status >= 500;
      const wait = retryAfter(answer.retryAfter, Date.now()) ?? BACKOFF * 2 ** round;
      if (!again || wait >= left()) return { ...judged, milliseconds: took() };
      await pause(wait, signal);
    } catch (failure) {
      if (!(failure instanceof PostFailure)) throw failure;
      return {
        kind: 'unanswered',
        status: null,
        codes: [],
        error: null,
        traceId: null,
        correlationId: null,
        time: null,
        milliseconds: took(),
        reason: failureReason(host, failure, proxy),
      };
    }
  }
}

/** Exchanges one token as often as asked, one attempt after the other; a network that is down ends it early. */
export async function exchangeToken(
  request: ExchangeRequest,
  repetition: Repetition,
): Promise<ExchangeAttempt[]> {
  const attempts: ExchangeAttempt[] = [];
  while (attempts.length < repetition.attempts) {
    if (attempts.length > 0) await pause(repetition.intervalMs, repetition.signal);
    const attempt = await post(request, repetition);
    attempts.push(attempt);
    if (attempt.kind === 'unanswered' && attempt.status === null) break;
  }
  return attempts;
}
