/** One `--federated-credentials` argument, taken apart. */
export interface CredentialsArgument {
  /** Lower case; null when the file stands for every client id without one of its own. */
  readonly clientId: string | null;
  readonly file: string;
}

/** Splits `[CLIENT_ID=]FILE`. Only a guid counts as client id, since `=` may occur in a path. */
export function splitCredentialsArgument(argument: string): CredentialsArgument {
  const [, clientId, file] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})=(.*)$/is.exec(argument) ?? [];
  if (clientId === undefined || file === undefined) return { clientId: null, file: argument };
  return { clientId: clientId.toLowerCase(), file };
}
