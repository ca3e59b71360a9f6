import { mayBeAllowed, whyHostNotPublic } from './public-host.ts';
import type { BadUrlObservation, NotHttpsObservation, NotPublicObservation } from './types.ts';

/** Longer than any URL a token issuer has: Entra itself takes 600 characters. */
const MAX_LENGTH = 2048;

/** A URL that must not be fetched, and what that says. */
export type Refusal = BadUrlObservation | NotHttpsObservation | NotPublicObservation;

/**
 * Decides whether a URL from outside may be fetched, before anything is resolved or sent.
 *
 * Characters that the URL parser would silently repair (white space, controls, backslashes) are refused
 * instead: the value is compared byte for byte elsewhere, and must not mean something else here.
 *
 * A public host may serve on any port: the API server itself is a common issuer, on 6443.
 *
 * @param allowPrivate Private, loopback and cluster-internal hosts are fine.
 */
export function judgeUrl(text: string, allowPrivate: boolean): URL | Refusal {
  if (text === '') return bad('the URL is empty');
  if (text.length > MAX_LENGTH) return bad(`the URL is longer than ${MAX_LENGTH} characters`);
  if (/[\s\p{Cc}\p{Cf}]/u.test(text)) return bad('the URL contains white space or control characters');
  if (text.includes('\\')) return bad('the URL contains a backslash');
  if (!URL.canParse(text)) return bad('it is not a URL');
  const url = new URL(text);
  // Before the scheme, because that answer repeats the URL and a password must not travel on.
  if (url.username !== '' || url.password !== '') return bad('the URL contains a user name or password');
  if (url.protocol !== 'https:') return { kind: 'not-https', url: text };
  if (!/^https:\/\/[^/]/i.test(text)) return bad('the URL does not begin with https:// and a host');
  const why = whyHostNotPublic(url.hostname);
  if (why !== null && !(allowPrivate && mayBeAllowed(why))) {
    return { kind: 'not-public', url: text, host: url.hostname, why };
  }
  return url;
}

function bad(reason: string): BadUrlObservation {
  return { kind: 'bad-url', reason };
}
