import type { CommandText, Word } from './word.ts';
import type { Controller } from './derive/controller.ts';
import type { Workload } from './derive/workload.ts';
import { fillCommand, shellQuote } from './fill.ts';

const SHORT_KINDS: Readonly<Record<string, string>> = {
  Deployment: 'deploy',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  ReplicaSet: 'rs',
  Job: 'job',
  CronJob: 'cronjob',
  Pod: 'pod',
  ServiceAccount: 'sa',
};

/** The word kubectl's users type for a kind. */
export function shortKind(kind: string): string {
  return SHORT_KINDS[kind] ?? kind.toLowerCase();
}

const MANIFEST = 'MANIFEST.yaml';

/** Kinds that replace their pods one after the other, unless they are told to wait. */
const ROLLING: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

/**
 * The command that makes new pods of a controller, so that the webhook sees them.
 *
 * @param podName The pod at hand, for controllers that replace a deleted pod.
 */
export function restartCommand(
  { kind, namespace, name, selector, onDelete }: Controller,
  podName: string,
): CommandText {
  const scope = `-n ${shellQuote(namespace)}`;
  if (ROLLING.includes(kind) && onDelete !== true) {
    return { command: `kubectl rollout restart ${shortKind(kind)}/${shellQuote(name)} ${scope}` };
  }
  if (kind === 'CronJob')
    return {
      command: `kubectl create job ${shellQuote(`${name}-again`)} --from=cronjob/${shellQuote(name)} ${scope}`,
    };
  if (kind === 'Job' || kind === 'Pod') return { command: `kubectl replace --force -f ${MANIFEST} ${scope}` };
  // Whoever uses a service account is not known by its name.
  if (kind === 'ServiceAccount') {
    return {
      command: `kubectl get pods ${scope} --field-selector ${shellQuote(`spec.serviceAccountName=${name}`)}`,
    };
  }
  // These make new pods in place of deleted ones, and may have none at the moment.
  if (selector !== undefined && (onDelete === true || kind === 'ReplicaSet'))
    return { command: `kubectl delete pods ${scope} -l ${shellQuote(selector)}` };
  // Of any other controller no more is known than that.
  return { command: `kubectl delete pod ${shellQuote(podName)} ${scope}` };
}

/** Whether a change of the template is followed by new pods, without more to do. */
export function replacesPods({ kind, onDelete }: Controller): boolean {
  return [...ROLLING, 'Job', 'Pod'].includes(kind) && onDelete !== true;
}

/** What can be merged into a pod template: labels, annotations, or parts of the spec. */
export interface TemplatePatch {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string | null>>;
    readonly annotations?: Readonly<Record<string, string | null>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** How lists are patched: `merge` replaces them, `strategic` goes by the names in them. */
export type PatchType = 'merge' | 'strategic';

function localEdit({ namespace }: Controller, patch: TemplatePatch, type: PatchType): string {
  const scope = `-n ${shellQuote(namespace)}`;
  const change = shellQuote(JSON.stringify(patch));
  return `kubectl patch --local -f ${MANIFEST} --type ${type} -p ${change} -o yaml | kubectl replace --force -f - ${scope}`;
}

/**
 * The command that changes the pod template of a controller; a pod or job of its own is re-created from its
 * manifest, because its template cannot be changed in place.
 */
export function patchTemplateCommand(
  controller: Controller,
  patch: TemplatePatch,
  type: PatchType = 'merge',
): CommandText {
  const { kind, namespace, name } = controller;
  if (kind === 'Pod') return { command: localEdit(controller, patch, type) };
  if (kind === 'Job') return { command: localEdit(controller, { spec: { template: patch } }, type) };
  const spec = kind === 'CronJob' ? { jobTemplate: { spec: { template: patch } } } : { template: patch };
  return {
    command: `kubectl patch ${shortKind(kind)} ${shellQuote(name)} -n ${shellQuote(namespace)} --type ${type} -p ${shellQuote(JSON.stringify({ spec }))}`,
  };
}

function envCommand({ kind, namespace, name }: Controller, container: string, change: string): CommandText {
  const scope = `-n ${shellQuote(namespace)}`;
  const edit = `-c ${shellQuote(container)} ${change}`;
  if (kind === 'Pod' || kind === 'Job') {
    return {
      command: `kubectl set env --local -f ${MANIFEST} ${edit} -o yaml | kubectl replace --force -f - ${scope}`,
    };
  }
  return { command: `kubectl set env ${shortKind(kind)}/${shellQuote(name)} ${scope} ${edit}` };
}

/** The command that removes variables from one container of a controller's template. */
export function unsetEnvCommand(
  controller: Controller,
  container: string,
  ...variables: readonly string[]
): CommandText {
  return envCommand(controller, container, variables.map((variable) => `${variable}-`).join(' '));
}

/** The command that sets variables of one container of a controller's template. */
export function setEnvCommand(
  controller: Controller,
  container: string,
  variables: Readonly<Record<string, Word>>,
): CommandText {
  const change = Object.entries(variables).map(([name, value]) => fillCommand(`${name}={value}`, { value }));
  return envCommand(controller, container, change.join(' '));
}

/**
 * The command that gives a variable its right value: where the webhook sets it, the manifest's own entry only
 * has to go; elsewhere the value has to be written.
 */
export function mendEnvCommand(
  { controller, labels }: Pick<Workload, 'controller' | 'labels'>,
  container: string,
  variables: Readonly<Record<string, Word>>,
): CommandText {
  return labels['azure.workload.identity/use'] === 'true'
    ? unsetEnvCommand(controller, container, ...Object.keys(variables))
    : setEnvCommand(controller, container, variables);
}

/** A command run inside a container of a pod; undefined for a template, which runs nowhere yet. */
export function execCommand(
  { kind, object }: Pick<Workload, 'kind' | 'object'>,
  container: string,
  program: string,
): string | undefined {
  if (kind !== 'pod') return undefined;
  const { namespace, name } = object;
  return `kubectl exec ${shellQuote(name)} -n ${shellQuote(namespace)} -c ${shellQuote(container)} -- ${program}`;
}

/**
 * The command that opens the manifest of a controller for a change that no patch can make safely; a pod or job
 * is re-created from the manifest its author has changed.
 */
export function editCommand({ kind, namespace, name }: Controller): CommandText {
  const scope = `-n ${shellQuote(namespace)}`;
  if (kind === 'Pod' || kind === 'Job') {
    return {
      command: `\${EDITOR:-vi} ${MANIFEST} && kubectl replace --force -f ${MANIFEST} ${scope}`,
    };
  }
  return { command: `kubectl edit ${shortKind(kind)}/${shellQuote(name)} ${scope}` };
}
