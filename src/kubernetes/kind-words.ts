/** The plural of a lower-case word or name of a kind: `podclass` → `podclasses`. */
export function plural(word: string): string {
  if (/(?:s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** A kind as a sentence says it: `ServiceAccount` → `service account`, `CSIDriver` → `CSI driver`. */
export function kindWords(kind: string): string {
  const words = kind.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
  return words.map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase())).join(' ');
}
