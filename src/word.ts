/** A value that fills a placeholder: text (quoted in commands) or a command that stands as it is. */
export type Word = string | CommandText;

/** A ready command line; not quoted again where it fills a placeholder. */
export interface CommandText {
  readonly command: string;
}

/**
 * A word for a value that only the reader knows, such as a resource group: it stands out in a command and
 * survives a paste without doing harm.
 *
 * @param what The thing to fill in: `resource group` becomes `RESOURCE_GROUP`.
 */
export function blank(what: string): CommandText {
  return { command: what.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_') };
}
