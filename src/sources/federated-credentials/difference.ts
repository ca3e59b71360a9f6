import { asItLooks, namedInvisible, namedLookalikes, withoutInvisible } from './invisible.ts';
import { issuerDifference } from './issuer-difference.ts';
import { subjectDifference } from './subject-difference.ts';
import type { Classification, ComparedField, Difference, DifferenceKind } from './types.ts';

const CLOUDS: Readonly<Record<string, string>> = {
  'api://AzureADTokenExchange': 'the public cloud',
  'api://AzureADTokenExchangeUSGov': 'Azure US Government',
  'api://AzureADTokenExchangeChina': 'Azure China',
};

/**
 * Compares a field of a federated credential byte for byte with what the token says, and classifies the
 * difference, because the repair depends on it.
 *
 * When several slips come together, the kind is the one hardest to see, and `words` names all of them.
 *
 * @param expected What the token (or the pod's specification) says.
 * @param observed What the credential says.
 */
export function difference(expected: string, observed: string, field: ComparedField): Difference {
  if (expected === observed) return { kind: 'equal', words: 'equal', start: 0, end: 0 };
  const [kind, words] = slips(expected, observed, field) ?? classify(expected, observed, field);
  return { kind, words, ...differingSpan(expected, observed) };
}

/** A way in which two values may differ while a person takes them for the same. */
interface Slip {
  readonly kind: DifferenceKind;
  /** How it is called when it comes second. */
  readonly name: string;
  readonly undo: (text: string) => string;
  readonly words: (expected: string, observed: string) => string;
}

/** Hardest to see first. Undone in this order, because quotation marks can enclose a slash, blanks both. */
const SLIPS: readonly Slip[] = [
  { kind: 'whitespace', name: 'invisible characters', undo: withoutInvisible, words: whitespaceWords },
  { kind: 'quotes', name: 'quotation marks', undo: withoutQuotes, words: quoteWords },
  { kind: 'lookalike', name: 'look-alike characters', undo: asItLooks, words: lookalikeWords },
  { kind: 'slash', name: 'the slash at the end', undo: withoutSlashes, words: slashWords },
  { kind: 'case', name: 'upper and lower case', undo: lowerCase, words: caseWords },
];

/** The fewest slips that explain the whole difference; null when it is another value. */
function slips(expected: string, observed: string, field: ComparedField): Classification | null {
  const possible = SLIPS.filter(({ kind }) => kind !== 'slash' || field !== 'subject');
  const explaining = subsets(possible)
    .filter((subset) => undoAll(subset, expected) === undoAll(subset, observed))
    .toSorted((a, b) => a.length - b.length);
  const [first, ...others] = explaining[0] ?? [];
  if (first === undefined || undoAll(SLIPS, expected) === '') return null;
  const words = first.words(expected, observed);
  if (others.length === 0) return [first.kind, words];
  return [first.kind, `${words}; also differs in ${others.map(({ name }) => name).join(' and ')}`];
}

function undoAll(subset: readonly Slip[], text: string): string {
  return subset.reduce((changed, { undo }) => undo(changed), text);
}

/** All non-empty subsets, each in the given order, those with earlier members first. */
function subsets(slips: readonly Slip[]): Slip[][] {
  const [first, ...rest] = slips;
  if (first === undefined) return [];
  const others = subsets(rest);
  return [[first], ...others.map((subset) => [first, ...subset]), ...others];
}

function classify(expected: string, observed: string, field: ComparedField): Classification {
  const [kind, words] = byField(expected, withoutQuotes(withoutInvisible(observed)), observed, field);
  const hidden = [...namedInvisible(observed), ...namedLookalikes(observed)];
  return [kind, hidden.length === 0 ? words : `${words}; contains ${hidden.join(', ')}`];
}

function byField(expected: string, cleaned: string, observed: string, field: ComparedField): Classification {
  if (cleaned === '') return ['malformed', observed === '' ? 'is empty' : 'contains nothing visible'];
  const template = /\$\{[^}]*\}|\{\{[^}]*\}\}|\$\([^)]*\)|<[^<>]*>|\$[A-Z_]{2,}|%[A-Z_]{2,}%/.exec(
    cleaned,
  )?.[0];
  if (template !== undefined)
    return ['malformed', `contains ${template}, a placeholder that was never filled in`];
  if (decoded(cleaned) === expected) return ['malformed', 'is percent-encoded'];
  switch (field) {
    case 'issuer':
      return issuerDifference(expected, cleaned);
    case 'subject':
      return subjectDifference(expected, cleaned);
    case 'audience':
      return audienceDifference(expected, cleaned);
  }
}

function audienceDifference(expected: string, observed: string): Classification {
  const [ours, theirs] = [CLOUDS[expected], CLOUDS[observed]];
  if (ours !== undefined && theirs !== undefined) {
    return ['cloud-audience', `is that of ${theirs}, the token has that of ${ours}`];
  }
  if (`api://${observed}` === expected) return ['malformed', 'lacks api:// at the beginning'];
  return ['other', 'is another one'];
}

/**
 * The smallest span of `observed` that explains the difference: what is left between the longest common
 * beginning and end. Empty where something is missing. Never cuts a surrogate pair in two.
 */
function differingSpan(expected: string, observed: string): { start: number; end: number } {
  // Without its beginning, a value may by chance share first letters with the whole.
  if (expected.endsWith(observed)) return { start: 0, end: 0 };
  const shorter = Math.min(expected.length, observed.length);
  let start = 0;
  while (start < shorter && expected[start] === observed[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && expected.at(-1 - tail) === observed.at(-1 - tail)) tail += 1;
  let end = observed.length - tail;
  if (isLowSurrogate(observed, start)) start -= 1;
  if (isLowSurrogate(observed, end)) end += 1;
  return { start, end };
}

function isLowSurrogate(text: string, index: number): boolean {
  return index > 0 && index < text.length && (text.codePointAt(index - 1) ?? 0) > 0xffff;
}

/** Brackets too: `--audiences '["…"]'` stores them as a part of the value. */
function withoutQuotes(text: string): string {
  return text.replace(/^["'`‘’“”«»[\]]+/u, '').replace(/["'`‘’“”«»[\]]+$/u, '');
}

function withoutSlashes(text: string): string {
  return text.replace(/\/+$/, '');
}

function decoded(text: string): string | null {
  if (!text.includes('%')) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

function caseWords(): string {
  return 'differs in upper and lower case only';
}

function whitespaceWords(expected: string, observed: string): string {
  const here = namedInvisible(observed);
  if (here.length > 0) return `contains ${here.join(', ')}`;
  return `lacks ${namedInvisible(expected).join(', ')} of the token's value`;
}

function lookalikeWords(expected: string, observed: string): string {
  const here = namedLookalikes(observed);
  if (here.length > 0) return `looks the same, but contains ${here.join(', ')}`;
  return `looks the same, but the token's value contains ${namedLookalikes(expected).join(', ')}`;
}

function quoteWords(expected: string, observed: string): string {
  if (withoutQuotes(expected) !== expected) return 'differs in quotation marks';
  return observed.includes('[')
    ? 'has brackets around it, as a list written as text'
    : 'has quotation marks around it';
}

function slashWords(expected: string, observed: string): string {
  const [wanted, got] = [expected, observed].map((text) => text.length - withoutSlashes(text).length) as [
    number,
    number,
  ];
  if (got === 0) return 'lacks the slash at the end';
  if (wanted === 0)
    return got === 1 ? 'has a slash at the end, the token has none' : 'has slashes at the end';
  return `has ${got} slashes at the end instead of ${wanted}`;
}
