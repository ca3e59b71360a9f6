import { catalogueEntry } from './catalogue/index.ts';
import { explainEpisode } from './explain-episode.ts';
import type { Explanation } from './explanation.ts';

/** A word that is an AADSTS code and nothing else. */
const CODE_WORD = /^(?:AADSTS)?\s*(\d{5,8}):?$/i;

/**
 * The number of a word such as `AADSTS70021` or `70021`.
 *
 * @returns Undefined for anything else, finding codes such as `FIC-03` included.
 */
export function codeOf(word: string): number | undefined {
  const digits = CODE_WORD.exec(word.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Explains one AADSTS code by itself.
 *
 * @param code `AADSTS70021` or `70021`.
 * @returns Undefined if the word is no AADSTS code, or one the catalogue does not have.
 */
export function explainCode(code: string): Explanation | undefined {
  const number = codeOf(code);
  if (number === undefined) return undefined;
  const entry = catalogueEntry(number);
  if (entry === undefined) return undefined;
  const error = explainEpisode({
    code: number,
    kind: undefined,
    fields: {},
    oauthError: null,
    httpStatus: null,
    unrelated: entry.about === 'user',
    decides: true,
    count: 1,
    words: '',
    hints: new Set(),
    order: 0,
  });
  return { schemaVersion: 'wi-doctor.explanation/v1', errors: [error] };
}
