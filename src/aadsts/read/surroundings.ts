import type { FieldCollector } from './literal.ts';
import { SLOTS, slotPattern } from './slots.ts';

const GUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f-])';
/** A GUID, also with digits crossed out or one lost in an edited log. */
const TENANT_SEGMENT =
  /^(?=[^-]*[0-9a-f])[0-9a-f]{4,12}(?:-[0-9a-zA-Z]{2,14}){4}$|^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}$/i;
const AUTHORITY_PATH =
  /login\.(?:microsoftonline\.(?:com|us|de)|chinacloudapi\.cn|partner\.microsoftonline\.cn|windows\.net|microsoft\.com)\/{1,3}([^/\s"'?#)\]}]{1,120})/gi;
const OAUTH =
  /(?<![\w-])(?:invalid_request|invalid_client|invalid_grant|unauthorized_client|unsupported_grant_type|invalid_scope|invalid_resource|invalid_tenant|invalid_instance|interaction_required|consent_required|login_required|temporarily_unavailable|server_error|access_denied|bad_token|expired_token)(?!\w)/g;
const STATUS = new RegExp(
  [
    'status[-_ ]?code["\']?(?: was)?\\s{0,4}[:=]?\\s{0,4}[\'"]{0,2}\\(?([45]\\d\\d)\\b',
    'rsp_status\\s{0,4}=\\s{0,4}([45]\\d\\d)\\b',
    '\\bstatus["\']?\\s{0,4}[:=]\\s{0,4}["\']?([45]\\d\\d)\\b',
    '\\bRESPONSE:? ([45]\\d\\d)\\b',
    '\\bHTTP(?:/[\\d.]{1,3})?(?: Error| status(?: code)?| response)?[ :=]{1,3}([45]\\d\\d)\\b',
    '\\b(?:ResponseCode|response code|error code)["\']?\\s{0,4}[:=]?\\s{0,4}([45]\\d\\d)\\b',
    '\\b([45]\\d\\d) (?:Bad Request|Unauthorized|Forbidden|Not Found|Proxy Authentication|Too Many Requests|Internal Server Error|Service Unavailable|Client Error)',
    '\\bcode[=:] ?([45]\\d\\d)\\b',
    '\\b(?:Bad ?Request|Unauthorized|Forbidden) \\(([45]\\d\\d)\\)',
  ].join('|'),
  'gi',
);

/** Fills every slot of Entra's sentence. */
export function readSlots(sentence: string, into: FieldCollector): void {
  const lower = sentence.toLowerCase();
  for (const slot of SLOTS) {
    if (!lower.includes(slot.hint)) continue;
    const value = slotPattern(slot).exec(sentence)?.groups?.['value'];
    into.add(slot.field, value, slot.sent === true ? { sent: true } : {});
  }
}

const TRACE = new RegExp(`\\b(?:Trace|Request)[\\s_]{0,40}ID["']?\\s{0,40}:\\s{0,400}["']?(${GUID})`, 'gi');
const CORRELATION = new RegExp(`\\bCorrelation[\\s_]{0,40}ID["']?\\s{0,40}:\\s{0,400}["']?(${GUID})`, 'gi');
const TIMESTAMP = /\bTimestamp["']?\s{0,40}:\s{0,400}["']?(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\dZ)/gi;

/** Reads trace id, correlation id and timestamp as Entra prints them; returns how far they reach. */
export function readIds(text: string, into: FieldCollector): number {
  let reach = 0;
  for (const [field, pattern] of [
    ['traceId', TRACE],
    ['correlationId', CORRELATION],
    ['timestamp', TIMESTAMP],
  ] as const) {
    for (const match of text.matchAll(pattern)) {
      into.add(field, match[1]);
      reach = Math.max(reach, match.index + match[0].length);
    }
  }
  return reach;
}

/** Tenants named by the address of a token or discovery request. */
export function tenantsInAddresses(text: string): string[] {
  return Array.from(text.matchAll(AUTHORITY_PATH), (match) => match[1] ?? '').filter((segment) =>
    TENANT_SEGMENT.test(segment),
  );
}

/** True for a GUID or a domain, as against the display name of a directory. */
export function isTenantId(value: string): boolean {
  return TENANT_SEGMENT.test(value) || /^[0-9a-zA-Z]{1,12}(?:-[0-9a-zA-Z]{1,12}){4}$/.test(value);
}

/** The OAuth error nearest to an error that lies between the two pieces of text. */
export function nearestOauthError(before: string, after: string): string | null {
  const last = Array.from(before.matchAll(OAUTH)).at(-1)?.[0];
  return last ?? after.match(OAUTH)?.[0] ?? null;
}

/** The HTTP status nearest to an error that lies between the two pieces of text. */
export function nearestHttpStatus(before: string, after: string): number | null {
  const digits = statuses(before).at(-1) ?? statuses(after)[0];
  return digits === undefined ? null : Number(digits);
}

function statuses(text: string): string[] {
  return Array.from(
    text.matchAll(STATUS),
    (match) => match.slice(1).find((group) => group !== undefined) ?? '',
  );
}
