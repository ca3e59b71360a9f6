import type { Explanation } from './explanation.ts';
import { explainEpisode } from './explain-episode.ts';
import { Episodes } from './read/episodes.ts';
import { readWindow } from './read/sightings.ts';
import { Windows } from './read/windows.ts';

/**
 * Explains a text of any kind: one sentence, a log of many days, a JSON body.
 *
 * @returns The deciding error first; no errors if nothing was recognised. Never throws.
 */
export function explainText(text: string): Explanation {
  const reading = new Reading();
  reading.windows.push(Buffer.from(text, 'utf8'));
  return reading.result();
}

/**
 * Explains a stream in constant memory, whatever its length and encoding (UTF-8, UTF-16, Windows-1252).
 *
 * @param chunks Bytes as they come; a chunk may be reused by its owner afterwards.
 * @throws Only what the stream itself throws.
 */
export async function explainStream(chunks: AsyncIterable<Uint8Array>): Promise<Explanation> {
  const reading = new Reading();
  for await (const chunk of chunks) reading.windows.push(chunk);
  return reading.result();
}

class Reading {
  readonly #episodes: Episodes = new Episodes();
  readonly windows: Windows = new Windows((window) => this.#episodes.add(readWindow(window)));

  result(): Explanation {
    this.windows.end();
    return { schemaVersion: 'wi-doctor.explanation/v1', errors: this.#episodes.list().map(explainEpisode) };
  }
}
