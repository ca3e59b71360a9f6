/**
 * Finds any of many literals in bytes without looking at most of them.
 *
 * A 200 MB log with three error lines has to pass at reading speed, and an alternation of
 * some sixty literals as a regular expression is far from that. This is the shift table of
 * Wu and Manber (1994) over pairs of bytes: most positions are skipped.
 */
export class LiteralScanner {
  readonly #shift: Uint8Array = new Uint8Array(65536);
  readonly #byPair: Map<number, Literal[]> = new Map();
  readonly #window: number;

  /** @param literals ASCII in lower case, at least four bytes each; matched whatever the case of the text. */
  constructor(literals: readonly string[]) {
    const patterns = literals.map((text) => ({ text, bytes: Buffer.from(text, 'latin1') }));
    this.#window = Math.min(...patterns.map((pattern) => pattern.bytes.length));
    this.#shift.fill(this.#window - 1);
    for (const pattern of patterns) this.#add(pattern);
  }

  #add(literal: Literal): void {
    const pattern = literal.bytes;
    for (let at = 0; at + 1 < this.#window; at++) {
      const pair = ((pattern[at] ?? 0) << 8) | (pattern[at + 1] ?? 0);
      const shift = this.#window - 2 - at;
      if (shift < (this.#shift[pair] ?? 0)) this.#shift[pair] = shift;
      if (shift === 0) this.#byPair.set(pair, [...(this.#byPair.get(pair) ?? []), literal]);
    }
  }

  /**
   * Position of the first literal that begins at `from` or later and before `to`, or -1.
   *
   * @param to Exclusive; a literal may reach beyond it.
   */
  next(bytes: Uint8Array, from: number, to: number): number {
    return this.#walk(bytes, from, to, () => true);
  }

  /** Which of the literals the bytes hold. */
  present(bytes: Uint8Array): ReadonlySet<string> {
    const found = new Set<string>();
    this.#walk(bytes, 0, bytes.length, (literal) => {
      found.add(literal);
      return false;
    });
    return found;
  }

  /** Visits every literal found until the visitor has had enough; returns the place of the last one, or -1. */
  #walk(bytes: Uint8Array, from: number, to: number, isEnough: (literal: string) => boolean): number {
    const shifts = this.#shift;
    const lead = this.#window - 2;
    const end = Math.min(bytes.length - 1, to + lead);
    let at = from + lead;
    while (at < end) {
      const pair = (lower(bytes[at] as number) << 8) | lower(bytes[at + 1] as number);
      const shift = shifts[pair] as number;
      if (shift > 0) {
        at += shift;
        continue;
      }
      const start = at - lead;
      for (const literal of this.#byPair.get(pair) ?? []) {
        if (matches(bytes, start, literal.bytes) && isEnough(literal.text)) return start;
      }
      at++;
    }
    return -1;
  }
}

interface Literal {
  readonly text: string;
  readonly bytes: Uint8Array;
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

function matches(bytes: Uint8Array, start: number, pattern: Uint8Array): boolean {
  if (start + pattern.length > bytes.length) return false;
  for (let at = 0; at < pattern.length; at++)
    if (lower(bytes[start + at] as number) !== pattern[at]) return false;
  return true;
}
