import { defineCheck, mendWebhook, restartCommand, webhookWords, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'webhook/keeps-sidecars',
  title: 'the webhook keeps native sidecars as they are written',
  link: 'webhook',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'webhook'],
  orUnknown: ['webhookDeployments', 'aksCluster'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/issues/1312',
    'https://github.com/istio/istio/issues/49221',
  ],
  outcomes: {
    kept: { status: 'pass', says: 'No native sidecar of pod {name} was changed.' },
    dropped: {
      status: 'fail',
      code: 'WH-10',
      title: 'Webhook {version} breaks native sidecars',
      says: 'Container {container} is written as a sidecar (restartPolicy Always), but webhook {version} dropped that from pod {name}, which now waits for it to end.',
      fix: [
        ...mendWebhook(
          '--reuse-values',
          'brings the webhook to its current release; 1.3 and later keep sidecars',
        ),
        {
          command: '{restart}',
          why: 'makes new pods, whose sidecars stay sidecars',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, webhook, webhookDeployments, aksCluster }, say) {
    const { object, controller } = workload;
    if (!workload.injected) return say.skip('the webhook does not touch the pod');
    const written = workload.manifest?.spec?.initContainers ?? [];
    const dropped = workload.containers.find(
      ({ type, name }) =>
        type === 'init' && written.some((one) => one.name === name && one.restartPolicy === 'Always'),
    );
    // A newer webhook did not do it, and without a version it is anyone's guess.
    if (!dropped || webhook.version === null || !/^(0|1\.[0-2])\./.test(webhook.version))
      return say('kept', { name: object.name });
    const mending = webhookWords(webhook, webhookDeployments, aksCluster);
    return say(
      'dropped',
      {
        name: object.name,
        container: dropped.name,
        version: webhook.version,
        ...mending.words,
        restart: restartCommand(controller, object.name),
      },
      {
        about: { kind: object.kind, name: object.name, container: dropped.name },
        fix: [mending.fix],
        evidence: [
          {
            fact: 'workload',
            path: `spec.initContainers[${dropped.name}].restartPolicy`,
            observed: 'not set',
            expected: 'Always',
            labels: { observed: 'pod', expected: 'template' },
          },
        ],
      },
    );
  },
});
export default check;
