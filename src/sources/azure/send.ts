import type { HttpClient, Pipeline } from '@azure/core-rest-pipeline';
import type { AnswerTime } from '../../http-date.ts';
import { isPassing, pause, retryAfter } from '../../kubernetes/retry.ts';
import { UnusableProxy, type Environment } from '../outbound-proxy.ts';
import { isProxyFailure } from '../proxy-failure.ts';
import { proxyPolicy } from './proxy-policy.ts';
import { transportFailure } from '../issuer/transport-failure.ts';
import { withTimeLimit } from '../time-limit.ts';

/** One answer over HTTP, or what kept it from coming. */
export type Sent =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      readonly text: string;
    }
  | { readonly kind: 'failed'; readonly reason: string };

export interface SendRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly token: string;
  readonly body?: string;
}

/** Sends one request; retries what passes by itself. Never rejects. */
export type Send = (request: SendRequest) => Promise<Sent>;

const REQUEST_MS = 10_000;
/** All attempts and pauses of one request together. */
const RETRY_MS = 20_000;
/** Without a `Retry-After` it is asked again after half a second, one and two, and then no more. */
const FIRST_PAUSE_MS = 500;
const UNASKED_RETRIES = 3;

interface Transport {
  readonly client: HttpClient;
  readonly pipeline: Pipeline;
  readonly create: typeof import('@azure/core-rest-pipeline').createPipelineRequest;
}

/** Proxies as for everything else; no redirects, no cookies, no retries but our own. */
async function openTransport(env: Environment): Promise<Transport> {
  const rest = await import('@azure/core-rest-pipeline');
  const pipeline = rest.createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy(env));
  return { client: rest.createDefaultHttpClient(), pipeline, create: rest.createPipelineRequest };
}

function attempt(
  { client, pipeline, create }: Transport,
  { method, url, token, body }: SendRequest,
  signal: AbortSignal,
  onAnswer: (time: AnswerTime) => void,
): Promise<{ sent: Extract<Sent, { kind: 'answer' }>; wait: number | undefined }> {
  const request = create({
    url: url.href,
    method,
    abortSignal: signal,
    ...(body === undefined ? {} : { body }),
  });
  request.headers.set('authorization', `Bearer ${token}`);
  request.headers.set('accept', 'application/json');
  request.headers.set('user-agent', 'wi-doctor');
  if (body !== undefined) request.headers.set('content-type', 'application/json');
  return pipeline.sendRequest(client, request).then(({ status, headers, bodyAsText }) => {
    onAnswer({ date: headers.get('date'), age: headers.get('age') });
    return {
      sent: {
        kind: 'answer',
        status,
        contentType: headers.get('content-type') ?? '',
        text: bodyAsText ?? '',
      },
      wait: retryAfter(headers.get('retry-after'), Date.now()),
    };
  });
}

// The error of the pipeline carries the request with its headers, so only its code is ever looked at.
function failureOf(url: URL, error: unknown, whole: AbortSignal): Sent {
  const { name, code, cause } = error as { name?: string; code?: string; cause?: unknown };
  if (error instanceof UnusableProxy) return { kind: 'failed', reason: error.message };
  if (whole.aborted) return { kind: 'failed', reason: 'the look-up in Azure took too long' };
  if (name === 'AbortError' || name === 'TimeoutError')
    return { kind: 'failed', reason: `${url.host} did not answer within ${REQUEST_MS / 1_000} seconds` };
  const own = isProxyFailure({ code }) ? (error as Error).message : '';
  const inner = cause instanceof Error && 'code' in cause ? cause : { code, message: own };
  const failure = transportFailure(url, inner);
  return {
    kind: 'failed',
    reason:
      failure.kind === 'tls'
        ? `${url.host} shows a certificate that is not trusted here (${failure.code})`
        : failure.reason,
  };
}

/**
 * Opens the way to ARM and Graph.
 *
 * 429 and 5xx are asked again as `Retry-After` says, for at most 20 seconds; one answer has 10 seconds to come,
 * body included.
 *
 * @param env Of the process, for `HTTPS_PROXY` and `NO_PROXY`.
 * @param signal Ends the whole look-up.
 * @param onAnswer Called for each answer, as it comes, for what it tells of the time.
 */
export function openSend(env: Environment, signal: AbortSignal, onAnswer: (time: AnswerTime) => void): Send {
  const transport = openTransport(env);
  transport.catch(() => undefined);
  return async (request) => {
    const started = Date.now();
    for (let round = 0; ; round += 1) {
      const limit = withTimeLimit(signal, REQUEST_MS);
      try {
        const { sent, wait } = await attempt(await transport, request, limit.signal, onAnswer);
        const delay = wait ?? FIRST_PAUSE_MS * 2 ** round;
        if (!isPassing(sent.status) || Date.now() - started + delay > RETRY_MS) return sent;
        if (wait === undefined && round >= UNASKED_RETRIES) return sent;
        await pause(delay, signal);
      } catch (error) {
        return failureOf(request.url, error, signal);
      } finally {
        limit.done();
      }
    }
  };
}
