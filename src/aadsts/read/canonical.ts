/**
 * One spelling for what logs write in many ways, so that the patterns stay few.
 *
 * Escaped quotes, slashes and line ends become plain (once or many times escaped), colours
 * and invisible characters go, boxes and quotation marks at line starts go, curly quotes
 * become straight. The result is only matched against; values are taken over only when
 * they also stand literally in the text as it came (see `literal.ts`).
 */
export function canonical(raw: string): string {
  let text = raw;
  if (text.includes('\u001b') || text.includes('\u009b')) text = text.replace(ANSI, '');
  return decoded(text)
    .replace(INVISIBLE, '')
    .replace(CURLY_SINGLE, "'")
    .replace(CURLY_DOUBLE, '"')
    .replace(BOX, '')
    .replace(QUOTED, '')
    .replace(LINE_STAMP, '');
}

/** The text with its escapes undone and nothing taken away: JSON, HTML, and an error in the query of an address. */
export function decoded(raw: string): string {
  let text = raw;
  if (text.includes('#012')) text = text.replace(SYSLOG_END, ESCAPED_LINE_END);
  if (text.includes('\\')) text = unescape(text);
  if (text.includes('&'))
    text = text.replace(ENTITY, (_, name: string) => ENTITIES[name.toLowerCase()] ?? ' ');
  if (text.includes('%3') || text.includes('%2'))
    text = text.replace(ERROR_IN_URL, (all: string) => percentDecoded(all));
  return text;
}

/** A line end that was escaped: white space to the patterns, but no beginning of a new log line. */
const ESCAPED_LINE_END = '\v';

// eslint-disable-next-line no-control-regex
const ANSI =
  /[\u001b\u009b](?:\[[0-9;:?]{0,64}[ -/]{0,8}[@-~]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)|[()#][0-9A-Za-z]|[@-Z\\^_=>])?/g;
const ESCAPED_ANSI = /\\{1,8}(?:u001b|x1b|033|e)\[[0-9;]{0,64}[A-Za-z]/gi;
const ESCAPED_CHARACTER = /\\{1,8}u00(22|27|26|3c|3e|2f|0a|0d|2b)/gi;
const ESCAPED_END = /\\{1,8}r\\{1,8}n|\\{1,8}n|\\{1,8}r(?![A-Za-z])/g;
/** kubectl folds a long quoted string at its blanks: a backslash at the end, another one before the next word. */
const YAML_FOLD = /\\\n[ \t]{0,80}\\ /g;
/** rsyslog writes control characters by their octal numbers. */
const SYSLOG_END = /(?:#015)?#012/g;
const ESCAPED_TAB = /\\{1,8}t/g;
const ESCAPED_PUNCTUATION = /\\{1,8}(["'/`])/g;
const ENTITY = /&(quot|#39|#x27|#34|apos|lt|gt|amp|nbsp);/gi;
const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  '#34': '"',
  '#39': "'",
  '#x27': "'",
  apos: "'",
  lt: '<',
  gt: '>',
  amp: '&',
};
const ERROR_IN_URL = /(?:error_description=|AADSTS\d{5,8}%(?:25)?3A)[^&\s"<>]{1,4000}/gi;
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u0008\r\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const CURLY_SINGLE = /[\u2018\u2019\u201a\u201b\u00b4]/g;
const CURLY_DOUBLE = /[\u201c\u201d\u201e\u201f\u00ab\u00bb]/g;
const BOX = /^[ \t]{0,200}[\u2502\u2503\u2551\u2577\u2575\u258f]+[ \t]?/gm;
const QUOTED = /^(?:> ?){1,8}/gm;
/** What a runner or `kubectl logs --timestamps --prefix` puts before every line, wrapped lines included. */
const LINE_STAMP = /^(?:\[pod\/[^\]\s]{1,300}\] |\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7,9}Z ){1,2}/gm;

function unescape(text: string): string {
  return text
    .replace(YAML_FOLD, ' ')
    .replace(ESCAPED_ANSI, '')
    .replace(ESCAPED_CHARACTER, (_, hex: string) => {
      const character = String.fromCharCode(Number.parseInt(hex, 16));
      return character === '\n' || character === '\r' ? ESCAPED_LINE_END : character;
    })
    .replace(ESCAPED_END, ESCAPED_LINE_END)
    .replace(ESCAPED_TAB, ' ')
    .replace(ESCAPED_PUNCTUATION, '$1');
}

function percentDecoded(query: string): string {
  try {
    const once = decodeURIComponent(query.replaceAll('+', ' '));
    return /%20|%3A/i.test(once) ? decodeURIComponent(once) : once;
  } catch {
    return query;
  }
}
