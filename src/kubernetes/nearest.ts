/** What a suggestion needs to know of an object. */
export interface Named {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Names that the user may have meant, best first.
 *
 * A name counts as near when it starts with the wanted one (the owner was named instead of the pod), when
 * both belong to the same owner (the pod was replaced and its suffix changed), or when few letters differ.
 */
export function nearestNames(wanted: string, names: Iterable<string>, limit = 5): string[] {
  return ranked([...new Set(names)], (name) => distance(wanted, name), limit);
}

/**
 * Objects that the user may have meant: near names in the same namespace first, then the exact name and names
 * that start with it in other namespaces.
 */
export function nearestObjects<T extends Named>(wanted: Named, objects: Iterable<T>, limit = 5): T[] {
  const all = [...objects];
  return ranked(
    all,
    (object) => {
      if (object.namespace === wanted.namespace) return distance(wanted.name, object.name);
      if (object.name === wanted.name) return 100;
      return object.name.startsWith(`${wanted.name}-`) ? 101 : undefined;
    },
    limit,
  );
}

function ranked<T>(things: readonly T[], cost: (thing: T) => number | undefined, limit: number): T[] {
  return things
    .map((thing, index) => ({ thing, index, cost: cost(thing) }))
    .filter((entry): entry is typeof entry & { cost: number } => entry.cost !== undefined)
    .toSorted((a, b) => a.cost - b.cost || a.index - b.index)
    .slice(0, limit)
    .map(({ thing }) => thing);
}

/** How far apart two names are, smaller is nearer; undefined when they have nothing to do with each other. */
function distance(wanted: string, name: string): number | undefined {
  if (wanted === '' || name === '') return undefined;
  if (wanted === name) return 0;
  const [a, b] = [wanted.toLowerCase(), name.toLowerCase()];
  if (a === b) return 1;
  const edits = editDistance(a, b);
  if (edits <= 2 && edits < Math.min(a.length, b.length)) return 1 + edits;
  if (b.startsWith(`${a}-`)) return 4;
  const owner = sharedOwner(a, b);
  if (owner !== undefined) return owner;
  if (b.startsWith(a) && a.length >= 3) return 7;
  if (edits <= Math.floor(Math.max(a.length, b.length) / 3)) return 7 + edits;
  return a.length >= 3 && b.includes(a) ? 50 : undefined;
}

/** Pods of one ReplicaSet share all but the last part of their name, pods of one Deployment all but two. */
function sharedOwner(a: string, b: string): number | undefined {
  const [one, two] = [a.split('-'), b.split('-')];
  for (const suffix of [1, 2]) {
    const owner = one.slice(0, -suffix).join('-');
    if (owner === '' || one.length <= suffix) continue;
    if (
      one.length === two.length &&
      owner === two.slice(0, -suffix).join('-') &&
      looksGenerated(one, suffix)
    ) {
      return 4 + suffix;
    }
  }
  return undefined;
}

/** Whether a name ends as the API server generates suffixes: five letters without vowels, or an ordinal. */
function looksGenerated(parts: readonly string[], suffix: number): boolean {
  const last = parts.at(-1) ?? '';
  const hash = parts.at(-2) ?? '';
  if (!/^(?:[bcdfghjklmnpqrstvwxz2456789]{5}|\d{1,4})$/.test(last)) return false;
  return suffix === 1 || /^[bcdfghjklmnpqrstvwxz2456789]{4,10}$/.test(hash);
}

/** Levenshtein distance; a swap of two neighbours counts as one edit. */
function editDistance(a: string, b: string): number {
  // Kubernetes names have at most 253 characters; longer input is nobody's typo.
  if (Math.max(a.length, b.length) > 253) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    [before, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
}
