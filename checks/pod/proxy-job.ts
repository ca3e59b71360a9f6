import {
  defineCheck,
  INJECT_PROXY_KEY,
  patchTemplateCommand,
  tokenProxyOf,
  type Check,
} from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'pod/proxy-job',
  title: 'the proxy sidecar ends with the job',
  link: 'webhook',
  stage: 'injection',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  sources: ['https://github.com/Azure/azure-workload-identity/issues/773'],
  outcomes: {
    ends: { status: 'pass', says: 'The proxy sidecar does not keep the pod from completing.' },
    neverEnds: {
      status: 'warn',
      code: 'POD-19',
      title: 'The proxy sidecar keeps the job from ending',
      says: 'The proxy sidecar is an ordinary container of {job}, so the job never completes.',
      fix: [
        {
          command: '{remove}',
          why: 'does without the proxy; from Kubernetes 1.32 and webhook 1.5 on it is a native sidecar and ends by itself',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload }, say) {
    const sidecar = tokenProxyOf(workload)?.sidecar;
    const { controller } = workload;
    if (!sidecar) return say.skip('the pod has no proxy sidecar');
    if (controller.kind !== 'Job' && controller.kind !== 'CronJob')
      return say.skip('the pod is not of a job');
    if (sidecar.type !== 'regular') return say('ends', {});
    const patch = { metadata: { annotations: { [INJECT_PROXY_KEY]: null } } };
    return say(
      'neverEnds',
      { job: `${controller.kind} ${controller.name}`, remove: patchTemplateCommand(controller, patch) },
      {
        evidence: [
          {
            fact: 'workload',
            path: 'spec.containers[azwi-proxy]',
            observed: 'a container',
            expected: 'a native sidecar',
          },
        ],
      },
    );
  },
});
export default check;
