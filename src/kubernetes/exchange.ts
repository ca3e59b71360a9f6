import type { Agent, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** One HTTP request as it goes onto the wire. */
export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly agent: Agent;
  readonly body?: string;
  /** Milliseconds for everything from name look-up to last byte. */
  readonly timeoutMs: number;
  /** Larger bodies fail as `too-large`. */
  readonly maxBytes: number;
  /** Keep only the last so many bytes. */
  readonly tailBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  readonly date: string | undefined;
  readonly location: string | undefined;
  readonly body: Buffer;
  /** Whether the beginning was dropped because of `tailBytes`. */
  readonly cut: boolean;
}

/** How far a request came before it failed. */
export type Stage = 'name' | 'connection' | 'tls' | 'answer' | 'body';

/** A request that brought no whole answer. Carries neither headers nor bodies. */
export class ExchangeFailure extends Error {
  /** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `timeout`, `too-large`, … */
  readonly code: string;
  readonly stage: Stage;

  constructor(code: string, stage: Stage, detail: string) {
    super(detail);
    this.name = 'ExchangeFailure';
    this.code = code;
    this.stage = stage;
  }

  /** Whether the other side broke off a connection that it had accepted, as load balancers do now and then. */
  get brokenOff(): boolean {
    return ['ECONNRESET', 'EPIPE', 'aborted', 'HPE_INVALID_EOF_STATE'].includes(this.code);
  }
}

/**
 * Makes one HTTP request and reads its whole answer. Redirects are not followed.
 *
 * @throws ExchangeFailure when no whole answer came; the signal's reason when it was aborted.
 */
export async function exchange(outgoing: Outgoing): Promise<HttpAnswer> {
  const { request } =
    outgoing.url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const { signal } = outgoing;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    let stage: Stage = 'name';
    const fail = (code: string, detail: string): void => {
      end();
      reject(new ExchangeFailure(code, stage, detail));
      outgoingRequest?.destroy();
    };
    const onAbort = (): void => {
      end();
      reject(signal?.reason);
      outgoingRequest?.destroy();
    };
    const timer = setTimeout(
      () => fail('timeout', `no whole answer within ${outgoing.timeoutMs} ms`),
      outgoing.timeoutMs,
    );
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const finish = (answer: HttpAnswer): void => {
      end();
      resolve(answer);
    };
    signal?.addEventListener('abort', onAbort, { once: true });

    let outgoingRequest: ReturnType<typeof request> | undefined;
    try {
      outgoingRequest = request(outgoing.url, {
        method: outgoing.method,
        headers: { ...outgoing.headers, ...lengthOf(outgoing.body) } as Record<string, string | string[]>,
        agent: outgoing.agent,
      });
    } catch (error) {
      fail(codeOf(error), messageOf(error));
      return;
    }
    outgoingRequest.on('socket', (socket: Socket & { readonly secureConnecting?: boolean }) => {
      if (!socket.connecting && socket.secureConnecting !== true) stage = 'answer';
      else if (!socket.connecting) stage = 'tls';
      socket.once('lookup', () => (stage = 'connection'));
      socket.once('connect', () => (stage = outgoing.url.protocol === 'https:' ? 'tls' : 'answer'));
      socket.once('secureConnect', () => (stage = 'answer'));
    });
    outgoingRequest.on('error', (error) => fail(codeOf(error), messageOf(error)));
    outgoingRequest.on('response', (incoming) => {
      stage = 'body';
      answerOf(incoming, outgoing).then(finish, (error: unknown) => fail(codeOf(error), messageOf(error)));
    });
    outgoingRequest.end(outgoing.body);
  });
}

function lengthOf(body: string | undefined): Record<string, string> {
  if (body === undefined) return {};
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
}

async function answerOf(incoming: IncomingMessage, outgoing: Outgoing): Promise<HttpAnswer> {
  const { statusCode = 0, headers } = incoming;
  return {
    status: statusCode,
    contentType: headers['content-type'] ?? '',
    retryAfter: headers['retry-after'],
    date: headers.date,
    location: headers.location,
    ...(await read(incoming, outgoing)),
  };
}

async function read(incoming: IncomingMessage, outgoing: Outgoing): Promise<{ body: Buffer; cut: boolean }> {
  let chunks: Buffer[] = [];
  let held = 0;
  let total = 0;
  let cut = false;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    total += chunk.length;
    held += chunk.length;
    if (total > outgoing.maxBytes)
      throw Object.assign(new Error('the answer is too large'), { code: 'too-large' });
    chunks.push(chunk);
    const { tailBytes } = outgoing;
    // Twice the size before cutting, so that a long log is not copied once per chunk.
    if (tailBytes !== undefined && held > 2 * tailBytes) {
      chunks = [Buffer.concat(chunks).subarray(-tailBytes)];
      held = tailBytes;
      cut = true;
    }
  }
  const body = Buffer.concat(chunks);
  if (outgoing.tailBytes === undefined || body.length <= outgoing.tailBytes) return { body, cut };
  return { body: body.subarray(body.length - outgoing.tailBytes), cut: true };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.message === 'aborted') return 'aborted';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : 'unknown';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown failure';
}
