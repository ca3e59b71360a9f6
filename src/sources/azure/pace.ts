import { pause } from '../../kubernetes/retry.ts';
import type { Pace } from './request.ts';

/** Azure allows half a read a second per identity, and ten per subscription. */
const SAME_IDENTITY_MS = 2_000;
const ANY_IDENTITY_MS = 100;

/**
 * Keeps the reads of federated credentials within what Azure allows: one after the other, with pauses. More would
 * be answered with 429, also to others who work in the same subscription.
 *
 * @returns The pace of one identity, by its id.
 */
export function credentialPaces(signal: AbortSignal): (identity: string) => Pace {
  const last = new Map<string, number>();
  let queue: Promise<unknown> = Promise.resolve();
  let latest = 0;
  async function turn(identity: string): Promise<void> {
    const due = Math.max((last.get(identity) ?? 0) + SAME_IDENTITY_MS, latest + ANY_IDENTITY_MS);
    // An abort ends the request that follows; here it only ends the pause.
    if (due > Date.now()) await pause(due - Date.now(), signal).catch(() => undefined);
    latest = Date.now();
    last.set(identity, latest);
  }
  return (identity) => () => {
    const mine = queue.then(() => turn(identity.toLowerCase()));
    queue = mine;
    return mine;
  };
}
