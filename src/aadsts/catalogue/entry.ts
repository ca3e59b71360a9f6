import type { Likelihood, Source } from '../explanation.ts';

/** A sentence of Entra as it was seen, `{placeholders}` named after the fields they fill. */
export interface Wording {
  readonly text: string;
  /** When it was seen, as far as dated logs show: `2022-01 – 2023-10`, `2023-12 –`. */
  readonly seen?: string;
}

/** A cause in the order of likelihood before the text was looked at. */
export interface PossibleCause {
  /** Finding code; the words for confirming and fixing stand in `../causes`. */
  readonly code: string;
  readonly likelihood: Likelihood;
  /** Replaces the general words where this code allows better ones. */
  readonly confirm?: string;
  readonly fix?: string;
}

/**
 * Whom a code is about.
 *
 * - `federation`: only an exchange of a token of another issuer can produce it.
 * - `shared`: workloads and signing-in users can both meet it; the text has to tell.
 * - `credential`: a client secret or certificate was used.
 * - `user`: only people (or sessions of people) meet it.
 */
export type Audience = 'federation' | 'shared' | 'credential' | 'user';

/** What is known of one AADSTS code, or of several that mean the same. */
export interface CatalogueEntry {
  readonly codes: readonly number[];
  readonly about: Audience;
  /** What it means for a workload; the first sentence stands alone. */
  readonly meaning: string;
  readonly wordings: readonly Wording[];
  readonly causes: readonly PossibleCause[];
  readonly related?: readonly number[];
  readonly sources: readonly Source[];
}
