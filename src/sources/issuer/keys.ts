import type { JsonObject, JsonValue, KeySet, KeySetEntry, KeySetProblem, PublicJwk } from './types.ts';

/** Private members of RSA, EC and OKP keys, and the value of a symmetric one (RFC 7518 section 6, RFC 8037). */
const SECRET_MEMBERS: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const SECRET = '(secret, not kept)';

/**
 * Copies a key set with the values of secret members replaced. Their presence stays visible, because a
 * published secret is a finding; anything that is no key set is returned as it is.
 */
export function withoutSecretMembers(json: JsonValue): JsonValue {
  if (!isObject(json) || !Array.isArray(json['keys'])) return json;
  const keys = (json['keys'] as readonly JsonValue[]).map((key) => {
    if (!isObject(key)) return key;
    const kept = Object.entries(key).map(([member, value]) => [
      member,
      SECRET_MEMBERS.includes(member) ? SECRET : value,
    ]);
    return Object.fromEntries(kept) as JsonObject;
  });
  return { ...json, keys };
}

/**
 * Normalises a JSON Web Key Set and says what is wrong with it, judged as Entra uses it: RS256, key found by
 * `kid`. Never throws; a document that is no key set gives no keys and the problem `not-a-key-set`.
 *
 * @param json A parsed document: of `jwks_uri`, or of the API server's `/openid/v1/jwks`.
 */
export function readKeySet(json: unknown): KeySet {
  if (!isObject(json) || !Array.isArray(json['keys'])) {
    const words = 'The document is no key set: it has no list named "keys".';
    return { keys: [], problems: [{ kind: 'not-a-key-set', index: null, kid: null, words }] };
  }
  const members: readonly unknown[] = json['keys'];
  if (members.length === 0) {
    return {
      keys: [],
      problems: [{ kind: 'empty', index: null, kid: null, words: 'The key set is empty.' }],
    };
  }
  const keys = members.map(toEntry);
  const problems = members.flatMap((member, index) => problemsOf(member, keys[index] as KeySetEntry, index));
  return { keys, problems: [...problems, ...duplicates(keys)] };
}

function toEntry(member: unknown): KeySetEntry {
  if (!isObject(member)) return { kid: null, kty: '', alg: null, use: null, jwk: null };
  const kty = text(member, 'kty') ?? '';
  const bits = kty === 'RSA' ? significantBits(text(member, 'n')) : null;
  const entry = { kid: text(member, 'kid'), kty, alg: text(member, 'alg'), use: text(member, 'use') };
  const jwk = publicJwk(member, kty, bits);
  return bits === null ? { ...entry, jwk } : { ...entry, bits, jwk };
}

function publicJwk(member: JsonObject, kty: string, bits: number | null): PublicJwk | null {
  if (kty === '' || kty === 'oct') return null;
  if (kty === 'RSA' && (bits === null || significantBits(text(member, 'e')) === null)) return null;
  const jwk: Record<string, string> = { kty };
  for (const name of ['kid', 'alg', 'use', 'n', 'e', 'crv', 'x', 'y']) {
    const value = text(member, name);
    if (value !== null) jwk[name] = value;
  }
  return jwk as unknown as PublicJwk;
}

function problemsOf(member: unknown, entry: KeySetEntry, index: number): KeySetProblem[] {
  const name = entry.kid === null ? `Key ${index + 1}` : `The key ${JSON.stringify(entry.kid)}`;
  const problems: KeySetProblem[] = [];
  const add = (kind: KeySetProblem['kind'], words: string): void => {
    problems.push({ kind, index, kid: entry.kid, words: `${name} ${words}.` });
  };
  if (!isObject(member)) add('malformed', 'is not a JSON object');
  else if (entry.kty === 'oct') add('symmetric', 'is a symmetric secret, which must never be published');
  else {
    if (entry.kty === '') add('malformed', 'has no key type (kty)');
    else if (entry.kty !== 'RSA') add('not-rsa', `is of type ${JSON.stringify(entry.kty)}, not RSA`);
    else if (entry.jwk === null) add('malformed', 'has no usable modulus and exponent (n, e)');
    else if ((entry.bits ?? 0) < 2048) add('short-rsa', `has ${entry.bits} bits, fewer than 2048`);
    if (SECRET_MEMBERS.some((secret) => Object.hasOwn(member, secret))) {
      add('private', 'is published together with its private half');
    }
    if (entry.use !== null && entry.use !== 'sig') add('not-for-rs256', 'is not meant for signatures (use)');
    else if (entry.kty === 'RSA' && entry.alg !== null && entry.alg !== 'RS256') {
      add('not-for-rs256', `is meant for ${JSON.stringify(entry.alg)}, not RS256`);
    }
  }
  if (isObject(member) && entry.kid === null) add('no-kid', 'has no key id (kid), so no token can name it');
  return problems;
}

function duplicates(keys: readonly KeySetEntry[]): KeySetProblem[] {
  const seen = new Set<string>();
  return keys.flatMap(({ kid }, index): KeySetProblem[] => {
    if (kid === null || !seen.has(kid)) {
      if (kid !== null) seen.add(kid);
      return [];
    }
    const words = `The key id ${JSON.stringify(kid)} occurs more than once.`;
    return [{ kind: 'duplicate-kid', index, kid, words }];
  });
}

function significantBits(n: string | null): number | null {
  const bytes = base64url(n);
  const first = bytes?.findIndex((byte) => byte !== 0) ?? -1;
  if (bytes === null || first === -1) return null;
  return (bytes.length - first - 1) * 8 + (32 - Math.clz32(bytes[first] as number));
}

function base64url(value: string | null): Buffer | null {
  return value !== null && /^[A-Za-z0-9_-]+$/.test(value) ? Buffer.from(value, 'base64url') : null;
}

function text(object: JsonObject, name: string): string | null {
  const value = Object.hasOwn(object, name) ? object[name] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
