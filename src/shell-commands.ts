/** One word of a command line as it is written, quotes included, with its place in the line. */
export interface ShellWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One program and its words, as they stand between operators or inside `$(…)`. */
export interface ShellCommand {
  /** Never empty. What a redirection names is no word. */
  readonly words: readonly ShellWord[];
  /** Where further flags go: before `--`, before the first redirection, else at the end. */
  readonly flagsAt: number;
}

const OPERATOR = /^(?:&&|\|\||[|;&\n])/;
const REDIRECTION = /^\d*(?:>>|[<>]&?)/;
const QUOTED = /^(?:'[^']*'|\$'(?:\\.|[^'\\])*'|\\.)/s;
const END_OF_WORD = /^[\s;|&<>)]/;

class Scanner {
  readonly found: ShellCommand[] = [];
  private readonly line: string;

  constructor(line: string) {
    this.line = line;
  }

  /** Reads up to the end of the line or of a substitution. Null where a quote or parenthesis stays open. */
  commands(from: number): number | null {
    let at = from;
    let words: ShellWord[] = [];
    let flagsAt: number | null = null;
    let redirects = false;
    const finish = (): void => {
      const last = words.at(-1);
      if (last) this.found.push({ words, flagsAt: flagsAt ?? last.end });
      words = [];
      flagsAt = null;
      redirects = false;
    };
    for (;;) {
      const rest = this.line.slice(at);
      const skipped = /^[ \t]+/.exec(rest) ?? REDIRECTION.exec(rest) ?? OPERATOR.exec(rest);
      if (rest === '' || rest.startsWith(')')) {
        finish();
        return at;
      }
      if (skipped) {
        const [text] = skipped;
        if (REDIRECTION.test(text)) {
          redirects = true;
          flagsAt ??= words.at(-1)?.end ?? null;
        } else if (OPERATOR.test(text)) finish();
        at += text.length;
        continue;
      }
      const end = this.word(at);
      if (end === null || end === at) return null;
      const text = this.line.slice(at, end);
      if (text === '--') flagsAt ??= words.at(-1)?.end ?? null;
      if (!redirects) words.push({ text, start: at, end });
      redirects = false;
      at = end;
    }
  }

  private word(from: number): number | null {
    let at = from;
    while (at < this.line.length && !END_OF_WORD.test(this.line.slice(at, at + 1))) {
      const end = this.part(at);
      if (end === null) return null;
      at = end;
    }
    return at;
  }

  /** One character, or one quoted or substituted stretch, of a word. */
  private part(at: number): number | null {
    const rest = this.line.slice(at);
    const quoted = QUOTED.exec(rest)?.[0];
    if (quoted !== undefined) return at + quoted.length;
    if (rest.startsWith('$(')) return this.substitution(at);
    if (rest.startsWith('"')) return this.doubleQuoted(at + 1);
    return /^(?:\$?'|\\)/.test(rest) ? null : at + 1;
  }

  private substitution(at: number): number | null {
    const end = this.commands(at + 2);
    return end !== null && this.line.startsWith(')', end) ? end + 1 : null;
  }

  private doubleQuoted(from: number): number | null {
    let at = from;
    while (at < this.line.length) {
      if (this.line.startsWith('"', at)) return at + 1;
      const end: number | null = this.line.startsWith('$(', at)
        ? this.substitution(at)
        : at + (this.line.startsWith('\\', at) ? 2 : 1);
      if (end === null) return null;
      at = end;
    }
    return null;
  }
}

/**
 * The commands in a line for a POSIX shell, those inside `$(…)` included, in the order in which they begin.
 *
 * Reads what suggested commands are made of: quotes, `$'…'`, `&&`, pipes, redirections and substitutions.
 *
 * @returns Null for a line whose end a shell would wait for, because a quote or parenthesis stays open.
 */
export function shellCommands(line: string): readonly ShellCommand[] | null {
  const scanner = new Scanner(line);
  const end = scanner.commands(0);
  if (end !== line.length) return null;
  return scanner.found.toSorted((a, b) => (a.words[0]?.start ?? 0) - (b.words[0]?.start ?? 0));
}
