import { expect, it } from 'vitest';
import { replacesPods, restartCommand } from '../../src/commands.ts';
import { controllerOf } from '../../src/derive/controller.ts';
import type { KubernetesObject } from '../../src/kubernetes/types.ts';

const POD = { metadata: { name: 'web-x', namespace: 'shop' } };

function controllerLike(kind: string, spec: object): ReturnType<typeof controllerOf> {
  const owner = { kind, metadata: { name: 'web', namespace: 'shop' }, spec } as KubernetesObject;
  return controllerOf(POD, { state: 'present', value: [owner], origin: 'kubernetes' });
}

const selector = { matchLabels: { app: 'web' } };
const ROLLOUT = 'kubectl rollout restart sts/web -n shop';
const BY_LABEL = 'kubectl delete pods -n shop -l app=web';

it.each([
  ['StatefulSet', { selector }, ROLLOUT, true],
  ['StatefulSet', { selector, updateStrategy: { type: 'RollingUpdate' } }, ROLLOUT, true],
  ['StatefulSet', { selector, updateStrategy: { type: 'OnDelete' } }, BY_LABEL, false],
  ['DaemonSet', { selector, updateStrategy: { type: 'OnDelete' } }, BY_LABEL, false],
  ['ReplicaSet', { selector }, BY_LABEL, false],
  ['ReplicaSet', {}, 'kubectl delete pod web-x -n shop', false],
  // What it does with its pods is its own.
  ['Rollout', { selector }, 'kubectl delete pod web-x -n shop', false],
])('%s %j is restarted by what makes new pods', (kind, spec, command, alone) => {
  const controller = controllerLike(kind, spec);
  expect(restartCommand(controller, 'web-x')).toEqual({ command });
  expect(replacesPods(controller)).toBe(alone);
});
