/** How strongly the text points at a cause: `certain` only when the text itself proves it. */
export type Likelihood = 'certain' | 'likely' | 'possible' | 'unlikely';

/** One possible cause of an error. */
export interface Cause {
  /** Finding code, such as `FIC-05`. */
  readonly code: string;
  readonly likelihood: Likelihood;
  /** How to make sure, with the values of the text filled in where it had them. */
  readonly confirm: string;
  /** What to do; commands stand on lines of their own, values are quoted for a POSIX shell. */
  readonly fix: string;
}

/**
 * A value of the text: a string, or an array where the text itself gives several
 * (a retried call has several trace ids, an edited log may name two tenants).
 */
export type FieldValue = string | readonly string[];

/**
 * What the text says, never more: each value is a literal substring of the decoded text.
 * A member is missing when the text lacks it or masks it.
 */
export interface Fields {
  /** `iss` of the presented token. */
  readonly issuer?: FieldValue;
  /** `sub` of the presented token, for Kubernetes `system:serviceaccount:<namespace>:<name>`. */
  readonly subject?: FieldValue;
  readonly audience?: FieldValue;
  /** The client id as sent, which may be anything but a GUID. */
  readonly appId?: FieldValue;
  /** GUID, domain or, where the text has nothing better, the display name of the directory. */
  readonly tenant?: FieldValue;
  readonly traceId?: FieldValue;
  readonly correlationId?: FieldValue;
  /** As printed: `yyyy-MM-dd HH:mm:ssZ`, with a `T` on sign-in pages. */
  readonly timestamp?: FieldValue;
  readonly currentTime?: FieldValue;
  readonly validFrom?: FieldValue;
  readonly validTo?: FieldValue;
  /** Display name of the directory where `tenant` holds its id. */
  readonly tenantName?: FieldValue;
  /** Resource or application id URI a token was asked for. */
  readonly resource?: FieldValue;
  /** OAuth scope, or the ARM scope of a refused call. */
  readonly scope?: FieldValue;
  /** Action a resource refused, such as `Microsoft.Network/dnsZones/TXT/write`. */
  readonly action?: FieldValue;
  /** Object (principal) id of the caller as a resource sees it. */
  readonly objectId?: FieldValue;
  /** Key id or certificate thumbprint. */
  readonly keyId?: FieldValue;
  /** Name of a request parameter or variable that is missing. */
  readonly parameter?: FieldValue;
  /** File that could not be read. */
  readonly path?: FieldValue;
  /** Host that could not be reached or trusted. */
  readonly host?: FieldValue;
}

export type FieldName = keyof Fields;

/** One error of the text: an AADSTS code or, without one, a known symptom. */
export interface ExplainedError {
  /** AADSTS number, or null for a message without one; then `kind` is set. */
  readonly code: number | null;
  /** Kebab-case name of the symptom, such as `imds-identity-not-found`. */
  readonly kind?: string;
  readonly oauthError: string | null;
  readonly httpStatus: number | null;
  readonly fields: Fields;
  /** True only on evidence in the text: a user-flow code, a sign-in page, a call the program calls optional. */
  readonly unrelated: boolean;
  /** False for members of a credential chain that another member overrules. */
  readonly decides?: false;
  /** How many times it happened, when more than once. */
  readonly count?: number;
  /** What it means here; the first sentence stands alone. */
  readonly meaning: string;
  /** Most likely first. */
  readonly causes: readonly Cause[];
  /** Other AADSTS codes of the same trouble: older numbers, splits, siblings. */
  readonly related?: readonly number[];
  /** Where the knowledge comes from. */
  readonly sources?: readonly Source[];
}

/** A page and the month it was read, since Microsoft says that codes and texts may change at any time. */
export interface Source {
  readonly url: string;
  /** `yyyy-MM`. */
  readonly read: string;
}

/** The document of `explain -o json`. */
export interface Explanation {
  readonly schemaVersion: 'wi-doctor.explanation/v1';
  /** The deciding error first; empty when nothing was recognised. */
  readonly errors: readonly ExplainedError[];
  /** Said in a sentence when nothing was recognised. */
  readonly headline?: string;
}
