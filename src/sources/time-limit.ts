/**
 * A signal that fires when the outer one does or when time is up.
 *
 * Held by a timer of its own: on Node 20 a signal made by `AbortSignal.any` can be collected before it fires.
 *
 * @returns The signal, and what lets go of the timer and the outer signal.
 */
export function withTimeLimit(
  outer: AbortSignal,
  milliseconds: number,
): { readonly signal: AbortSignal; readonly done: () => void } {
  const limit = new AbortController();
  const stop = (): void => limit.abort();
  const timer = setTimeout(stop, milliseconds);
  outer.addEventListener('abort', stop, { once: true });
  if (outer.aborted) stop();
  return {
    signal: limit.signal,
    done: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', stop);
    },
  };
}
