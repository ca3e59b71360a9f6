import type { LabelSelector, StringMap } from '../kubernetes/types.ts';

/**
 * Whether a label selector matches labels, as the API server evaluates it.
 *
 * @param selector Absent or empty matches everything, as in a webhook configuration.
 * @see {@link https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors}
 */
export function selectorMatches(selector: LabelSelector | undefined, labels: StringMap): boolean {
  return unmatchedTerms(selector, labels).length === 0;
}

/** The terms of a selector that labels do not meet, each in kubectl's own notation: `use=true`, `env notin (dev)`. */
export function unmatchedTerms(selector: LabelSelector | undefined, labels: StringMap): string[] {
  const unmatched: string[] = [];
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
    if (labels[key] !== value) unmatched.push(`${key}=${value}`);
  }
  for (const { key, operator, values = [] } of selector?.matchExpressions ?? []) {
    const label = Object.hasOwn(labels, key) ? labels[key] : undefined;
    const list = `(${values.join(', ')})`;
    if (operator === 'In' && (label === undefined || !values.includes(label)))
      unmatched.push(`${key} in ${list}`);
    // NotIn also matches where the label is missing.
    if (operator === 'NotIn' && label !== undefined && values.includes(label))
      unmatched.push(`${key} notin ${list}`);
    if (operator === 'Exists' && label === undefined) unmatched.push(key);
    if (operator === 'DoesNotExist' && label !== undefined) unmatched.push(`!${key}`);
  }
  return unmatched;
}

/** kubectl's notation of a whole selector; empty for one that is absent or empty. */
export function selectorText(selector: LabelSelector | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...labels, ...expressions].join(',');
}
