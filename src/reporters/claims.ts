import { printable } from '../printable.ts';
import { explainClaims } from '../sources/token/claims.ts';
import type { DecodedJwt } from '../sources/token/types.ts';
import { wrap } from './wrap.ts';

/** Every claim of a token with one plain sentence, as a block below the report. @param now RFC 3339. */
export function renderClaims(token: DecodedJwt, now: string, columns: number): string {
  const claims = explainClaims(token, now);
  const width = Math.max(...claims.map(({ claim }) => printable(claim).length)) + 2;
  const lines = claims.flatMap(({ claim, words }) =>
    wrap(printable(words), columns - width - 2).map(
      (line, index) => `  ${(index === 0 ? printable(claim) : '').padEnd(width)}${line}`,
    ),
  );
  return `\n  What the token says\n${lines.join('\n')}\n`;
}
