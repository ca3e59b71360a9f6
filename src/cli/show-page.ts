import type { Page } from './check-page.ts';
import type { ReportFormat } from './options.ts';
import { codesOf } from './select-checks.ts';
import type { Terminal } from './terminal.ts';

/** What a page is about, on one or two lines. */
function headOf({ check, code, failure }: Page): string[] {
  const about = code === null || failure === null ? [] : [`${code}: ${failure}`];
  if (check === null) return about;
  return [...about, `${check.id} (${codesOf(check).join(', ')}): ${check.title}`];
}

/**
 * A page in the format asked for.
 *
 * @param document What stands for it in a document for programs.
 */
export async function showPage(
  page: Page,
  document: object,
  { output, quiet }: { readonly output: ReportFormat; readonly quiet: boolean },
  { columns, color }: Terminal,
): Promise<string> {
  const head = headOf(page);
  switch (output) {
    case 'json':
      return `${JSON.stringify(document, null, 2)}\n`;
    case 'yaml':
      return (await import('../kubernetes/yaml-library.ts')).stringify(document, { lineWidth: 0 });
    case 'markdown':
      return page.text;
    case 'short':
      return `${head.join('\n')}\n`;
    case 'table': {
      if (quiet) return `${head.slice(0, 1).join('\n')}\n`;
      const [{ renderPage }, { colorInk, PLAIN }] = await Promise.all([
        import('../reporters/page.ts'),
        import('../reporters/ink.ts'),
      ]);
      // The head has the page's title and the id of its check already.
      const body = page.text.replace(/^# .*\n+/, '').replace(/^Check `.*`\n+/m, '');
      const [first = '', ...others] = head;
      const markdown = [`# ${first}`, ...others, body].join('\n\n');
      return renderPage(markdown, columns, color ? await colorInk() : PLAIN);
    }
  }
}
