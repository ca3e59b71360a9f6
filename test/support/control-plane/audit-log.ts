import { readFileSync, statSync } from 'node:fs';

import { requestInfo, resourceLabel } from '../kubernetes/request.ts';
import type { LoggedRequest } from '../kubernetes/request-log.ts';

interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly requestURI: string;
  readonly verb: string;
  readonly user: { readonly username?: string };
  readonly userAgent?: string;
  readonly requestObject?: unknown;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

const METHODS: Readonly<Record<string, string>> = {
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
};

/** How long the log is by now, for `requestsIn` later. */
export function endOf(auditLog: string): number {
  return statSync(auditLog).size;
}

/** The requests of one user that the server itself has written down since then, in order. */
export function requestsIn(auditLog: string, from: number, user: string): LoggedRequest[] {
  const events = readFileSync(auditLog)
    .subarray(from)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter((event) => event.user.username === user);
  return events
    .filter(({ stage }) => stage === 'RequestReceived')
    .map((event) =>
      loggedRequest(
        event,
        events.find(({ auditID, stage }) => auditID === event.auditID && stage !== 'RequestReceived'),
      ),
    );
}

function loggedRequest(event: AuditEvent, complete: AuditEvent | undefined): LoggedRequest {
  const url = new URL(event.requestURI, 'https://loopback.invalid');
  const method = METHODS[event.verb] ?? 'GET';
  const info = requestInfo({ method, path: url.pathname, query: url.searchParams });
  return {
    ...info,
    method,
    query: Object.fromEntries(url.searchParams),
    headers: { 'user-agent': event.userAgent ?? '' },
    resource: info.resourceRequest ? resourceLabel(info) : info.path,
    // As the server understood it, defaults included.
    body: complete?.requestObject === undefined ? '' : JSON.stringify(complete.requestObject),
    arrived: Date.parse(event.requestReceivedTimestamp),
    ...(complete ? { answered: Date.parse(complete.stageTimestamp) } : {}),
  };
}
