/** Formats of an explanation. */
export type ExplainFormat = 'table' | 'short' | 'json' | 'yaml' | 'markdown';
