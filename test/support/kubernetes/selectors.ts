import type { StoredObject } from './objects.ts';

type Predicate = (object: StoredObject) => boolean;

/** A label selector with all of kubectl's operators: `a`, `!a`, `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`. */
export function labelPredicate(selector: string): Predicate {
  const terms = selector.match(/[^,(]+(\([^)]*\))?/g) ?? [];
  const tests = terms.map((term) => labelTerm(term.trim()));
  return ({ metadata }) => tests.every((test) => test(metadata.labels ?? {}));
}

function labelTerm(term: string): (labels: Record<string, string>) => boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => {
      const value = labels[key];
      return operator === 'in'
        ? value !== undefined && values.includes(value)
        : value === undefined || !values.includes(value);
    };
  }
  const equality = /^([^=!]+?)\s*(!=|==?)\s*(.*)$/.exec(term);
  if (equality) {
    const [, key = '', operator, value = ''] = equality;
    return (labels) => (operator === '!=' ? labels[key] !== value : labels[key] === value);
  }
  if (term.startsWith('!')) return (labels) => labels[term.slice(1).trim()] === undefined;
  return (labels) => labels[term] !== undefined;
}

/** The fields each kind can be selected by; asking for another one is a 400, as on the real server. */
const FIELDS: Record<string, string[]> = {
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  ReplicaSet: ['status.replicas'],
  Job: ['status.successful'],
  Secret: ['type'],
};

/** The predicate, or the server's complaint about a field this kind cannot be selected by. */
export function fieldPredicate(selector: string, kind: string): Predicate | { complaint: string } {
  const tests: Predicate[] = [];
  for (const term of selector.split(',').filter((part) => part !== '')) {
    const [, field = '', operator, value = ''] = /^([^=!]+)(!=|==?)(.*)$/.exec(term) ?? [];
    if (operator === undefined) {
      return { complaint: `invalid selector: '${selector}'; can't understand '${term}'` };
    }
    if (!['metadata.name', 'metadata.namespace', ...(FIELDS[kind] ?? [])].includes(field)) {
      return { complaint: `field label not supported: ${field}` };
    }
    tests.push((object) => (operator === '!=') !== (at(object, field) === value));
  }
  return (object) => tests.every((test) => test(object));
}

function at(object: StoredObject, path: string): string {
  let value: unknown = object;
  for (const step of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[step];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
