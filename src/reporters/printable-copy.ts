import { printable } from '../printable.ts';

/**
 * A copy of a document in which no string can act on a terminal.
 *
 * Checks already write their sentences so; names of the target, requests and explained errors come as they are.
 */
export function printableCopy<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => printableCopy(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [printable(key), printableCopy(item)]),
  ) as T;
}
