/**
 * Breaks a sentence at blanks.
 *
 * @param width Characters per line; a longer word stands alone on its line.
 * @param indent Put before every line but the first.
 */
export function wrapProse(text: string, width: number, indent: string): string[] {
  const lead = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = lead;
  for (const word of text.trim().split(/ +/)) {
    const joined = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
    if (joined.length <= width || line.trim() === '') line = joined;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return [...lines, line];
}

/** Breaks a command before an option, with a backslash, so that it can still be pasted as a whole. */
export function wrapCommand(command: string, width: number): string[] {
  const parts = optionsOf(command);
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const joined = line === '' ? part : `${line} ${part}`;
    if (joined.length + 2 <= width || !line.trim().includes(' ')) line = joined;
    else {
      lines.push(`${line} \\`);
      line = `  ${part}`;
    }
  }
  return [...lines, line];
}

/** The command and its options, each with its value; blanks inside quotes do not part. */
function optionsOf(command: string): string[] {
  const words = command.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [command];
  const parts: string[] = [];
  for (const word of words) {
    if (parts.length === 0 || /^--?[a-z]/i.test(word) || /^[|&]+$/.test(word)) parts.push(word);
    else parts[parts.length - 1] += ` ${word}`;
  }
  return parts;
}
