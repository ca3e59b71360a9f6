import type { FieldName, Fields, FieldValue } from '../explanation.ts';
import { decoded } from './canonical.ts';

/** Several values of one field are kept up to this number; of more, the first ones and the latest. */
const MOST_VALUES = 8;

/** A word that stands for a value somebody took out. */
const WORD_MASK =
  /redact|mask(?:ed)?\b|anonymi[sz]ed|IDHERE|\bhidden\b|\bremoved\b|\bomitted\b|placeholder|your[-_ ]/i;
/** Nothing but signs, or one placeholder in brackets. */
const SIGN_MASK = /^(?:[*•●█.…_#?\-\s]+|<[^<>]*>|\{+[^{}]*\}+|\[[^[\]]*\]|\$\{?\w+\}?|\$\(\w+\)|%\w+%)$/;
/** Crosses in place of a value: whole, or as groups of a GUID. */
const CROSS_MASK = /^[xX]+$|[xX]{4}/;

/** Shapes no field may ever hold: tokens, secrets, keys in query strings. */
const SECRET =
  /eyJ[\w-]{8,}\.|(?:client_secret|password|passwd|AccountKey|SharedAccessKey|sig|client_assertion|access_token|refresh_token)\s*[=:]|^[\w~.-]{3}8Q~[\w~.-]{20,}$|-----BEGIN/i;

// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\uFFFD\u2028\u2029]/;

/** True for a value that was taken out of the text before it came to us. */
function isMasked(value: string): boolean {
  return value === '' || SIGN_MASK.test(value) || WORD_MASK.test(value);
}

/**
 * True for a value with crosses (`xxxx`) in it.
 *
 * Inside Entra's own sentence such a value is passed on as it stands, since its shape still says
 * what stood there; nothing is ever concluded from it.
 */
export function isCrossedOut(value: string): boolean {
  return CROSS_MASK.test(value) || /\.\.\.|\*\*\*|<[^>]+>|\{[^}]+\}/.test(value);
}

/** True if the value may stand in a field: printable and no secret. */
function isShowable(value: string): boolean {
  return value.length <= 1000 && !UNPRINTABLE.test(value) && !SECRET.test(value);
}

/** How far before the expected place a value is looked for first; canonical and raw text run nearly in step. */
const DRIFT = 8000;

/** A piece of text as it came, and without its escapes once somebody asks for that. */
export class RawText {
  readonly raw: string;
  #decoded: string | undefined;

  constructor(raw: string) {
    this.raw = raw;
  }

  /** True if the value stands in the text, as it is or behind the escapes of JSON, HTML or an address. */
  holds(value: string, near: number): boolean {
    if (this.raw.indexOf(value, near) >= 0 || (near > 0 && this.raw.includes(value))) return true;
    this.#decoded ??= decoded(this.raw);
    return this.#decoded !== this.raw && this.#decoded.includes(value);
  }
}

/** Fields while they are being gathered: every value once, in the order of the text. */
export class FieldCollector {
  readonly #values: Map<FieldName, string[]> = new Map();
  readonly #raw: RawText;
  readonly #near: number;

  /**
   * @param raw The text as it came; a value that is not in it is refused.
   * @param near Where in it the values are expected, which only saves time.
   */
  constructor(raw: RawText, near: number = 0) {
    this.#raw = raw;
    this.#near = Math.max(0, near - DRIFT);
  }

  has(name: FieldName): boolean {
    return this.#values.has(name);
  }

  /** Adds a value unless it is masked, secret, or not literally in the text. `sent` keeps placeholders in brackets, for values that were really sent. */
  add(name: FieldName, value: string | undefined, options: { sent?: boolean } = {}): void {
    if (value === undefined || value === '') return;
    if (isMasked(value) && !(options.sent === true && /^[<{$]/.test(value))) return;
    if (!isShowable(value) || !this.#raw.holds(value, this.#near)) return;
    const known = this.#values.get(name);
    if (known === undefined) this.#values.set(name, [value]);
    else if (!known.includes(value)) known.push(value);
  }

  result(): Fields {
    const fields: Partial<Record<FieldName, FieldValue>> = {};
    for (const [name, values] of this.#values) fields[name] = single(values);
    return fields;
  }
}

function single(values: readonly string[]): FieldValue {
  return values.length === 1 ? (values[0] ?? '') : values;
}

/** All values of one field, in the order of the text. */
export function valuesOf(field: FieldValue | undefined): readonly string[] {
  if (field === undefined) return [];
  return typeof field === 'string' ? [field] : field;
}

/** Both fields as one, bounded: of many values the first ones and the latest stay. */
export function mergeValues(first: FieldValue | undefined, second: FieldValue | undefined): FieldValue {
  const all = [...valuesOf(first)];
  for (const value of valuesOf(second)) {
    if (all.includes(value)) continue;
    if (all.length >= MOST_VALUES) all.pop();
    all.push(value);
  }
  return single(all);
}
