import type { Report } from '../report.ts';

/** Formats of `-o` that show one report. */
export type ReportFormat = 'table' | 'short' | 'json' | 'yaml' | 'markdown';

export interface RenderOptions {
  /** Cells per line of the terminal; only the table minds. */
  readonly columns: number;
  readonly color: boolean;
  /** Number of `-v`. */
  readonly verbosity: number;
  /** `-q`: only the headline and what to type next. */
  readonly quiet: boolean;
}

/**
 * Renders a report as text that ends with a newline.
 *
 * Each format is loaded on its own, so that a run pays only for the one it prints.
 */
export async function render(report: Report, format: ReportFormat, options: RenderOptions): Promise<string> {
  switch (format) {
    case 'table': {
      const [{ renderTable }, { colorInk, PLAIN }] = await Promise.all([
        import('./table.ts'),
        import('./ink.ts'),
      ]);
      return renderTable(report, { ...options, ink: options.color ? await colorInk() : PLAIN });
    }
    case 'short':
      return (await import('./short.ts')).renderShort(report);
    case 'json':
      return (await import('./json.ts')).renderJson(report);
    case 'yaml':
      return (await import('./yaml.ts')).renderYaml(report);
    case 'markdown':
      return (await import('./markdown.ts')).renderMarkdown(report);
  }
}
