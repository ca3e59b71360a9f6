import { blank, defineCheck, restartCommand, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'webhook/keeps-sidecars',
  title: 'the webhook keeps native sidecars as they are written',
  link: 'webhook',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'webhook'],
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
        {
          id: 'aks',
          command: 'az aks update -g {resourceGroup} -n {cluster} --enable-workload-identity',
          why: 'brings the add-on to its current release; 1.3 and later keep sidecars',
          actor: 'cluster admin',
          restarts: false,
        },
        {
          id: 'helm',
          command:
            'helm upgrade workload-identity-webhook workload-identity-webhook --repo https://azure.github.io/azure-workload-identity/charts -n {webhookNamespace} --reuse-values',
          why: 'brings the webhook to its current release; 1.3 and later keep sidecars',
          actor: 'cluster admin',
          restarts: false,
        },
        {
          command: '{restart}',
          why: 'makes new pods, whose sidecars stay sidecars',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, webhook }, say) {
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
    return say(
      'dropped',
      {
        name: object.name,
        container: dropped.name,
        version: webhook.version,
        resourceGroup: blank('resource group'),
        cluster: blank('cluster'),
        webhookNamespace: webhook.service?.namespace ?? blank('webhook namespace'),
        restart: restartCommand(controller, object.name),
      },
      {
        about: { kind: object.kind, name: object.name, container: dropped.name },
        fix: [webhook.flavour === 'aks' ? 'aks' : 'helm'],
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
