import type { Explanation } from '../aadsts/explanation.ts';
import { asideOf, firstSentence, nameOf, printable, worthTrying } from './explanation-words.ts';

/** One line per error: name, count, first sentence, the finding codes to look at. */
export function explanationShort(explanation: Explanation): string {
  return explanation.errors
    .map((error) => {
      const count = error.count === undefined ? '' : ` x${error.count}`;
      const aside = asideOf(error);
      const codes = worthTrying(error)
        .slice(0, 5)
        .map((cause) => cause.code)
        .join(' ');
      const tail = aside ?? codes;
      return `${nameOf(error)}${count}: ${printable(firstSentence(error))}${tail === '' ? '' : ` [${tail}]`}\n`;
    })
    .join('');
}
