/** An AADSTS code at its place in canonical text. */
export interface CodeMatch {
  readonly code: number;
  readonly start: number;
  /** Just behind the code. */
  readonly end: number;
}

/**
 * Digits are taken greedily: 70021 is not the beginning of 700213. A terminal may have broken
 * the line inside the number, which shows by the colon behind the rest of it.
 */
const CODE =
  /AADSTS ?(\d{5,8})(?!\d)(?:[ \t]{0,200}\n[ \t]{0,200}(\d{1,3})(?=:\s))?|AADSTS(\d{1,4})[ \t]{0,200}\n[ \t]{0,200}(\d{1,6})(?=:\s)/gi;
/** The member of the token endpoint's JSON; it alone is enough when the description was cut away. */
const MEMBER = /"?error_codes"?\s{0,40}[:=]\s{0,40}\[\s{0,40}(\d{5,8}(?:\s{0,40},\s{0,40}\d{5,8}){0,8})/g;
/** How far the description may stand from the member that repeats its code. */
const SAME_BODY = 6000;

/** Finds the codes of a text. A code that only stands in the address of a page is none. */
export function findCodes(text: string): CodeMatch[] {
  const found: CodeMatch[] = [];
  for (const match of text.matchAll(CODE)) {
    const digits = `${match[1] ?? match[3] ?? ''}${match[2] ?? match[4] ?? ''}`;
    if (digits.length < 5 || digits.length > 8 || isInAddress(text, match.index)) continue;
    found.push({ code: Number(digits), start: match.index, end: match.index + match[0].length });
  }
  for (const match of text.matchAll(MEMBER)) {
    for (const digits of (match[1] ?? '').split(',')) {
      const code = Number(digits);
      const repeated = found.some(
        (other) => other.code === code && Math.abs(other.start - match.index) < SAME_BODY,
      );
      if (!repeated) found.push({ code, start: match.index, end: match.index + match[0].length });
    }
  }
  return found.toSorted((one, other) => one.start - other.start);
}

function isInAddress(text: string, at: number): boolean {
  if (!/[/\-_=?&#%.\w]/.test(text[at - 1] ?? ' ')) return false;
  const before = text.slice(Math.max(0, at - 400), at);
  const word = before.slice(before.search(/[^\s"'<>()[\]]*$/));
  return /:\/\/|^www\./i.test(word) && !/error_description=$/i.test(word);
}
