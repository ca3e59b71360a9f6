// Wide and full-width blocks of East Asian scripts and emoji; what is not listed here takes one cell.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{M}/u;
const ASCII = /^[\u0020-\u007e]*$/;

/** Letters of Europe, and our own marks, lines and dots: one cell each, told without compiling a pattern. */
function isPlain(code: number): boolean {
  return code < 0x300 || (code >= 0x2010 && code < 0x2070) || (code >= 0x2190 && code < 0x27c0);
}

function cells(character: string): number {
  if (isPlain(character.codePointAt(0) ?? 0)) return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Terminal cells that a printable text takes. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += cells(character);
  return width;
}

/** The longest beginning of a text that fits into `width` cells; never empty unless the text is. */
export function fitting(text: string, width: number): string {
  let end = 0;
  let used = 0;
  for (const character of text) {
    used += cells(character);
    if (used > width && end > 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** A text filled with blanks to `width` cells. */
export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}
