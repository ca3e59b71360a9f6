import type { Reply } from '../faults.ts';
import { qualified } from './resources.ts';

interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  causes?: { reason: string; message: string; field: string }[];
  retryAfterSeconds?: number;
}

interface StatusOptions {
  code: number;
  reason?: string;
  message: string;
  details?: StatusDetails;
  /** The list may be taken up again here. */
  continue?: string;
}

/** An answer that is an object: compact JSON and a line feed, as Go's encoder writes it. */
export function json(status: number, body: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: `${JSON.stringify(body)}\n`,
  };
}

/** A refusal. Members stand in the order of the real server's struct. */
export function failure({ code, reason, message, details, continue: token }: StatusOptions): Reply {
  return json(code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: token === undefined ? {} : { continue: token },
    status: 'Failure',
    message,
    ...(reason !== undefined && { reason }),
    ...(details && { details }),
    code,
  });
}

const OBJECT_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf', '*/*'];

/** The media ranges of an Accept header, without their parameters. */
export function mediaRanges(accept: string | undefined): string[] {
  return (accept ?? '*/*').split(',').map((range) => (range.split(';')[0] ?? '').trim());
}

/** Whether who asks takes objects in any form that they are served in. */
export function takesObjects(accept: string | undefined): boolean {
  return mediaRanges(accept).some((range) => OBJECT_TYPES.includes(range) || range === 'application/*');
}

/** A type of content that is not served here; the fixed documents of the issuer have one each. */
export function notAcceptable(accept: string | undefined): Reply {
  const reply = failure({ code: 406, reason: 'NotAcceptable', message: '406: Not Acceptable', details: {} });
  // Who takes no object gets one all the same, laid out for a person to read.
  return takesObjects(accept)
    ? reply
    : { ...reply, body: JSON.stringify(JSON.parse(String(reply.body)), null, 2) };
}

export function unauthorized(): Reply {
  return failure({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
}

export function notFound(plural: string, group: string, name: string): Reply {
  return failure({
    code: 404,
    reason: 'NotFound',
    message: `${qualified(plural, group)} "${name}" not found`,
    details: { name, ...(group && { group }), kind: plural },
  });
}

/** A resource of a group that exists. Unknown groups get plain text instead. */
export function noSuchResource(): Reply {
  return failure({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  });
}

/** Anywhere but at the APIs there is a list of the paths that exist, of which tests need none. */
export function noSuchDocument(): Reply {
  return {
    status: 404,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paths: ['/apis', '/healthz', '/version'] }, null, 2),
  };
}

export function noSuchPath(): Reply {
  return {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: '404 page not found\n',
  };
}

export function methodNotAllowed(): Reply {
  return failure({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });
}

export function badRequest(message: string): Reply {
  return failure({ code: 400, reason: 'BadRequest', message });
}

/** What the server, or the gateway in front of it, says when it is overloaded or broken. */
export function serverTrouble(status: number, retryAfter?: number, message?: string): Reply {
  const [reason, text] = TROUBLE[status] ?? [undefined, `an error on the server ("unknown") has occurred`];
  return failure({
    code: status,
    ...(reason !== undefined && { reason }),
    message: message ?? text,
    ...(retryAfter !== undefined && { details: { retryAfterSeconds: retryAfter } }),
  });
}

const TROUBLE: Record<number, [string, string]> = {
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden'],
  404: ['NotFound', 'the server could not find the requested resource'],
  410: [
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
  ],
  429: ['TooManyRequests', 'too many requests, please try again later'],
  500: ['InternalError', 'Internal error occurred: etcdserver: request timed out'],
  503: ['ServiceUnavailable', 'apiserver is shutting down'],
  504: ['Timeout', 'Timeout: request did not complete within the allotted timeout'],
};
