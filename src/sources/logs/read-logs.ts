import { explainText } from '../../aadsts/explain-text.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import { withoutSecrets, type BroughtError } from '../errors/brought-error.ts';
import type { LogRequest } from './log-requests.ts';

const MOST_LINES = 2_000;
/** What the API server may send; a program that writes megabyte lines is cut off by it. */
const MOST_BYTES_SENT = 8 * 1024 * 1024;
/** What is kept of it, from the end. */
const MOST_BYTES_READ = 1024 * 1024;

/** What came of reading logs. */
export interface ReadLogs {
  readonly errors: readonly BroughtError[];
  /** How many could be read, whether or not there was an error in them. */
  readonly read: number;
  /** Logs that could not be read, and why. */
  readonly unread: readonly { readonly origin: string; readonly reason: string }[];
}

async function readLog(client: KubernetesClient, request: LogRequest): Promise<ReadLogs> {
  const { namespace, pod, container, previous, sinceSeconds, origin, from } = request;
  const answer = await client.text(
    pathOf(RESOURCES.pods, { namespace, name: pod, subresource: 'log' }),
    {
      container,
      ...(previous ? { previous: true } : {}),
      sinceSeconds,
      tailLines: MOST_LINES,
      limitBytes: MOST_BYTES_SENT,
    },
    { maxBytes: MOST_BYTES_READ },
  );
  if (answer.kind === 'ok') {
    const { errors } = explainText(answer.body);
    return {
      read: 1,
      unread: [],
      errors: errors.map((error) => ({
        origin,
        from,
        container: from === 'container' ? container : null,
        error: withoutSecrets(error),
      })),
    };
  }
  // A container that was never restarted after all has no such log, and a pod may have gone.
  if (previous || answer.kind === 'absent') return { read: 1, unread: [], errors: [] };
  return { read: 0, unread: [{ origin, reason: answer.reason }], errors: [] };
}

/** Whether two logs tell of the same error: the same code with the same telling values. */
function isSame(one: BroughtError, other: BroughtError): boolean {
  const { issuer, subject, audience, appId, tenant, validFrom, path } = one.error.fields;
  const telling = { issuer, subject, audience, appId, tenant, validFrom, path };
  return (
    one.error.code === other.error.code &&
    one.error.kind === other.error.kind &&
    one.from === other.from &&
    one.container === other.container &&
    Object.entries(telling).every(
      ([name, value]) =>
        String(value) === String(other.error.fields[name as keyof BroughtError['error']['fields']]),
    )
  );
}

/**
 * Reads logs, at most 2000 lines and 1 MiB of each, and keeps nothing but the errors in them.
 *
 * Rights: get pods/log in the namespaces of the pods.
 */
export async function readLogs(client: KubernetesClient, requests: readonly LogRequest[]): Promise<ReadLogs> {
  const all = await Promise.all(requests.map((request) => readLog(client, request)));
  const errors = all.flatMap((one) => one.errors);
  return {
    errors: errors.filter((error, index) => errors.findIndex((other) => isSame(other, error)) === index),
    read: all.reduce((sum, { read }) => sum + read, 0),
    unread: all.flatMap(({ unread }) => unread),
  };
}
