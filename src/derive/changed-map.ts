import type { StringMap } from '../kubernetes/types.ts';

/** Labels or annotations with some of them changed; null removes one. */
export function changedMap(
  map: StringMap | undefined,
  changes: Readonly<Record<string, string | null>> | undefined,
): StringMap {
  const all = Object.entries({ ...map, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}
