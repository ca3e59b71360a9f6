import type { NotAToken, TokenNote } from './types.ts';

/** A service account token has about 1 kB; Entra refuses long ones well below this. */
const MAX_TOKEN_BYTES = 16 * 1024;

/** A token's text, on its way to the decoder or the verifier. Never to be stored, printed or put in an error. */
export interface ExtractedToken {
  readonly raw: string;
  readonly notes: readonly TokenNote[];
}

const NOTES: Readonly<Record<TokenNote['kind'], string>> = {
  newline: 'A line break at the end was ignored.',
  whitespace: 'White space around the token was ignored.',
  wrapped:
    'The token was broken over several lines, as when copied from a terminal; it was put together again.',
  quotes: 'Quotation marks around the token were ignored; a program that reads this file would send them.',
  bom: 'A byte order mark before the token was ignored; a program that reads this file would send it.',
  bearer: 'The word Bearer before the token was ignored.',
  TokenRequest: 'The token was taken out of a TokenRequest.',
  ExecCredential: 'The token was taken out of an ExecCredential.',
  Secret: 'The token was taken out of a Secret.',
};

/**
 * Finds the one signed JSON Web Token in what a user pasted or saved.
 *
 * Looks past line breaks, quotation marks, `Bearer`, a byte order mark and the Kubernetes object around it, and
 * says so. `reason` of a refusal never repeats the text.
 */
export function extractToken(text: string): ExtractedToken | NotAToken {
  const size = Buffer.byteLength(text);
  if (size > MAX_TOKEN_BYTES) {
    return refuse(`It is ${Math.ceil(size / 1024)} KiB long; a service account token has about one.`);
  }
  if (text.includes('\0')) {
    return refuse('It contains zero bytes: a binary file, or text saved as UTF-16.');
  }
  const notes: TokenNote[] = [];
  const note = (kind: TokenNote['kind']): void => void notes.push({ kind, words: NOTES[kind] });

  let rest = text;
  if (rest.startsWith('\ufeff')) {
    note('bom');
    rest = rest.slice(1);
  }
  const trimmed = rest.trim();
  if (trimmed === '') return refuse('It is empty.');
  if (/^(\r?\n)+$/.test(rest.slice(trimmed.length))) note('newline');
  else if (trimmed !== rest) note('whitespace');
  rest = trimmed;

  const wrapper = fromObject(rest);
  if (wrapper !== null) {
    if ('reason' in wrapper) return wrapper;
    note(wrapper.kind);
    rest = wrapper.token.trim();
  }
  const quoted = /^(["'`])(.*)\1$/s.exec(rest)?.[2];
  if (quoted !== undefined) {
    note('quotes');
    rest = quoted.trim();
  }
  const bearer = /^(?:authorization:\s*)?bearer\s+(.*)$/is.exec(rest)?.[1];
  if (bearer !== undefined) {
    note('bearer');
    rest = bearer;
  }
  if (/\s/.test(rest)) {
    const pieces = rest.split(/\s+/);
    if (pieces.every((piece) => piece.split('.').length === 3)) {
      return refuse(`It holds ${pieces.length} tokens; give one.`);
    }
    if (!rest.startsWith('eyJ') || !/^[\w.=\s-]+$/.test(rest)) return refuse(strangeText(rest));
    note('wrapped');
    rest = pieces.join('');
  }
  const reason = misshapen(rest);
  return reason === null ? { raw: rest, notes } : refuse(reason);
}

type Wrapped = { readonly kind: 'TokenRequest' | 'ExecCredential' | 'Secret'; readonly token: string };

/** The token inside a Kubernetes object; null when the text is no document at all. */
function fromObject(text: string): Wrapped | NotAToken | null {
  if (text.startsWith('{') || text.startsWith('[')) return fromJson(text);
  if (!/^(apiVersion|kind|status|data): ?/m.test(text)) return null;
  const kind = /^kind: *["']?(TokenRequest|ExecCredential|Secret)["']?\s*$/m.exec(text)?.[1];
  const tokens = [...text.matchAll(/^ +token: *["']?([\w.=+/-]+)["']?\s*$/gm)];
  const [token] = tokens;
  if (kind === undefined || token?.[1] === undefined || tokens.length !== 1) {
    return refuse('It is a YAML document that is no TokenRequest, ExecCredential or Secret with one token.');
  }
  return { kind: kind as Wrapped['kind'], token: kind === 'Secret' ? fromBase64(token[1]) : token[1] };
}

function fromJson(text: string): Wrapped | NotAToken {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('It begins like a JSON document, but is none.');
  }
  const { kind, status, data, accessToken, access_token } = Object(value) as Record<string, unknown>;
  if (typeof accessToken === 'string' || typeof access_token === 'string') {
    return refuse('It is an answer with an access token of Entra, not a Kubernetes service account token.');
  }
  const of = kind === 'Secret' ? data : status;
  const { token } = Object(of) as Record<string, unknown>;
  const known = kind === 'TokenRequest' || kind === 'ExecCredential' || kind === 'Secret';
  if (!known || typeof token !== 'string') {
    return refuse('It is a JSON document that is no TokenRequest, ExecCredential or Secret with a token.');
  }
  return { kind, token: kind === 'Secret' ? fromBase64(token) : token };
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

/** Why a text without white space is no signed JWT; null if it has the outer form of one. */
function misshapen(text: string): string | null {
  const parts = text.split('.');
  const [header, payload] = parts;
  const begins = text.startsWith('eyJ');
  if (!begins) {
    const strange = strangeText(text);
    if (!/^[\w.=+~-]*$/.test(text)) return strange;
  }
  if (parts.length === 5)
    return 'It is an encrypted token (JWE, five parts); a service account token is signed, not encrypted.';
  if (parts.length !== 3) {
    if (begins)
      return `It has ${parts.length} of the three parts of a JWT: it was cut off or mixed with something else.`;
    return parts.length === 1
      ? 'It is an opaque token or password, not a JWT.'
      : `It is not a JWT: it has ${parts.length} parts instead of three.`;
  }
  if (header === '' || payload === '') return 'It is not a JWT: one of its first two parts is empty.';
  if (parts.some((part) => /[+/=]/.test(part))) return 'It is in base64, not in base64url as a JWT must be.';
  if (!parts.every((part) => /^[\w-]*$/.test(part))) return 'It contains characters that no JWT has.';
  if (parts.some((part) => part.length % 4 === 1))
    return 'One of its parts is cut off in the middle of a character.';
  return null;
}

function strangeText(text: string): string {
  if (text.startsWith('-----BEGIN ')) return 'It is a certificate or key (PEM), not a token.';
  if (/^<(!doctype|html|\?xml)/i.test(text)) return 'It is an HTML or XML page, not a token.';
  if (/^(\.{0,2}|~)\/|^[A-Za-z]:\\/.test(text)) return 'It is a path, not a token.';
  if (/^https?:\/\//i.test(text)) return 'It is a URL, not a token.';
  return 'It is not a token: it contains characters that no token has.';
}

function refuse(reason: string): NotAToken {
  return { kind: 'not-a-token', reason };
}
