import type { Fields, Likelihood } from '../explanation.ts';
import type { Hint } from '../read/sighting.ts';

/** What a rule may look at: the text's own values, nothing else. */
export interface Said {
  readonly code: number | null;
  readonly kind: string | undefined;
  readonly fields: Fields;
  /** Words right behind the code, canonical. */
  readonly words: string;
  readonly hints: ReadonlySet<Hint>;
}

/** What the values of the text say about one cause. */
export interface Judgement {
  readonly code: string;
  readonly likelihood: Likelihood;
  /** The proof, or how to confirm, in place of the general words. */
  readonly confirm?: string;
  readonly fix?: string;
}

/** What one rule concludes. */
export interface Conclusion {
  /** One sentence with the telling value; it goes before the general meaning. */
  readonly observation?: string;
  readonly judgements: readonly Judgement[];
}

/** A rule: silent (undefined) unless the values of the text say something. */
export type Rule = (said: Said) => Conclusion | undefined;
