import { printable } from '../printable.ts';

/**
 * A document as JSON, members in the order in which it was built.
 *
 * Characters that a terminal would act on are written as JSON escapes, so the text is harmless and its values
 * are exact.
 */
export function renderJson(document: unknown): string {
  return `${JSON.stringify(document, null, 2).split('\n').map(printable).join('\n')}\n`;
}
