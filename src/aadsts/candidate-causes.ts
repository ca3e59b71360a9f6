import type { ExplainedError } from './explanation.ts';

/** What could produce a set of errors. */
export interface CandidateCauses {
  /** Finding codes, such as `FIC-05`. */
  readonly codes: ReadonlySet<string>;
  /** AADSTS numbers seen, with their older and newer siblings. */
  readonly aadsts: ReadonlySet<number>;
}

/**
 * Tells which findings could have produced the errors a user brought.
 *
 * Errors that are unrelated or overruled in their chain count only if there is nothing else,
 * and causes the text itself makes unlikely are left out.
 */
export function candidateCauses(errors: readonly ExplainedError[]): CandidateCauses {
  const deciding = errors.filter((error) => !error.unrelated && error.decides !== false);
  const counted = deciding.length > 0 ? deciding : errors.filter((error) => !error.unrelated);
  const codes = counted.flatMap((error) =>
    error.causes.filter((cause) => cause.likelihood !== 'unlikely').map((cause) => cause.code),
  );
  const aadsts = counted.flatMap((error) =>
    error.code === null ? [] : [error.code, ...(error.related ?? [])],
  );
  return { codes: new Set(codes), aadsts: new Set(aadsts) };
}
