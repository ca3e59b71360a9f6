import { explainText } from '../../aadsts/explain-text.ts';
import type { Fields } from '../../aadsts/explanation.ts';
import type { TokenAnswer } from './post-form.ts';
import type { ExchangeAttempt } from './types.ts';

type Judged = Omit<ExchangeAttempt, 'milliseconds'>;

const MOST_CODES = 10;
const JWT_LIKE = /[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)+|eyJ[\w-]{16,}/g;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whatever answers may play the assertion back: it is cut out before anything is read. */
function withoutTokens(text: string, assertion: string): string {
  const parts = assertion.split('.').filter((part) => part.length >= 16);
  const bare = parts.reduce((rest, part) => rest.replaceAll(part, '***'), text.replaceAll(assertion, '***'));
  return bare.replaceAll(JWT_LIKE, (found) => (found.includes('eyJ') ? '***' : found));
}

function guid(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-f-]{36}$/i.test(value) ? value.toLowerCase() : null;
}

/** A time of Entra's (`2026-11-20 09:30:00Z`) or of HTTP, in RFC 3339; null when it is neither. */
function timeOf(...texts: readonly unknown[]): string | null {
  for (const text of texts) {
    const parsed =
      typeof text === 'string' ? Date.parse(text.replace(/^(\d{4}-\d\d-\d\d) /, '$1T')) : Number.NaN;
    if (!Number.isNaN(parsed)) return new Date(parsed).toISOString().replace(/\.\d+Z$/, 'Z');
  }
  return null;
}

function codesIn(listed: unknown, text: string): number[] {
  const numbers = Array.isArray(listed)
    ? listed.filter((code): code is number => Number.isSafeInteger(code))
    : [];
  const named = [...text.matchAll(/AADSTS(\d{5,8})/g)].map(([, code]) => Number(code));
  return [...new Set([...numbers, ...named])].slice(0, MOST_CODES);
}

function fieldsOf(text: string, codes: readonly number[]): Fields {
  const { errors } = explainText(text);
  return (errors.find(({ code }) => code !== null && codes.includes(code)) ?? errors[0])?.fields ?? {};
}

function bare({ status, date }: TokenAnswer): Omit<Judged, 'kind'> {
  return { status, codes: [], error: null, traceId: null, correlationId: null, time: timeOf(date) };
}

function unanswered(answer: TokenAnswer, reason: string): Judged {
  return { ...bare(answer), kind: 'unanswered', reason };
}

/**
 * Judges what a token endpoint answered. The access token of a good answer and the text of a bad one end here.
 *
 * @param assertion The token that was sent, so that no part of it can come back.
 */
export function judgeAnswer(answer: TokenAnswer, host: string, assertion: string): Judged {
  const { status, date, body } = answer;
  const document = parse(body);
  const accepted =
    status === 200 && typeof document?.['access_token'] === 'string' && document['access_token'] !== '';
  if (accepted) return { ...bare(answer), kind: 'accepted' };
  if (status >= 300 && status < 400)
    return unanswered(answer, `${host} redirects, which is not followed (HTTP ${status})`);
  const { error, error_description: said, error_codes: listed } = document ?? {};
  if (typeof error !== 'string')
    return unanswered(answer, `what answers as ${host} is not Entra (HTTP ${status})`);
  const text = withoutTokens(typeof said === 'string' ? said : '', assertion);
  const codes = codesIn(listed, text);
  const passing = status === 429 || status >= 500;
  return {
    kind: passing ? 'unanswered' : 'refused',
    status,
    codes,
    error: /^[a-z_]{1,64}$/.test(error) ? error : null,
    traceId: guid(document?.['trace_id']),
    correlationId: guid(document?.['correlation_id']),
    time: timeOf(document?.['timestamp'], date),
    ...(passing
      ? { reason: `${host} ${status === 429 ? 'limits requests' : 'is out of order'} (HTTP ${status})` }
      : { fields: fieldsOf(text, codes) }),
  };
}
