/** Characters that a person does not see, or takes for another: what makes two values "look equal". */

const NAMES: ReadonlyMap<string, string> = new Map([
  ['\t', 'TAB'],
  ['\n', 'LINE FEED'],
  ['\r', 'CARRIAGE RETURN'],
  [' ', 'SPACE'],
  ['\u00a0', 'NO-BREAK SPACE'],
  ['\u00ad', 'SOFT HYPHEN'],
  ['\u034f', 'COMBINING GRAPHEME JOINER'],
  ['\u061c', 'ARABIC LETTER MARK'],
  ['\u180e', 'MONGOLIAN VOWEL SEPARATOR'],
  ['\u2002', 'EN SPACE'],
  ['\u2003', 'EM SPACE'],
  ['\u2007', 'FIGURE SPACE'],
  ['\u2009', 'THIN SPACE'],
  ['\u200b', 'ZERO WIDTH SPACE'],
  ['\u200c', 'ZERO WIDTH NON-JOINER'],
  ['\u200d', 'ZERO WIDTH JOINER'],
  ['\u200e', 'LEFT-TO-RIGHT MARK'],
  ['\u200f', 'RIGHT-TO-LEFT MARK'],
  ['\u2028', 'LINE SEPARATOR'],
  ['\u2029', 'PARAGRAPH SEPARATOR'],
  ['\u202a', 'LEFT-TO-RIGHT EMBEDDING'],
  ['\u202b', 'RIGHT-TO-LEFT EMBEDDING'],
  ['\u202c', 'POP DIRECTIONAL FORMATTING'],
  ['\u202d', 'LEFT-TO-RIGHT OVERRIDE'],
  ['\u202e', 'RIGHT-TO-LEFT OVERRIDE'],
  ['\u202f', 'NARROW NO-BREAK SPACE'],
  ['\u2060', 'WORD JOINER'],
  ['\u2066', 'LEFT-TO-RIGHT ISOLATE'],
  ['\u2067', 'RIGHT-TO-LEFT ISOLATE'],
  ['\u2068', 'FIRST STRONG ISOLATE'],
  ['\u2069', 'POP DIRECTIONAL ISOLATE'],
  ['\u3000', 'IDEOGRAPHIC SPACE'],
  ['\ufeff', 'ZERO WIDTH NO-BREAK SPACE'],
]);

/** What a look-alike is taken for. NFKC covers full-width forms; these are letters of other scripts and marks. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...pairs('аеорсухіјѕһԁԛԝ', 'aeopcyxijshdqw'),
    ...pairs('АВЕКМНОРСТХІЈЅ', 'ABEKMHOPCTXIJS'),
    ...pairs('ανοριυ', 'avopiu'),
    ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'),
    ...pairs('‐‑‒–—−﹣', '-------'),
    ...pairs('∕⁄⧸', '///'),
    ...pairs('∶꞉ː׃', '::::'),
    ...pairs('ıɡɑ', 'iga'),
  }),
);

function pairs(from: string, to: string): Record<string, string> {
  return Object.fromEntries(Array.from(from, (char, index) => [char, to[index] ?? '']));
}

const INVISIBLE = /[\s\p{Cc}\p{Cf}\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]/u;

/** The text without white space, control and format characters, wherever they stand. */
export function withoutInvisible(text: string): string {
  return text.replace(new RegExp(INVISIBLE.source, 'gu'), '');
}

/** The text as it looks: look-alike characters replaced by the ASCII ones they are taken for. */
export function asItLooks(text: string): string {
  return Array.from(text, (char) => LOOKALIKES.get(char) ?? char.normalize('NFKC')).join('');
}

/**
 * Names what cannot be seen in a text, e.g. `U+00A0 NO-BREAK SPACE at position 12`; positions count characters
 * from 1. At most three are named, then the number of the rest.
 */
export function namedInvisible(text: string): readonly string[] {
  return named(text, (char) => INVISIBLE.test(char));
}

/** Names the characters of a text that look like ASCII and are not, as `namedInvisible` does. */
export function namedLookalikes(text: string): readonly string[] {
  return named(text, (char) => !/^[\x20-\x7e]$/.test(char) && /^[\x21-\x7e]$/.test(asItLooks(char)));
}

function named(text: string, wanted: (char: string) => boolean): readonly string[] {
  const found = Array.from(text).flatMap((char, index) =>
    wanted(char) ? [`${nameOf(char)} at position ${index + 1}`] : [],
  );
  return found.length <= 3 ? found : [...found.slice(0, 3), `${found.length - 3} more`];
}

function nameOf(char: string): string {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const name = NAMES.get(char);
  if (name !== undefined) return `${code} ${name}`;
  const seen = LOOKALIKES.get(char);
  if (seen !== undefined) return `${code} (looks like "${seen}")`;
  return /[\p{L}\p{N}\p{P}]/u.test(char) ? `${code} (looks like "${char.normalize('NFKC')}")` : code;
}
