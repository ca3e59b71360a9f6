import { shortKind } from './commands.ts';
import { shellQuote } from './fill.ts';
import type { ShellCommand } from './shell-commands.ts';

/** An object as a command line names it. */
export interface NamedObject {
  /** `Deployment`; `Cluster` for the cluster as a whole. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Kinds that wi-doctor diagnoses by name. */
const KINDS = [
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'ServiceAccount',
] as const;

/** The words for a kind that suggestions are written with. */
function kindWords(kind: string): string[] {
  return [shortKind(kind), kind.toLowerCase()];
}

/** Commands of wi-doctor that look at something and take every flag of a diagnosis. */
export const DIAGNOSES: ReadonlySet<string> = new Set(['cluster', ...KINDS.flatMap(kindWords)]);

/** Whether wi-doctor can be asked about an object of this kind. */
export function isDiagnosed(kind: string): boolean {
  return KINDS.some((known) => known === kind);
}

/** The command that diagnoses an object. */
export function diagnosisCommand({ kind, namespace, name }: NamedObject): string {
  if (kind === 'Cluster') return 'wi-doctor cluster';
  return `wi-doctor ${shortKind(kind)} ${shellQuote(name)} -n ${shellQuote(namespace)}`;
}

/** Whether a command of wi-doctor diagnoses this object. */
export function diagnoses({ words }: ShellCommand, { kind, namespace, name }: NamedObject): boolean {
  const [, verb, object, ...rest] = words.map(({ text }) => text);
  if (kind === 'Cluster') return verb === 'cluster';
  return (
    kindWords(kind).some((word) => word === verb) &&
    object === shellQuote(name) &&
    rest[rest.indexOf('-n') + 1] === shellQuote(namespace)
  );
}
