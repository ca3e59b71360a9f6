import type { Reply } from '../faults.ts';
import { containerOf } from './exec.ts';
import type { StoredObject } from './objects.ts';
import { badRequest } from './status.ts';

/** pods/log: the text under `ns/pod/container`, or `…/previous` for the container before the restart. */
export function logReply(pod: StoredObject, logs: Record<string, string>, query: URLSearchParams): Reply {
  const container = containerOf(pod, query.get('container'));
  if (typeof container !== 'string') return container;
  const { namespace, name } = pod.metadata;
  const id = `${namespace}/${name}/${container}`;
  const previous = query.get('previous') === 'true';
  const text = logs[previous ? `${id}/previous` : id];
  if (text === undefined && previous) {
    return badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  }
  const lines = (text ?? '').split(/(?<=\n)/);
  const tail = query.get('tailLines');
  const kept = (tail === null ? lines : lines.slice(Math.max(0, lines.length - Number(tail)))).join('');
  const limit = query.get('limitBytes');
  return {
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: limit === null ? kept : Buffer.from(kept).subarray(0, Number(limit)),
  };
}
