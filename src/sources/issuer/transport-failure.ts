import { isProxyFailure } from '../proxy-failure.ts';
import type { TlsObservation, Unreachable } from './types.ts';

/** Codes of certificate verification that carry no common prefix (`tls.TLSSocket#authorizationError`). */
const CERTIFICATE =
  /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_(CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_MISMATCH|ERROR_IN_)/;
const HANDSHAKE = /^(ERR_TLS_|ERR_SSL_|EPROTO$)/;

const CAUSES: Readonly<Record<string, readonly [Unreachable['cause'], string]>> = {
  ECONNREFUSED: ['refused', 'refused the connection from here'],
  ECONNRESET: ['reset', 'closed the connection from here before it had answered'],
  EPIPE: ['reset', 'closed the connection from here before it had answered'],
  ETIMEDOUT: ['timeout', 'did not answer the connection from here'],
  EHOSTUNREACH: ['network', 'cannot be reached from here'],
  ENETUNREACH: ['network', 'cannot be reached from here'],
  ENETDOWN: ['network', 'cannot be reached from here'],
  EADDRNOTAVAIL: ['network', 'cannot be reached from here'],
  EACCES: ['network', 'may not be connected to from here'],
  EPERM: ['network', 'may not be connected to from here'],
};

/**
 * Sorts an error of `node:https` into what it says about the issuer: a TLS failure is an observation, because
 * Entra would meet the same certificate; everything below TLS may be the fault of the network here.
 */
export function transportFailure(url: URL, error: unknown): TlsObservation | Unreachable {
  const { code, message } = flatten(error);
  if (isProxyFailure({ code }))
    return { kind: 'unreachable', url: url.href, cause: 'proxy', reason: message };
  if (CERTIFICATE.test(code) || HANDSHAKE.test(code)) {
    return { kind: 'tls', url: url.href, code, error: oneLine(message, 300) };
  }
  if (code.startsWith('HPE_')) {
    const reason = `${url.host} answered the connection from here with something else than HTTP (${code})`;
    return { kind: 'unreachable', url: url.href, cause: 'protocol', reason };
  }
  const [cause, words] = CAUSES[code] ?? ['network', 'cannot be reached from here'];
  return { kind: 'unreachable', url: url.href, cause, reason: `${url.host} ${words} (${code})` };
}

/** When several addresses were tried, Node gives an `AggregateError`; the first failure stands for all. */
function flatten(error: unknown): { code: string; message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return flatten(error.errors[0]);
  const { code, message } = error as NodeJS.ErrnoException;
  return { code: typeof code === 'string' ? code : 'unknown error', message };
}

/** Foreign text made fit for one line: controls, bidi marks and white space become single spaces. */
export function oneLine(text: string, maxLength: number): string {
  return text
    .slice(0, maxLength * 4)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, maxLength);
}
