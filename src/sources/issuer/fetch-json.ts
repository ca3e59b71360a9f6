import type { LookupAddress } from 'node:dns';
import type { AnswerTime } from '../../http-date.ts';
import { outboundProxy, UnusableProxy, type Environment } from '../outbound-proxy.ts';
import type { ProxyAgent } from '../proxy-agent.ts';
import { judgeUrl } from './fetchable-url.ts';
import type { Refusal } from './fetchable-url.ts';
import { get } from './request.ts';
import type { Answer } from './request.ts';
import { refusedThroughProxy, resolvePublic } from './resolve.ts';
import { throughProxy } from './through-proxy.ts';
import { oneLine, transportFailure } from './transport-failure.ts';
import type { FetchFailure, FetchOutcome, JsonValue, RedirectObservation, Unreachable } from './types.ts';

const MAX_REDIRECTS = 3;
/** Deeper than any discovery document or key set; bounds what later walks over the value. */
const MAX_DEPTH = 32;
const SNIPPET_LENGTH = 120;

/** How to fetch. */
export interface FetchOptions {
  /** `--allow-private-issuer`: private, loopback and cluster-internal hosts. Default false. */
  readonly allowPrivate?: boolean;
  /** Milliseconds for everything: look-up, redirects, body. Default 5000. */
  readonly timeoutMs?: number;
  /** Largest body in bytes. Default 1 MiB. */
  readonly maxBytes?: number;
  /** For `HTTPS_PROXY` and `NO_PROXY`; no proxy is used without it. */
  readonly env?: Environment;
  /** Ends the fetch early; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Called for each answer, as it comes, for what it tells of the time. */
  readonly onAnswer?: (time: AnswerTime) => void;
}

/**
 * Fetches one JSON document from a URL that may be hostile, as far as it can be done from here.
 *
 * https only; public addresses only, checked after the look-up and again at each of at most 3 redirects, with
 * the connection pinned to what was checked; certificate always verified (NODE_EXTRA_CA_CERTS included);
 * nothing sent but the request itself. A proxy of the environment resolves the name by itself, so there is no pin;
 * the certificate still has to be that of the host, and a host that is private by its spelling, or by what it
 * resolves to here, is not asked through it either. What the proxy may have answered itself is `unreachable`, which
 * is never a fault of the issuer.
 *
 * @throws Only the reason of `options.signal`.
 */
export async function fetchJson(url: string, options: FetchOptions = {}): Promise<FetchOutcome> {
  const { allowPrivate = false, timeoutMs = 5000, maxBytes = 1024 * 1024 } = options;
  const { env = {}, signal, onAnswer } = options;
  signal?.throwIfAborted();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const stop = (): void => deadline.abort();
  signal?.addEventListener('abort', stop, { once: true });
  let current: URL | Refusal | RedirectObservation = judgeUrl(url, allowPrivate);
  let proxy: ProxyAgent | null = null;
  try {
    const seen = new Set<string>();
    while (current instanceof URL) {
      seen.add(current.href);
      proxy = await outboundProxy(current, env);
      const way = await wayTo(current, proxy, allowPrivate, deadline.signal);
      if ('kind' in way) return way;
      const answer = await get(current, way, maxBytes, deadline.signal);
      signal?.throwIfAborted();
      // Another answer may be the proxy's own, and so its clock.
      if (proxy === null || answer.status === 200) onAnswer?.(answer);
      const next = redirectTarget(current, answer, seen, allowPrivate);
      if (next === null) return throughProxy(proxy, judgeAnswer(url, current, answer, maxBytes));
      current = next;
    }
    return throughProxy(proxy, current);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(current instanceof URL)) throw error;
    if (error instanceof UnusableProxy)
      return { kind: 'unreachable', url: current.href, cause: 'proxy', reason: error.message };
    return deadline.signal.aborted
      ? timedOut(current, timeoutMs)
      : throughProxy(proxy, transportFailure(current, error));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** Addresses that were checked, or the proxy; or why the host is not to be asked. */
async function wayTo(
  url: URL,
  proxy: ProxyAgent | null,
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<readonly LookupAddress[] | ProxyAgent | Unreachable> {
  if (proxy === null) return resolvePublic(url, allowPrivate, signal);
  return (await refusedThroughProxy(url, allowPrivate, signal)) ?? proxy;
}

/** The URL to go to next, a refusal to go there, or null when the answer is no redirect. */
function redirectTarget(
  from: URL,
  answer: Answer,
  seen: ReadonlySet<string>,
  allowPrivate: boolean,
): URL | RedirectObservation | null {
  const { status, location } = answer;
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return null;
  const refuse = (problem: RedirectObservation['problem']): RedirectObservation => ({
    kind: 'redirect',
    url: from.href,
    location: oneLine(location.replace(/\/\/[^/?#]*@/, '//'), 300),
    problem,
  });
  if (!URL.canParse(location, from.href)) return refuse('bad-url');
  const target = new URL(location, from.href);
  target.hash = '';
  const judged = judgeUrl(target.href, allowPrivate);
  if (judged instanceof URL) {
    if (seen.has(judged.href)) return refuse('loop');
    return seen.size > MAX_REDIRECTS ? refuse('too-many') : judged;
  }
  return refuse(judged.kind);
}

function judgeAnswer(url: string, final: URL, answer: Answer, limit: number): FetchOutcome {
  const { status, contentType, contentEncoding, body } = answer;
  const where = { url, finalUrl: final.href };
  if (body === null) return { kind: 'too-large', url, limit };
  const snippet = oneLine(body.toString('utf8'), SNIPPET_LENGTH);
  if (status !== 200) return { kind: 'http', ...where, status, ...(snippet === '' ? {} : { snippet }) };
  const notJson = (words: string): FetchFailure => {
    return { kind: 'not-json', ...where, status, contentType: contentTypeOf(contentType), snippet: words };
  };
  if (contentEncoding !== null && contentEncoding !== 'identity') {
    return notJson(`(body in the encoding ${oneLine(contentEncoding, 20)}, which was not asked for)`);
  }
  const json = parseJson(body);
  if (json === undefined) return notJson(snippet);
  return { kind: 'document', ...where, status, contentType: contentTypeOf(contentType), json };
}

function contentTypeOf(header: string | null): string | null {
  return header === null ? null : oneLine(header, 100);
}

/** The value, or nothing when the bytes are not UTF-8, not JSON or nested too deeply. */
function parseJson(body: Buffer): JsonValue | undefined {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as JsonValue;
    return depthWithin(value, MAX_DEPTH) ? value : undefined;
  } catch {
    return undefined;
  }
}

function depthWithin(value: JsonValue, depth: number): boolean {
  if (value === null || typeof value !== 'object') return true;
  return depth > 0 && Object.values(value).every((child: JsonValue) => depthWithin(child, depth - 1));
}

function timedOut(url: URL, timeoutMs: number): Unreachable {
  const reason = `${url.host} did not answer from here within ${timeoutMs / 1000} s`;
  return { kind: 'unreachable', url: url.href, cause: 'timeout', reason };
}
