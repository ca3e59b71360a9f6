import {
  defineCheck,
  INJECT_PROXY_KEY,
  patchTemplateCommand,
  tokenProxyOf,
  type Check,
} from '../../src/check.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

const remove = {
  command: '{remove}',
  why: 'does without the proxy; SDKs that read the token file need none',
  actor: 'developer',
  restarts: true,
} as const;

const check: Check = defineCheck({
  id: 'pod/proxy-admission',
  title: 'the namespace admits the privileged init container of the proxy sidecar',
  link: 'webhook',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  orUnknown: ['namespace'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/issues/1424',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
  outcomes: {
    admitted: { status: 'pass', says: 'Namespace {namespace} admits the proxy sidecar.' },
    refused: {
      status: 'fail',
      code: 'POD-16',
      title: 'Pod security rules out the proxy sidecar',
      says: 'Namespace {namespace} enforces the {level} pod security standard, which refuses the privileged azwi-proxy-init container that the annotation asks for.',
      fix: [remove],
    },
    nextRefused: {
      status: 'warn',
      code: 'POD-16',
      title: 'Pod security rules out the proxy sidecar',
      says: 'Namespace {namespace} enforces the {level} pod security standard by now, which will refuse the next pod with the proxy sidecar.',
      fix: [remove],
    },
  },
  run({ workload, namespace }, say) {
    if (tokenProxyOf(workload) === null) return say.skip('no proxy sidecar is asked for');
    if (namespace.state !== 'present') return say.skip('the labels of the namespace cannot be seen');
    const level = namespace.value.metadata?.labels?.[ENFORCE] ?? 'privileged';
    const patch = { metadata: { annotations: { [INJECT_PROXY_KEY]: null } } };
    const words = {
      namespace: workload.object.namespace,
      level,
      remove: patchTemplateCommand(workload.controller, patch),
    };
    if (level !== 'baseline' && level !== 'restricted') return say('admitted', words);
    return say(workload.kind === 'template' ? 'refused' : 'nextRefused', words, {
      evidence: [
        { fact: 'namespace', path: `metadata.labels[${ENFORCE}]`, observed: level, expected: 'privileged' },
      ],
    });
  },
});
export default check;
