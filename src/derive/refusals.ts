import type { Event } from '../kubernetes/types.ts';
import { lastSeen } from './event-time.ts';
import { counts, outdatedBy, type Complaint } from './complaints.ts';

/** What stopped the API server from creating a pod, by the text it gave. */
export type RefusalKind =
  | 'no-endpoints'
  | 'tls'
  | 'unreachable'
  | 'cannot-read-service-account'
  | 'service-account-missing'
  | 'expiration'
  | 'proxy'
  | 'policy'
  | 'other';

/** One way in which pods of a controller were refused. */
export interface Refusal {
  readonly kind: RefusalKind;
  readonly message: string;
  /** RFC 3339 time of the last such event; empty when it carries none. */
  readonly last: string;
  /** The controller that could not create its pod. */
  readonly object: { readonly kind: string; readonly name: string };
}

// "failed calling webhook" is the API server's text: the webhook was not reached, or could not be trusted.
const CALL = /failed calling webhook "[^"]*azure-workload-identity[^"]*"/;
// "denied the request" is the webhook's own answer.
const DENIED = /admission webhook "[^"]*azure-workload-identity[^"]*" denied the request: (.*)/s;

const CALL_KINDS: readonly (readonly [RegExp, RefusalKind])[] = [
  [/no endpoints available|service "[^"]*" not found/, 'no-endpoints'],
  [/x509|certificate|tls:|HTTP response to HTTPS client/i, 'tls'],
];
const DENIED_KINDS: readonly (readonly [RegExp, RefusalKind])[] = [
  [/proxy sidecar/i, 'proxy'],
  [/strconv\.ParseInt|token expiration .* not valid/, 'expiration'],
  [/forbidden|cannot (get|list) resource/i, 'cannot-read-service-account'],
  [/not found/i, 'service-account-missing'],
];
const OTHER_KINDS: readonly (readonly [RegExp, RefusalKind])[] = [
  [/serviceaccounts? "[^"]*" not found|error looking up service account/i, 'service-account-missing'],
  [/violates PodSecurity|denied the request/i, 'policy'],
];

function pick(
  kinds: readonly (readonly [RegExp, RefusalKind])[],
  text: string,
  rest: RefusalKind,
): RefusalKind {
  return kinds.find(([pattern]) => pattern.test(text))?.[1] ?? rest;
}

/** Which refusal a message tells of. */
export function refusalKind(message: string): RefusalKind {
  if (CALL.test(message)) return pick(CALL_KINDS, message, 'unreachable');
  const denied = DENIED.exec(message)?.[1];
  if (denied !== undefined) return pick(DENIED_KINDS, denied, 'other');
  return pick(OTHER_KINDS, message, 'other');
}

/**
 * Refused pods, newest first.
 *
 * @param after RFC 3339: what happened before has healed, since a pod was created then; null keeps all.
 */
export function refusalsOf(events: readonly Event[], after: string | null): Refusal[] {
  return events
    .filter(({ reason }) => reason === 'FailedCreate')
    .map((event) => ({
      kind: refusalKind(event.message ?? ''),
      message: (event.message ?? '').replace(/^Error creating: (Internal error occurred: )?/, ''),
      last: lastSeen(event),
      object: { kind: event.involvedObject?.kind ?? '', name: event.involvedObject?.name ?? '' },
    }))
    .filter(({ last }) => after === null || last === '' || last > after)
    .toSorted((a, b) => (a.last < b.last ? 1 : a.last > b.last ? -1 : 0));
}

/** Messages that an API server, a kubelet or the webhook itself gives, by their names. */
const COMPLAINT_KINDS: Readonly<Record<string, RefusalKind>> = {
  'webhook-no-endpoints': 'no-endpoints',
  'webhook-tls': 'tls',
  'webhook-timeout': 'unreachable',
  'admission-service-account-unreadable': 'cannot-read-service-account',
  'service-account-not-found': 'service-account-missing',
  'admission-expiration-invalid': 'expiration',
  'admission-proxy-port-invalid': 'proxy',
  'admission-host-network-proxy': 'proxy',
  'admission-pod-security': 'policy',
};

/** A refusal that was brought or logged, rather than seen in an event: events are kept for an hour only. */
export interface ToldRefusal {
  readonly kind: RefusalKind;
  readonly complaint: Complaint;
}

/** The refusals among the errors that were brought or logged. */
export function toldRefusals(complaints: readonly Complaint[]): ToldRefusal[] {
  return complaints.flatMap((complaint) => {
    const kind = COMPLAINT_KINDS[complaint.error.kind ?? ''];
    return kind !== undefined && counts(complaint.error) && outdatedBy(complaint) === null
      ? [{ kind, complaint }]
      : [];
  });
}
