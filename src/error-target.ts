import type { Target } from './facts.ts';

const TARGETS = new WeakMap<object, Target>();

/** Notes what was being looked at as something failed, for the document that tells of it. Returns the error. */
export function concerning(error: unknown, target: Target): unknown {
  if (typeof error === 'object' && error !== null) TARGETS.set(error, target);
  return error;
}

/** What an error is about; undefined where nobody has noted it. */
export function targetOfError(error: unknown): Target | undefined {
  return typeof error === 'object' && error !== null ? TARGETS.get(error) : undefined;
}
