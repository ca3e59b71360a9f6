/** Every way in which wi-doctor itself, not the user's set-up, can fail. All of them end with exit code 2. */
export type WiDoctorErrorCode =
  /** The command line is wrong. */
  | 'USAGE'
  /** A file named on the command line cannot be read, or does not hold what it should. */
  | 'INPUT'
  /** The kubeconfig is missing, broken or names a context that does not exist. */
  | 'KUBECONFIG'
  /** The API server cannot be reached, or does not let this user in at all. */
  | 'CLUSTER'
  /** The object the user named does not exist. */
  | 'NOT_FOUND'
  /** A bundle or dump cannot be understood. */
  | 'BUNDLE';

/**
 * An expected failure: what was wrong in `message`, what to type next in `hint`.
 *
 * Anything thrown that is not a `WiDoctorError` is a bug of wi-doctor and is reported as one.
 */
export class WiDoctorError extends Error {
  readonly code: WiDoctorErrorCode;
  /** One imperative sentence for the reader, or nothing. */
  readonly hint: string | undefined;

  constructor(code: WiDoctorErrorCode, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'WiDoctorError';
    this.code = code;
    this.hint = options.hint;
  }
}
