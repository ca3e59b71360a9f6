import {
  annotationOf,
  defineCheck,
  EXPIRATION_KEY,
  patchTemplateCommand,
  RESTART_FOR_ADMISSION,
  restartCommand,
  setAside,
  templateOf,
  type Check,
} from '../../src/check.ts';

const onAccount = {
  command: 'kubectl annotate serviceaccount {name} -n {namespace} {removal}',
  why: 'brings the default of one hour back, which SDKs renew by themselves',
  actor: 'developer',
  restarts: false,
} as const;
const onTemplate = {
  command: '{patch}',
  why: 'brings the default of one hour back, which SDKs renew by themselves',
  actor: 'developer',
  restarts: true,
} as const;

/** What the webhook says of a value: base-10 whole seconds between one hour and one day. */
function problemOf(value: string): string | null {
  if (!/^[+-]?\d+$/.test(value)) return 'is not a whole number of seconds';
  const seconds = Number(value);
  return seconds < 3600 || seconds > 86_400 ? 'is not between 3600 and 86400 seconds' : null;
}

const check: Check = defineCheck({
  id: 'service-account/token-expiration',
  title: 'the token lifetime asked for is one that the webhook takes',
  link: 'webhook',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'injection'],
  orUnknown: ['serviceAccount', 'owners'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/webhook.go',
    'https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html',
  ],
  outcomes: {
    taken: { status: 'pass', says: 'The webhook takes the token lifetime asked for.' },
    onAccount: {
      status: 'fail',
      code: 'SA-13',
      title: 'The token lifetime is not one that the webhook takes',
      says: 'The token lifetime {value} on service account {name} {problem}, so the webhook refuses pods of {controller}.',
      fix: [onAccount, RESTART_FOR_ADMISSION],
    },
    onAccountNext: {
      status: 'warn',
      code: 'SA-13',
      title: 'The token lifetime is not one that the webhook takes',
      says: 'The token lifetime {value} on service account {name} {problem}, so the webhook refuses the next pod of {controller}.',
      fix: [onAccount],
    },
    onPod: {
      status: 'fail',
      code: 'POD-13',
      title: 'The token lifetime is not one that the webhook takes',
      says: 'The token lifetime {value} in the pod annotations of {controller} {problem}, so the webhook refuses such pods.',
      fix: [onTemplate],
    },
    onPodNext: {
      status: 'warn',
      code: 'POD-13',
      title: 'The token lifetime is not one that the webhook takes',
      says: 'The token lifetime {value} in the pod annotations of {controller} {problem}, so the webhook refuses the next pod.',
      fix: [onTemplate],
    },
  },
  run({ workload, injection, serviceAccount, owners }, say) {
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    const { controller, object, annotations, serviceAccountName: name } = workload;
    const all = owners.state === 'present' ? owners.value : [];
    const template = all.map(templateOf).findLast((one) => one !== undefined);
    // What the next pod gets counts; an empty value falls through to the service account.
    const onPod = (template ? template.metadata?.annotations : annotations)?.[EXPIRATION_KEY] ?? '';
    const onAccountValue =
      serviceAccount.state === 'present' ? (annotationOf(serviceAccount.value, EXPIRATION_KEY) ?? '') : '';
    const value = onPod === '' ? onAccountValue : onPod;
    const problem = value === '' ? null : problemOf(value);
    if (problem === null) return say('taken', {});
    const decides = injection.now !== 'injected' && injection.obstacles.length === 0;
    const words = {
      value,
      name,
      problem,
      namespace: object.namespace,
      controller: controller.name,
      removal: `${EXPIRATION_KEY}-`,
      patch: patchTemplateCommand(controller, { metadata: { annotations: { [EXPIRATION_KEY]: null } } }),
      restart: restartCommand(controller, object.name),
    };
    const path = `metadata.annotations[${EXPIRATION_KEY}]`;
    const expected = '3600 to 86400';
    if (onPod !== '')
      return say(decides ? 'onPod' : 'onPodNext', words, {
        evidence: [{ fact: template ? 'owners' : 'workload', path, observed: value, expected }],
      });
    return say(decides ? 'onAccount' : 'onAccountNext', words, {
      about: { kind: 'ServiceAccount', name },
      evidence: [{ fact: 'serviceAccount', path, observed: value, expected }],
    });
  },
});
export default check;
