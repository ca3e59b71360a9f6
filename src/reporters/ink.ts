/** How the parts of the screen are set off; the plain ink leaves every text as it is. */
export interface Ink {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly unsure: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly command: (text: string) => string;
}

const same = (text: string): string => text;

export const PLAIN: Ink = {
  good: same,
  bad: same,
  unsure: same,
  faint: same,
  strong: same,
  command: same,
};

/** Ink for a terminal. Chalk is loaded here and nowhere else, because piped output needs none of it. */
export async function colorInk(): Promise<Ink> {
  const { Chalk } = await import('chalk');
  // The sixteen colours of the user's own scheme: readable on light and dark ground alike.
  const { green, red, yellow, dim, bold, cyan } = new Chalk({ level: 1 });
  return {
    good: (text) => green(text),
    bad: (text) => red(text),
    unsure: (text) => yellow(text),
    faint: (text) => dim(text),
    strong: (text) => bold(text),
    command: (text) => cyan(text),
  };
}
