import {
  defineCheck,
  INJECT_PROXY_KEY,
  patchTemplateCommand,
  tokenProxyOf,
  type Check,
} from '../../src/check.ts';

const remove = {
  command: '{remove}',
  why: 'does without the proxy; SDKs that read the token file need none',
  actor: 'developer',
  restarts: true,
} as const;

const check: Check = defineCheck({
  id: 'pod/proxy-host-network',
  title: 'a pod with the proxy sidecar has a network of its own',
  link: 'webhook',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  sources: ['https://azure.github.io/azure-workload-identity/docs/known-issues.html'],
  outcomes: {
    ownNetwork: { status: 'pass', says: 'The pod has a network of its own.' },
    refused: {
      status: 'fail',
      code: 'POD-15',
      title: 'The proxy sidecar needs a network of its own',
      says: 'The template has hostNetwork and asks for the proxy sidecar, and the webhook refuses every pod with both.',
      fix: [remove],
    },
    nextRefused: {
      status: 'warn',
      code: 'POD-15',
      title: 'The proxy sidecar needs a network of its own',
      says: 'The pod has hostNetwork and asks for the proxy sidecar, so the webhook will refuse the next pod like it.',
      fix: [remove],
    },
  },
  run({ workload }, say) {
    if ((tokenProxyOf(workload)?.annotation ?? null) === null)
      return say.skip('no proxy sidecar is asked for');
    if (workload.spec.hostNetwork !== true) return say('ownNetwork', {});
    const patch = { metadata: { annotations: { [INJECT_PROXY_KEY]: null } } };
    return say(
      workload.kind === 'template' ? 'refused' : 'nextRefused',
      { remove: patchTemplateCommand(workload.controller, patch) },
      {
        evidence: [
          {
            fact: 'workload',
            path: 'spec.hostNetwork',
            observed: 'true',
            expected: 'false, or no proxy sidecar',
          },
        ],
      },
    );
  },
});
export default check;
