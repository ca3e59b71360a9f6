// What Markdown, HTML, or the autolinks, mentions and issue numbers of ticket systems would act on.
const ACTIVE = /[`*_{}[\]()#+<>|\\~&@:/=$^%"!]|[\p{L}\p{N}]\.[\p{L}\p{N}]|\p{Extended_Pictographic}/u;
const TRAILING = /[.,;:?]+$/;

/** A fence or code span delimiter that nothing in the text can close. */
function ticks(text: string, least: number): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  return '`'.repeat(Math.max(least, longest + 1));
}

/** A text as a code span, where Markdown leaves every character alone. */
export function codeSpan(text: string): string {
  if (text.trim() === '') return text === '' ? '(empty)' : '(blank)';
  const delimiter = ticks(text, 1);
  const pad = text.startsWith('`') || text.endsWith('`') || (text.startsWith(' ') && text.endsWith(' '));
  return pad ? `${delimiter} ${text} ${delimiter}` : delimiter + text + delimiter;
}

/** Lines as a fenced block. */
export function fenced(lines: readonly string[], language: 'sh' | 'text'): string[] {
  const fence = ticks(lines.join('\n'), 3);
  return [fence + language, ...lines, fence];
}

function wordOf(word: string): string {
  if (!ACTIVE.test(word)) return word;
  const trailing = TRAILING.exec(word)?.[0] ?? '';
  const core = word.slice(0, word.length - trailing.length);
  const enclosed = /^\((.*)\)$/su.exec(core)?.[1] ?? null;
  if (enclosed !== null && enclosed !== '') return `(${wordOf(enclosed)})${trailing}`;
  if (core.startsWith('(') && !core.includes(')') && core.length > 1)
    return `(${wordOf(core.slice(1))}${trailing}`;
  if (core.endsWith(')') && !core.includes('(') && core.length > 1)
    return `${wordOf(core.slice(0, -1))})${trailing}`;
  return (ACTIVE.test(core) ? codeSpan(core) : core) + trailing;
}

/**
 * Prose for Markdown. Names and values in it become code spans, which is how a reader wants to see them, and
 * where links, images, HTML and mentions are only text.
 */
export function markdownText(text: string): string {
  return text.split(' ').map(wordOf).join(' ');
}
