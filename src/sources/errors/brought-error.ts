import type { ExplainedError, FieldName, Fields, FieldValue } from '../../aadsts/explanation.ts';

/** One explained error, and where it was read. Holds no line of a log, only the values the explainer knows. */
export interface BroughtError {
  /** `--error`, `log of container app`, `log of container app (previous)`, `webhook log`. */
  readonly origin: string;
  /** `user`: brought with `--error`, and so the one that is to be explained. */
  readonly from: 'user' | 'container' | 'webhook';
  /** The container in whose log it stands. */
  readonly container: string | null;
  readonly error: ExplainedError;
}

/** Three dot-separated parts of base64url, the first of them JSON: a token that somebody logged. */
const TOKEN = /eyJ[\w-]{5,}\.[\w-]*\.?[\w-]*/g;
const USER_INFO = /(\/\/)[^/@\s]*@/g;

function harmless(text: string): string {
  return text.replaceAll(TOKEN, '***').replaceAll(USER_INFO, '$1');
}

function harmlessValue(value: FieldValue): FieldValue {
  return typeof value === 'string' ? harmless(value) : value.map(harmless);
}

/** An explained error without what a careless program may have logged into its values: tokens and passwords. */
export function withoutSecrets(error: ExplainedError): ExplainedError {
  const fields = Object.fromEntries(
    (Object.entries(error.fields) as [FieldName, FieldValue][]).map(([name, value]) => [
      name,
      harmlessValue(value),
    ]),
  ) as Fields;
  return {
    ...error,
    fields,
    meaning: harmless(error.meaning),
    causes: error.causes.map((cause) => ({
      ...cause,
      confirm: harmless(cause.confirm),
      fix: harmless(cause.fix),
    })),
  };
}
