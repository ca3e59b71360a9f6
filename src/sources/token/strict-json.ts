import type { JsonObject } from '../issuer/types.ts';

/** Deeper than any header or claims set; bounds everything that later walks over the value. */
const MAX_DEPTH = 16;

/**
 * Parses a JSON object as RFC 7515 section 4 and RFC 7519 section 4 want it: a repeated member name is an
 * error, because two readers could take different values for the same claim.
 *
 * @returns The object, or what is wrong with the text as a clause: `is not JSON`.
 */
export function parseStrictObject(text: string): JsonObject | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not a JSON object';
  return flaw(text) ?? (value as JsonObject);
}

/** Walks over the tokens of a text that is known to be JSON. */
function flaw(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  const tokens = text.matchAll(/("(?:[^"\\]|\\.)*")\s*(:)?|[{}[\]]/g);
  for (const [token, string, colon] of tokens) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (string !== undefined && colon !== undefined) {
      const name = JSON.parse(string) as string;
      const names = open.at(-1);
      if (names?.has(name) === true) return 'repeats a member name';
      names?.add(name);
    }
    if (open.length > MAX_DEPTH) return 'is nested too deeply';
  }
  return null;
}
