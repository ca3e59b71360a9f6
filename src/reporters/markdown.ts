import type { Report } from '../report.ts';
import { renderShort } from './short.ts';

/** A first, plain form: the short report in a fence that nothing in it can close. */
export function renderMarkdown(report: Report): string {
  const text = renderShort(report);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}${fence}\n`;
}
