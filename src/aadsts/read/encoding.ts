import { TextDecoder } from 'node:util';

/** How the bytes of a text are to be read; found from its beginning. */
type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Bytes looked at before the encoding is decided. */
const PROBE_BYTES = 512;

/** PowerShell and Notepad write UTF-16, with a mark or without; ASCII text then has a NUL in every other byte. */
function detect(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  let even = 0;
  let odd = 0;
  const pairs = head.length >> 1;
  for (let at = 0; at < pairs * 2; at += 2) {
    if (head[at] === 0) even++;
    if (head[at + 1] === 0) odd++;
  }
  if (pairs >= 4 && odd > pairs * 0.7 && even < pairs * 0.1) return 'utf-16le';
  if (pairs >= 4 && even > pairs * 0.7 && odd < pairs * 0.1) return 'utf-16be';
  return 'utf-8';
}

/** Turns a stream of bytes of unknown encoding into UTF-8 (or single-byte) bytes, chunk by chunk. */
export class Transcoder {
  #probe: Buffer = Buffer.alloc(0);
  #decided = false;
  #decoder: TextDecoder | undefined;

  push(chunk: Uint8Array): Buffer {
    if (this.#decided) return this.#convert(chunk);
    this.#probe = Buffer.concat([this.#probe, chunk]);
    return this.#probe.length < PROBE_BYTES ? Buffer.alloc(0) : this.#decide();
  }

  end(): Buffer {
    const rest = this.#decided ? Buffer.alloc(0) : this.#decide();
    return this.#decoder === undefined ? rest : Buffer.concat([rest, Buffer.from(this.#decoder.decode())]);
  }

  #decide(): Buffer {
    this.#decided = true;
    const encoding = detect(this.#probe);
    if (encoding !== 'utf-8') this.#decoder = new TextDecoder(encoding);
    return this.#convert(this.#probe);
  }

  #convert(chunk: Uint8Array): Buffer {
    if (this.#decoder === undefined) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    return Buffer.from(this.#decoder.decode(chunk, { stream: true }));
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
let windows1252: TextDecoder | undefined;

/**
 * Decodes a piece of a log.
 *
 * A piece with damage and not one whole UTF-8 sequence is Windows-1252; a single broken
 * byte among good ones stays a replacement character.
 */
export function decode(bytes: Uint8Array): string {
  const text = utf8.decode(bytes);
  if (!text.includes('\uFFFD')) return text;
  // eslint-disable-next-line no-control-regex
  if (/[^\x00-\x7F\uFFFD]/.test(text)) return text;
  windows1252 ??= new TextDecoder('windows-1252');
  return windows1252.decode(bytes);
}

/** Moves `at` back to where a UTF-8 sequence begins, so that a cut there damages no character. */
export function characterStart(bytes: Uint8Array, at: number): number {
  for (let back = 0; back < 4 && at - back > 0; back++) {
    const byte = bytes[at - back];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return at - back;
  }
  return at;
}
