import type { LookupAddress } from 'node:dns';
import type { Agent, IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { bareHost } from './public-host.ts';

/** Enough of an error page to recognise it. */
const ERROR_BODY_BYTES = 4096;

/** One answer. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly location: string | null;
  readonly date: string | null;
  readonly age: string | null;
  /** The body; of any status but 200 only the beginning. Null when it is larger than the limit. */
  readonly body: Buffer | null;
}

/**
 * Sends one GET over TLS to one of the given addresses and to no other, or through a proxy, which looks the name
 * up by itself.
 *
 * No agent is shared, no cookie, credential or client certificate is sent. The certificate is
 * always verified against Node's trust store, whatever NODE_TLS_REJECT_UNAUTHORIZED says.
 *
 * @throws The error of `node:https`, an `AbortError` when `signal` fires.
 */
export function get(
  url: URL,
  way: readonly LookupAddress[] | Agent,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Answer> {
  const host = bareHost(url.hostname);
  return new Promise((resolve, reject) => {
    let answered = false;
    const request = https.request(
      {
        method: 'GET',
        hostname: host,
        port: url.port === '' ? 443 : Number(url.port),
        path: url.pathname + url.search,
        headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'wi-doctor' },
        servername: isIP(host) === 0 ? host : '',
        ...('length' in way ? pinnedTo(way) : { agent: way }),
        rejectUnauthorized: true,
        insecureHTTPParser: false,
        signal,
      },
      (response) => {
        answered = true;
        readBody(response, maxBytes, (body, error) => {
          request.destroy();
          if (error !== undefined) reject(error);
          else resolve(answerOf(response, body));
        });
      },
    );
    // Once headers are here the body's own events tell the rest, and they spare the status of an error page.
    request.on('error', (error) => {
      if (!answered) reject(error);
    });
    request.end();
  });
}

/** A connection of its own, to nothing but these addresses. */
function pinnedTo(addresses: readonly LookupAddress[]): Pick<https.RequestOptions, 'agent' | 'lookup'> {
  return {
    agent: false,
    lookup: (_name, options, answer) => {
      if (options.all === true) return answer(null, [...addresses]);
      const [first] = addresses;
      answer(null, first?.address ?? '', first?.family);
    },
  };
}

function answerOf(response: IncomingMessage, body: Buffer | null): Answer {
  const { headers } = response;
  return {
    status: response.statusCode ?? 0,
    contentType: headers['content-type'] ?? null,
    contentEncoding: headers['content-encoding'] ?? null,
    location: headers.location ?? null,
    date: headers.date ?? null,
    age: headers.age ?? null,
    body,
  };
}

/**
 * Only a body of status 200 must arrive whole. For all others the status is the news, so a body that stalls,
 * breaks off or never ends costs nothing but its text.
 */
function readBody(
  response: IncomingMessage,
  maxBytes: number,
  done: (body: Buffer | null, error?: Error) => void,
): void {
  const whole = response.statusCode === 200;
  if (whole && Number(response.headers['content-length'] ?? 0) > maxBytes) {
    done(null);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  const settle = (error?: Error): void => done(Buffer.concat(chunks), whole ? error : undefined);
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (whole && size > maxBytes) done(null);
    else if (!whole && size >= ERROR_BODY_BYTES) settle();
  });
  response.on('end', () => settle());
  response.on('error', settle);
  response.on('close', () => settle(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
}
