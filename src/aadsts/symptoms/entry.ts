import type { PossibleCause } from '../catalogue/entry.ts';
import type { Source } from '../explanation.ts';

/**
 * How a symptom behaves among others.
 *
 * - `decisive`: says by itself what is wrong.
 * - `member`: one member of a credential chain; it decides only if nothing better is there.
 * - `noise`: a member that is expected to be unavailable in a pod.
 * - `wrapper`: words around the real error; dropped as soon as anything else was recognised.
 */
export type SymptomRole = 'decisive' | 'member' | 'noise' | 'wrapper';

/** A message without an AADSTS code. */
export interface Symptom {
  /** Name in kebab-case, stable: it is `kind` in the JSON document. */
  readonly kind: string;
  readonly role: SymptomRole;
  /** Lower-case literals; unless the text holds one of them, the patterns are not tried. Mostly single words, since lines wrap at blanks. */
  readonly triggers: readonly string[];
  /**
   * Regular expressions, case-insensitive. A blank stands for any run of white space, because logs wrap.
   * Repetitions are bounded, so no text can make them slow. Named groups fill the fields of the same name.
   */
  readonly patterns: readonly string[];
  /** Words the same record must hold as well, for a message that programs without anything of Azure print too. */
  readonly near?: string;
  /** Words of somebody else's program; with one of them in the same record the message is not ours. */
  readonly unless?: string;
  /** The message announces an answer whose body mostly follows; a code in it says more. */
  readonly bodyFollows?: true;
  /** The message as programs print it; each is a test. */
  readonly wordings: readonly string[];
  /** What it means; the first sentence stands alone. */
  readonly meaning: string;
  readonly causes: readonly PossibleCause[];
  readonly sources: readonly Source[];
}
