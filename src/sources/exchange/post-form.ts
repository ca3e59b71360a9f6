import https from 'node:https';
import type { ProxyAgent } from '../proxy-agent.ts';
import { isProxyFailure } from '../proxy-failure.ts';
import type { Authority } from './authority.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

/** One answer of the token endpoint. The body may hold an access token: it goes to the judge and nowhere else. */
export interface TokenAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly date: string | undefined;
  readonly body: string;
}

/** A request that brought no whole answer. Carries a code, a proxy's failure also its words, never a header or a body. */
export class PostFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string = code) {
    super(message);
    this.name = 'PostFailure';
    this.code = code;
  }
}

/**
 * Posts a form over TLS. The certificate is always verified, whatever NODE_TLS_REJECT_UNAUTHORIZED says;
 * redirects are not followed, nothing is shared between requests.
 *
 * @param proxy The tunnel to go through; it sees the name of the host and nothing of the form.
 * @param path As it goes onto the wire; it is not resolved, so that no dot segment leads elsewhere.
 * @throws {PostFailure} When no whole answer came; the signal's reason when it was aborted.
 */
export function postForm(
  { hostname, port }: Authority,
  proxy: ProxyAgent | null,
  path: string,
  form: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  signal?.throwIfAborted();
  const body = new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const request = https.request({
      method: 'POST',
      hostname,
      port,
      path,
      agent: proxy ?? false,
      rejectUnauthorized: true,
      insecureHTTPParser: false,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'wi-doctor',
      },
    });
    const timer = setTimeout(() => fail('timeout'), TIMEOUT_MS);
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      request.destroy();
    };
    const fail = (code: string, words?: string): void => {
      end();
      reject(new PostFailure(code, words));
    };
    const onAbort = (): void => {
      end();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    request.on('error', ({ code = 'unknown error', message }: NodeJS.ErrnoException) =>
      fail(code, isProxyFailure({ code }) ? message : undefined),
    );
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > MAX_BYTES) fail('too-large');
      });
      response.on('error', ({ code }: NodeJS.ErrnoException) => fail(code ?? 'ECONNRESET'));
      response.on('end', () => {
        end();
        const { 'retry-after': retryAfter, date } = response.headers;
        resolve({
          status: response.statusCode ?? 0,
          retryAfter,
          date,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    request.end(body);
  });
}
