import type { CommandText } from './check.ts';
import type { Controller } from './derive/controller.ts';
import { shellQuote } from './fill.ts';

const SHORT_KINDS: Readonly<Record<string, string>> = {
  Deployment: 'deploy',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  ReplicaSet: 'rs',
  Job: 'job',
  CronJob: 'cronjob',
  Pod: 'pod',
};

function short(kind: string): string {
  return SHORT_KINDS[kind] ?? kind.toLowerCase();
}

const MANIFEST = 'MANIFEST.yaml';

/**
 * The command that makes new pods of a controller, so that the webhook sees them.
 *
 * @param podName The pod at hand, for controllers that replace a deleted pod.
 */
export function restartCommand({ kind, namespace, name }: Controller, podName: string): CommandText {
  const scope = `-n ${shellQuote(namespace)}`;
  if (kind === 'Deployment' || kind === 'StatefulSet' || kind === 'DaemonSet') {
    return { command: `kubectl rollout restart ${short(kind)}/${shellQuote(name)} ${scope}` };
  }
  if (kind === 'CronJob')
    return {
      command: `kubectl create job ${shellQuote(`${name}-again`)} --from=cronjob/${shellQuote(name)} ${scope}`,
    };
  if (kind === 'Job' || kind === 'Pod') return { command: `kubectl replace --force -f ${MANIFEST} ${scope}` };
  // Any other controller makes a new pod in place of a deleted one.
  return { command: `kubectl delete pod ${shellQuote(podName)} ${scope}` };
}

/** What can be merged into a pod template: labels, annotations, or parts of the spec. */
export interface TemplatePatch {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string | null>>;
    readonly annotations?: Readonly<Record<string, string | null>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

function localEdit({ namespace }: Controller, patch: TemplatePatch): string {
  const scope = `-n ${shellQuote(namespace)}`;
  const change = shellQuote(JSON.stringify(patch));
  return `kubectl patch --local -f ${MANIFEST} --type merge -p ${change} -o yaml | kubectl replace --force -f - ${scope}`;
}

/**
 * The command that changes the pod template of a controller; a pod or job of its own is re-created from its
 * manifest, because its template cannot be changed in place.
 */
export function patchTemplateCommand(controller: Controller, patch: TemplatePatch): CommandText {
  const { kind, namespace, name } = controller;
  if (kind === 'Pod') return { command: localEdit(controller, patch) };
  if (kind === 'Job') return { command: localEdit(controller, { spec: { template: patch } }) };
  const spec = kind === 'CronJob' ? { jobTemplate: { spec: { template: patch } } } : { template: patch };
  return {
    command: `kubectl patch ${short(kind)} ${shellQuote(name)} -n ${shellQuote(namespace)} --type merge -p ${shellQuote(JSON.stringify({ spec }))}`,
  };
}

/** The command that removes a variable from one container of a controller's template. */
export function unsetEnvCommand(
  { kind, namespace, name }: Controller,
  container: string,
  variable: string,
): CommandText {
  const scope = `-n ${shellQuote(namespace)} -c ${shellQuote(container)} ${variable}-`;
  if (kind === 'Pod' || kind === 'Job') {
    return {
      command: `kubectl set env --local -f ${MANIFEST} -c ${shellQuote(container)} ${variable}- -o yaml | kubectl replace --force -f - -n ${shellQuote(namespace)}`,
    };
  }
  return { command: `kubectl set env ${short(kind)}/${shellQuote(name)} ${scope}` };
}
