import {
  defineCheck,
  INJECT_PROXY_KEY,
  patchTemplateCommand,
  tokenProxyOf,
  type Check,
} from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'pod/proxy-requested',
  title: 'the proxy sidecar is only injected where it is wanted',
  link: 'webhook',
  stage: 'injection',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  sources: ['https://github.com/Azure/azure-workload-identity/issues/1210'],
  outcomes: {
    wanted: {
      status: 'pass',
      says: 'The proxy sidecar is injected as annotation inject-proxy-sidecar says.',
    },
    unwanted: {
      status: 'warn',
      code: 'POD-14',
      title: 'The proxy sidecar is injected by mistake',
      says: 'Annotation inject-proxy-sidecar is {value}, yet the proxy sidecar is injected, because the webhook only looks whether the annotation is there.',
      fix: [
        {
          command: '{remove}',
          why: 'takes the annotation out, which is the only way to have no proxy',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload }, say) {
    const annotation = tokenProxyOf(workload)?.annotation ?? null;
    if (annotation === null) return say.skip('no proxy sidecar is asked for');
    if (annotation.toLowerCase() === 'true') return say('wanted', {});
    const patch = { metadata: { annotations: { [INJECT_PROXY_KEY]: null } } };
    return say(
      'unwanted',
      {
        value: annotation === '' ? 'empty' : annotation,
        remove: patchTemplateCommand(workload.controller, patch),
      },
      {
        evidence: [
          {
            fact: 'workload',
            path: `metadata.annotations[${INJECT_PROXY_KEY}]`,
            observed: annotation === '' ? '(empty)' : annotation,
            expected: 'no annotation',
          },
        ],
      },
    );
  },
});
export default check;
