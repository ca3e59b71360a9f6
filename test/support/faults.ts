import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** An answer before it goes out: every server here computes one, and a fault may spoil it. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** What goes wrong on the way; what the server would have said is `reply`. */
export type Fault =
  /** A complete other answer. A body that is no string is sent as JSON. */
  | { kind: 'reply'; status: number; headers?: Record<string, string>; body?: unknown }
  /** The service's own error document for that status, with Retry-After (seconds) when given. */
  | { kind: 'error'; status: number; retryAfter?: number; code?: string; message?: string }
  /** A page of something that stands in between. */
  | { kind: 'html'; status?: number; body?: string }
  | { kind: 'redirect'; location: string; status?: number }
  /** The right answer, late. */
  | { kind: 'slow'; ms: number }
  /** The right answer, a byte at a time. */
  | { kind: 'drip'; ms?: number }
  /** The right headers, part of the body, then nothing more: the connection is gone. */
  | { kind: 'cut'; bytes?: number }
  /** The connection is closed before any answer. */
  | { kind: 'reset' }
  /** No answer, ever. */
  | { kind: 'hang' }
  /** The right answer with so many blanks in front of it. */
  | { kind: 'padded'; bytes: number }
  /** Not the service's JSON, though it says so. */
  | { kind: 'broken-json' };

export interface FaultRule {
  match: {
    method?: string;
    path: RegExp;
    /** How many requests it spoils; unlimited when left out. */ times?: number;
  };
  fault: Fault;
}

const PROXY_PAGE =
  '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1>' +
  '<p>The proxy server received an invalid response from an upstream server.</p></body></html>\n';

/** Rules as they stand, with what is left of each one's `times`. */
export class Faults {
  readonly #rules: { rule: FaultRule; left: number }[] = [];

  constructor(rules: FaultRule[] = []) {
    this.add(...rules);
  }

  add(...rules: FaultRule[]): void {
    for (const rule of rules) this.#rules.push({ rule, left: rule.match.times ?? Infinity });
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The fault for this request (`target` is path and query), counted as used. */
  take(method: string, target: string): Fault | undefined {
    const found = this.#rules.find(
      ({ rule: { match }, left }) =>
        left > 0 && (match.method === undefined || match.method === method) && match.path.test(target),
    );
    if (found) found.left -= 1;
    return found?.rule.fault;
  }
}

/** Sends `reply`, or what `fault` makes of it. `describe` writes the service's own error document. */
export async function send(
  response: ServerResponse,
  reply: Reply,
  fault: Fault | undefined,
  describe: (status: number, fault: Extract<Fault, { kind: 'error' }>) => Reply,
): Promise<void> {
  switch (fault?.kind) {
    case undefined:
      return write(response, reply);
    case 'reply':
      return write(response, {
        status: fault.status,
        headers: { 'content-type': 'application/json', ...fault.headers },
        body: typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {}),
      });
    case 'error': {
      const described = describe(fault.status, fault);
      const retry = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      return write(response, { ...described, headers: { ...described.headers, ...retry } });
    }
    case 'html':
      return write(response, {
        status: fault.status ?? 502,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: fault.body ?? PROXY_PAGE,
      });
    case 'redirect':
      return write(response, { status: fault.status ?? 302, headers: { location: fault.location } });
    case 'slow':
      await sleep(fault.ms, undefined, { ref: false });
      return write(response, reply);
    case 'drip':
      return drip(response, reply, fault.ms ?? 1000);
    case 'cut':
      return cut(response, reply, fault.bytes);
    case 'reset':
      response.socket?.destroy();
      return;
    case 'hang':
      return;
    case 'padded':
      return write(response, { ...reply, body: ' '.repeat(fault.bytes) + String(reply.body ?? '') });
    case 'broken-json':
      return write(response, { ...reply, body: '{"issuer": "https://' });
  }
}

function bytesOf(reply: Reply): Buffer {
  return Buffer.isBuffer(reply.body) ? reply.body : Buffer.from(reply.body ?? '');
}

function write(response: ServerResponse, reply: Reply): void {
  const body = bytesOf(reply);
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length });
  response.end(body);
}

async function drip(response: ServerResponse, reply: Reply, ms: number): Promise<void> {
  const body = bytesOf(reply);
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length });
  for (const byte of body) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await sleep(ms, undefined, { ref: false });
  }
  response.end();
}

function cut(response: ServerResponse, reply: Reply, bytes: number | undefined): void {
  const body = bytesOf(reply);
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length });
  response.write(body.subarray(0, bytes ?? Math.floor(body.length / 2)), () => response.socket?.destroy());
}
