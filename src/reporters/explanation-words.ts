import type { Cause, ExplainedError, Explanation, FieldName } from '../aadsts/explanation.ts';
import { valuesOf } from '../aadsts/read/literal.ts';
import { shellQuote } from '../fill.ts';

/** Characters that could move the cursor, colour the screen or turn the reading direction of a terminal. */
// eslint-disable-next-line no-control-regex
const DANGEROUS =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Text from outside, made harmless for a terminal: control and direction characters print as escapes. */
export function printable(text: string): string {
  return text.replace(
    DANGEROUS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `AADSTS700213`, or the name of the symptom. */
export function nameOf(error: ExplainedError): string {
  return error.code === null ? (error.kind ?? 'unknown') : `AADSTS${error.code}`;
}

/** The first sentence of the meaning, which stands alone. */
export function firstSentence(error: ExplainedError): string {
  return /^.*?\.(?=\s|$)/s.exec(error.meaning)?.[0] ?? error.meaning;
}

/** What follows the first sentence. */
export function restOfMeaning(error: ExplainedError): string {
  return error.meaning.slice(firstSentence(error).length).trim();
}

const LABELS: Readonly<Record<FieldName, string>> = {
  issuer: 'issuer',
  subject: 'subject',
  audience: 'audience',
  appId: 'client id',
  tenant: 'tenant',
  tenantName: 'directory',
  resource: 'resource',
  scope: 'scope',
  action: 'action',
  objectId: 'object id',
  keyId: 'key id',
  parameter: 'parameter',
  path: 'file',
  host: 'host',
  currentTime: 'current time',
  validFrom: 'valid from',
  validTo: 'valid to',
  traceId: 'trace id',
  correlationId: 'correlation id',
  timestamp: 'timestamp',
};

/** Label and value of everything the text said about one error, in reading order. */
export function saidBy(error: ExplainedError): readonly (readonly [string, string])[] {
  const said = (Object.entries(LABELS) as [FieldName, string][]).flatMap(([name, label]) =>
    valuesOf(error.fields[name]).map((value) => [label, printable(value)] as const),
  );
  const answer = [error.httpStatus === null ? '' : `HTTP ${error.httpStatus}`, error.oauthError ?? ''];
  const joined = answer.filter((part) => part !== '').join(' ');
  return joined === '' ? said : [...said, ['answer', joined] as const];
}

/** Causes worth acting on; those the text makes unlikely are only in the JSON document. */
export function worthTrying(error: ExplainedError): readonly Cause[] {
  return error.causes.filter((cause) => cause.likelihood !== 'unlikely');
}

/** True for a line to paste into a shell, as against a sentence to read. */
export function isCommand(line: string): boolean {
  return /^(?:kubectl|az|azwi|curl|helm|wi-doctor|date) \S/.test(line);
}

/** Why an error needs no action, or nothing. */
export function asideOf(error: ExplainedError): string | undefined {
  if (error.unrelated) return 'not about workload identity';
  return error.decides === false ? 'noise: another member of the chain decides' : undefined;
}

/** The first error that is to be acted on; undefined where there is none. */
export function mainError({ errors }: Explanation): ExplainedError | undefined {
  return errors.find((error) => asideOf(error) === undefined);
}

/**
 * `wi-doctor pod …` with what is known, to hold the text against the live cluster.
 *
 * @param namespace The one the user named, where the text names none.
 */
export function nextCommand(error: ExplainedError, namespace: string | undefined): string {
  const subject = valuesOf(error.fields.subject)[0] ?? '';
  const named = /^system:serviceaccount:([a-z0-9-]{1,63}):/.exec(subject)?.[1];
  const brought = error.code === null ? 'FILE' : nameOf(error);
  return `wi-doctor pod POD -n ${named ?? (namespace === undefined ? 'NAMESPACE' : shellQuote(namespace))} --error ${brought}`;
}
