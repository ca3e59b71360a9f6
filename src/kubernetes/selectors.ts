import type { KubernetesObject } from './types.ts';

type Test = (object: KubernetesObject) => boolean;

/**
 * A label selector in kubectl's notation (`app=web,tier in (a,b),!old`) as a test.
 *
 * @returns Undefined for a text that is no selector.
 */
export function labelSelector(text: string): Test | undefined {
  const tests: Test[] = [];
  // Commas inside of parentheses separate values, not terms.
  for (const term of text.split(/,(?![^(]*\))/).map((part) => part.trim())) {
    if (term === '') continue;
    const test = labelTerm(term);
    if (test === undefined) return undefined;
    tests.push(test);
  }
  return (object) => tests.every((test) => test(object));
}

const KEY = String.raw`(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)`;

function labelTerm(term: string): Test | undefined {
  const exists = new RegExp(`^(?<not>!?)\\s*${KEY}$`).exec(term)?.groups;
  if (exists !== undefined) {
    const wanted = exists['not'] === '';
    return (object) => (labelOf(object, exists['key'] ?? '') !== undefined) === wanted;
  }
  const set = new RegExp(`^${KEY}\\s+(?<operator>in|notin)\\s*\\((?<values>[^()]*)\\)$`).exec(term)?.groups;
  if (set !== undefined) {
    const values = (set['values'] ?? '').split(',').map((value) => value.trim());
    return (object) => {
      const label = labelOf(object, set['key'] ?? '');
      return (label !== undefined && values.includes(label)) === (set['operator'] === 'in');
    };
  }
  const equal = new RegExp(`^${KEY}\\s*(?<operator>!=|==?)\\s*(?<value>[-A-Za-z0-9_.]*)$`).exec(term)?.groups;
  if (equal === undefined) return undefined;
  return (object) =>
    (labelOf(object, equal['key'] ?? '') === equal['value']) === (equal['operator'] !== '!=');
}

function labelOf({ metadata }: KubernetesObject, key: string): string | undefined {
  const labels = metadata?.labels ?? {};
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/**
 * A field selector (`metadata.name=web,status.phase!=Running`) as a test; a missing field counts as empty.
 *
 * @returns Undefined for a text that is no selector.
 */
export function fieldSelector(text: string): Test | undefined {
  const tests: Test[] = [];
  for (const term of text.split(',').map((part) => part.trim())) {
    if (term === '') continue;
    const parts = /^(?<path>[A-Za-z.]+)\s*(?<operator>!=|==?)\s*(?<value>.*)$/.exec(term)?.groups;
    if (parts === undefined) return undefined;
    const path = (parts['path'] ?? '').split('.');
    tests.push((object) => (fieldOf(object, path) === parts['value']) === (parts['operator'] !== '!='));
  }
  return (object) => tests.every((test) => test(object));
}

function fieldOf(object: KubernetesObject, path: readonly string[]): string {
  let value: unknown = object;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
