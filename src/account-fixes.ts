import type { CommandText, Word } from './word.ts';
import { mendEnvCommand, restartCommand } from './commands.ts';
import type { EffectiveValue, Workload } from './derive/workload.ts';

/** Makes new pods, because the webhook reads annotations of a service account only then. */
export const RESTART_FOR_ANNOTATION = {
  command: '{restart}',
  why: 'the webhook reads the annotation only as it creates a pod',
  actor: 'developer',
  restarts: true,
} as const;

/** Makes new pods, because the webhook sees pods only then. */
export const RESTART_FOR_WEBHOOK = {
  command: '{restart}',
  why: 'the webhook only sees pods as they are created',
  actor: 'developer',
  restarts: true,
} as const;

/** Makes new pods where so far none could be created. */
export const RESTART_FOR_ADMISSION = {
  command: '{restart}',
  why: 'new pods are created again',
  actor: 'developer',
  restarts: true,
} as const;

/** Makes new pods behind a change of the template, where `replacesPods` says that they do not come by themselves. */
export const RESTART_BY_HAND = {
  id: 'again',
  command: '{restart}',
  why: 'this controller does not replace its pods by itself',
  actor: 'developer',
  restarts: true,
} as const;

/** What a service account says of an identity. */
type AnnotationKey = 'client-id' | 'tenant-id';

/** A command that writes an annotation of the webhook to a service account. */
export interface Annotate<Key extends AnnotationKey, Why extends string> {
  readonly command: `kubectl annotate serviceaccount {serviceAccount} -n {namespace} azure.workload.identity/${Key}={wanted} --overwrite`;
  readonly why: Why;
  readonly actor: 'developer';
  readonly restarts: false;
}

/**
 * Names the identity or its tenant on the service account.
 *
 * @param why Which one, in a clause.
 */
export function annotate<const Key extends AnnotationKey, const Why extends string>(
  key: Key,
  why: Why,
): Annotate<Key, Why> {
  return {
    command: `kubectl annotate serviceaccount {serviceAccount} -n {namespace} azure.workload.identity/${key}={wanted} --overwrite`,
    why,
    actor: 'developer',
    restarts: false,
  };
}

/** The same for a container, whatever it has the value from: `givenBy` picks by id what has an effect. */
export type Give<Key extends AnnotationKey, Why extends string> = readonly [
  Annotate<Key, Why> & { readonly id: 'annotate' },
  typeof RESTART_FOR_ANNOTATION & { readonly id: 'restart' },
  {
    readonly id: 'env';
    readonly command: '{mend}';
    readonly why: 'a value in the manifest counts before the annotation';
    readonly actor: 'developer';
    readonly restarts: true;
  },
];

/** Gives containers the right client id or tenant, by the annotation or by their own manifest. */
export function give<const Key extends AnnotationKey, const Why extends string>(
  key: Key,
  why: Why,
): Give<Key, Why> {
  return [
    { ...annotate(key, why), id: 'annotate' },
    { ...RESTART_FOR_ANNOTATION, id: 'restart' },
    {
      id: 'env',
      command: '{mend}',
      why: 'a value in the manifest counts before the annotation',
      actor: 'developer',
      restarts: true,
    },
  ];
}

/** The words of commands about the service account of a workload. */
export function accountWords({ serviceAccountName, object, controller }: Workload): {
  readonly serviceAccount: string;
  readonly namespace: string;
  readonly restart: CommandText;
} {
  return {
    serviceAccount: serviceAccountName,
    namespace: object.namespace,
    restart: restartCommand(controller, object.name),
  };
}

/** A value that has to be given to a container. */
interface Given {
  readonly variable: 'AZURE_CLIENT_ID' | 'AZURE_TENANT_ID';
  readonly container: string;
  /** What it has now. */
  readonly effective: EffectiveValue;
  readonly wanted: Word;
}

/** The words of `give`, and which of its commands have an effect on the container. */
export function givenBy(
  workload: Workload,
  { variable, container, effective, wanted }: Given,
): {
  readonly words: ReturnType<typeof accountWords> & { readonly wanted: Word; readonly mend: CommandText };
  readonly fix: readonly string[];
} {
  const preset = effective.state === 'known' && effective.from === 'env';
  const injects = workload.labels['azure.workload.identity/use'] === 'true';
  return {
    words: {
      ...accountWords(workload),
      wanted,
      mend: mendEnvCommand(workload, container, { [variable]: wanted }),
    },
    fix: !preset ? ['annotate', 'restart'] : injects ? ['annotate', 'env'] : ['env'],
  };
}
