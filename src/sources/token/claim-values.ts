import type { JsonObject, JsonValue } from '../issuer/types.ts';
import type { KubernetesClaims, TokenClaims, TokenReference } from './types.ts';

const LEGACY = 'kubernetes.io/serviceaccount/';

/** Members of one JSON object, read with the type they must have. */
class Members {
  readonly #object: JsonObject;
  readonly #prefix: string;
  readonly #malformed: string[];

  constructor(object: JsonObject, prefix: string, malformed: string[]) {
    this.#object = object;
    this.#prefix = prefix;
    this.#malformed = malformed;
  }

  text(name: string): string | null {
    return this.#read(name, isText);
  }

  /** Seconds since 1970, within what a date can hold. */
  time(name: string): number | null {
    return this.#read(name, isTime);
  }

  object(name: string): Members | null {
    const value = this.#read(name, isObject);
    return value === null ? null : new Members(value, `${this.#prefix}${name}/`, this.#malformed);
  }

  texts(name: string): readonly string[] {
    const value = this.#read(name, isTextOrTexts);
    return typeof value === 'string' ? [value] : (value ?? []);
  }

  #read<T extends JsonValue>(name: string, accepts: (value: JsonValue) => value is T): T | null {
    const value = Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
    if (value === undefined) return null;
    if (accepts(value)) return value;
    this.#malformed.push(this.#prefix + name);
    return null;
  }
}

function isText(value: JsonValue): value is string {
  return typeof value === 'string';
}

/** The bound is what a date can hold. */
function isTime(value: JsonValue): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e12;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextOrTexts(value: JsonValue): value is string | readonly string[] {
  return isText(value) || (Array.isArray(value) && value.every((one: JsonValue) => isText(one)));
}

/** Reads the known header members. */
/** Stands for the id of a token, which names the credential in audit logs and helps no reader. */
export const HIDDEN = '(not shown)';

export function readHeader(
  raw: JsonObject,
  malformed: string[],
): { alg: string | null; kid: string | null; typ: string | null } {
  const header = new Members(raw, 'header.', malformed);
  return { alg: header.text('alg'), kid: header.text('kid'), typ: header.text('typ') };
}

/** Reads the claims of a service account token, of a legacy secret token too. */
export function readClaims(raw: JsonObject, malformed: string[]): TokenClaims {
  const claims = new Members(raw, '', malformed);
  const jti = claims.text('jti');
  const kubernetes = readKubernetes(claims.object('kubernetes.io')) ?? readLegacy(claims);
  return {
    iss: claims.text('iss'),
    sub: claims.text('sub'),
    aud: claims.texts('aud'),
    iat: claims.time('iat'),
    nbf: claims.time('nbf'),
    exp: claims.time('exp'),
    ...(jti === null ? {} : { jti: HIDDEN }),
    ...(kubernetes === null ? {} : { kubernetes }),
  };
}

function readKubernetes(claim: Members | null): KubernetesClaims | null {
  if (claim === null) return null;
  const [pod, node, secret] = ['pod', 'node', 'secret'].map((name) => reference(claim.object(name)));
  const warnafter = claim.time('warnafter');
  return {
    namespace: claim.text('namespace'),
    serviceAccount: reference(claim.object('serviceaccount')),
    ...(pod ? { pod } : {}),
    ...(node ? { node } : {}),
    ...(secret ? { secret } : {}),
    ...(warnafter === null ? {} : { warnafter }),
  };
}

function readLegacy(claims: Members): KubernetesClaims | null {
  const namespace = claims.text(`${LEGACY}namespace`);
  const name = claims.text(`${LEGACY}service-account.name`);
  if (namespace === null && name === null) return null;
  const uid = claims.text(`${LEGACY}service-account.uid`);
  const secret = claims.text(`${LEGACY}secret.name`);
  return {
    namespace,
    serviceAccount: name === null ? null : { name, uid },
    ...(secret === null ? {} : { secret: { name: secret, uid: null } }),
  };
}

function reference(object: Members | null): TokenReference | null {
  const name = object?.text('name') ?? null;
  return object === null || name === null ? null : { name, uid: object.text('uid') };
}
