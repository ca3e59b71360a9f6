import { SYMPTOMS } from '../symptoms/index.ts';
import { characterStart, decode, Transcoder } from './encoding.ts';
import { LiteralScanner } from './literal-scanner.ts';

/** A piece of the text: errors that begin in `core` are read, with what stands around as their context. */
export interface TextWindow {
  readonly before: string;
  readonly core: string;
  readonly after: string;
}

/** Bytes judged at once, and the context kept on both sides of them. */
const BLOCK_BYTES = 256 * 1024;
const CONTEXT_BYTES = 24 * 1024;
/** How far around a literal its error may begin. */
const SLACK_BYTES = 4 * 1024;

let scanner: LiteralScanner | undefined;

function literals(): LiteralScanner {
  scanner ??= new LiteralScanner([
    ...new Set(['aadsts', 'error_codes', ...SYMPTOMS.flatMap((symptom) => symptom.triggers)]),
  ]);
  return scanner;
}

/**
 * Cuts a stream of bytes into the few pieces worth reading, in constant memory.
 *
 * A text of up to a quarter of a megabyte is one piece; of a longer one only the
 * neighbourhood of known words is decoded at all.
 */
export class Windows {
  readonly #transcoder: Transcoder = new Transcoder();
  readonly #read: (window: TextWindow) => void;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #held: Buffer = Buffer.alloc(0);
  /** Everything in `#held` before this place has been judged. */
  #judged = 0;
  #blocks = 0;

  /** @param read Called with each piece as soon as its context is complete. */
  constructor(read: (window: TextWindow) => void) {
    this.#read = read;
  }

  push(chunk: Uint8Array): void {
    this.#take(this.#transcoder.push(chunk));
    while (this.#available() >= BLOCK_BYTES + CONTEXT_BYTES) this.#judge(BLOCK_BYTES);
  }

  end(): void {
    this.#take(this.#transcoder.end());
    if (this.#available() > 0) this.#judge(this.#available());
  }

  #take(bytes: Buffer): void {
    if (bytes.length === 0) return;
    // The caller may use its buffer again, so what is kept is a copy.
    this.#waiting.push(Buffer.from(bytes));
    this.#waitingBytes += bytes.length;
  }

  #available(): number {
    return this.#held.length - this.#judged + this.#waitingBytes;
  }

  #judge(size: number): void {
    const kept = Math.max(0, this.#judged - CONTEXT_BYTES);
    this.#held = Buffer.concat([this.#held.subarray(kept), ...this.#waiting]);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#judged -= kept;
    const held = this.#held;
    const end = lineStart(held, Math.min(held.length, this.#judged + size), this.#judged);
    const whole = this.#blocks++ === 0 && end === held.length;
    const cores = whole ? [[0, end] as const] : this.#cores(held, this.#judged, end);
    for (const [from, to] of cores) this.#emit(held, from, to);
    this.#judged = end;
  }

  /** The parts of a block that lie around known literals. */
  #cores(held: Buffer, from: number, to: number): (readonly [number, number])[] {
    const cores: [number, number][] = [];
    const find = literals();
    let at = find.next(held, Math.max(0, from - SLACK_BYTES), to + SLACK_BYTES);
    while (at >= 0) {
      const start = Math.max(from, at - SLACK_BYTES);
      const stop = Math.min(to, at + SLACK_BYTES);
      const last = cores.at(-1);
      if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], stop);
      else if (start < stop) cores.push([start, stop]);
      // Hits within the slack only lengthen the core, so half of it may be skipped.
      at = find.next(held, at + SLACK_BYTES / 2, to + SLACK_BYTES);
    }
    return cores;
  }

  #emit(held: Buffer, from: number, to: number): void {
    const start = characterStart(held, from);
    const stop = to >= held.length ? held.length : characterStart(held, to);
    const first = characterStart(held, Math.max(0, start - CONTEXT_BYTES));
    const last = Math.min(held.length, stop + CONTEXT_BYTES);
    this.#read({
      before: decode(held.subarray(first, start)),
      core: decode(held.subarray(start, stop)),
      after: decode(held.subarray(stop, last < held.length ? characterStart(held, last) : last)),
    });
  }
}

/** The last line beginning before `at`, so that a cut tears no line apart; `at` itself if lines are endless. */
function lineStart(bytes: Buffer, at: number, notBefore: number): number {
  if (at >= bytes.length) return bytes.length;
  const end = bytes.lastIndexOf(10, at - 1);
  return end > notBefore + BLOCK_BYTES / 2 ? end + 1 : at;
}
