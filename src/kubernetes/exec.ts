import type { Agent } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { ExchangeFailure, type HttpAnswer } from './exchange.ts';

/** One command in a container, as it goes onto the wire. */
export interface ExecCall {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly agent: Agent;
  /** Milliseconds for everything. */
  readonly timeoutMs: number;
  /** More output than this fails as `too-large`. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** What became of a command. */
export interface ExecOutput {
  readonly stdout: Buffer;
  readonly stderr: string;
  /** Null when the runtime could not start it. */
  readonly exitCode: number | null;
  /** What the API server says about a failure; empty when there was none. */
  readonly message: string;
}

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const CHANNELS = { stdout: 1, stderr: 2, status: 3 } as const;
const MAX_REFUSAL_BYTES = 64 * 1024;

interface ExecStatus {
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** The last message of a session: how the command ended. */
function outcomeOf(text: string): Pick<ExecOutput, 'exitCode' | 'message'> | null {
  let status: ExecStatus;
  try {
    status = JSON.parse(text) as ExecStatus;
  } catch {
    return null;
  }
  if (status.status === 'Success') return { exitCode: 0, message: '' };
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  const exitCode = cause?.message === undefined ? null : Number(cause.message);
  return { exitCode, message: status.message ?? status.reason ?? 'it failed' };
}

async function refusalOf(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_REFUSAL_BYTES) break;
  }
  const { statusCode = 0, headers } = response;
  return {
    status: statusCode,
    contentType: headers['content-type'] ?? '',
    retryAfter: headers['retry-after'],
    date: headers.date,
    location: headers.location,
    body: Buffer.concat(chunks),
    cut: false,
  };
}

function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : 'unknown';
}

/**
 * Runs one command without standard input, over the channel protocol of a WebSocket.
 *
 * @returns The HTTP answer where the API server does not open the session.
 * @throws ExchangeFailure when the session brought no end; the signal's reason when it was aborted.
 */
export async function exec(call: ExecCall): Promise<ExecOutput | HttpAnswer> {
  const { WebSocket } = await import('ws');
  const { signal } = call;
  signal?.throwIfAborted();
  const url = new URL(call.url);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  return new Promise((resolve, reject) => {
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let size = 0;
    const socket = new WebSocket(url, PROTOCOLS, {
      agent: call.agent,
      headers: { ...call.headers } as Record<string, string>,
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: call.maxBytes,
    });
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      // Before the session is open this is an error event of its own, which nobody waits for any more.
      socket.on('error', () => undefined);
      socket.terminate();
    };
    const fail = (code: string, detail: string): void => {
      end();
      reject(new ExchangeFailure(code, 'body', detail));
    };
    const refused = (answer: HttpAnswer): void => {
      end();
      resolve(answer);
    };
    const onAbort = (): void => {
      end();
      reject(signal?.reason);
    };
    const timer = setTimeout(() => fail('timeout', 'the command did not end'), call.timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.on('unexpected-response', (_request, response) => {
      refusalOf(response).then(refused, (error: unknown) => fail(codeOf(error), 'no whole answer'));
    });
    socket.on('error', (error) => fail(codeOf(error), 'the session failed'));
    socket.on('close', () => fail('ECONNRESET', 'the session broke off'));
    socket.on('message', (data: Buffer) => {
      const channel = data[0];
      const payload = data.subarray(1);
      size += payload.length;
      if (size > call.maxBytes) fail('too-large', 'the output is too large');
      else if (channel === CHANNELS.stdout) output.stdout.push(payload);
      else if (channel === CHANNELS.stderr) output.stderr.push(payload);
      else if (channel === CHANNELS.status) {
        const outcome = outcomeOf(payload.toString('utf8'));
        if (outcome === null) return;
        end();
        const stderr = Buffer.concat(output.stderr).toString('utf8');
        resolve({ stdout: Buffer.concat(output.stdout), stderr, ...outcome });
      }
    });
  });
}
