import { aksWords, defineCheck, type Check } from '../../src/check.ts';

const PROXY = 'AZURE_KUBERNETES_TOKEN_PROXY';
const AUDIENCE = 'api://AKSIdentityBinding';

const check: Check = defineCheck({
  id: 'pod/identity-binding',
  title: 'the container signs in through its identity binding',
  link: 'webhook',
  stage: 'injection',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  orUnknown: ['aksCluster'],
  sources: [
    'https://learn.microsoft.com/azure/aks/identity-bindings',
    'https://learn.microsoft.com/azure/aks/identity-bindings-concepts',
  ],
  outcomes: {
    sdkMustOptIn: {
      status: 'info',
      code: 'IB-01',
      title: 'The SDK has to be told to use the token proxy',
      says: 'The token of container {container} is only good for the identity binding (audience api://AKSIdentityBinding), so its SDK must be told to use the token proxy.',
      aadsts: [700212],
    },
    notInEffect: {
      status: 'warn',
      code: 'IB-02',
      title: 'The webhook does not know identity bindings',
      says: 'The pod asks for an identity binding, but container {container} has no AZURE_KUBERNETES_TOKEN_PROXY: the webhook does not know the annotation, and the pod signs in without a binding.',
      fix: [
        {
          command: 'az aks show {aks} --query securityProfile.workloadIdentity',
          why: 'shows whether the cluster has the webhook; identity bindings need version 1.6 of it and the IdentityBindingPreview feature',
          actor: 'Azure admin',
          restarts: false,
        },
      ],
    },
  },
  run({ workload, container, aksCluster }, say) {
    const { name, wiring, env } = container;
    if (!workload.identityBinding) return say.skip('the pod asks for no identity binding');
    if (wiring.state !== 'wired' || workload.kind !== 'pod') return say.skip('the container has no token');
    if (wiring.audience === AUDIENCE) return say('sdkMustOptIn', { container: name });
    if (env(PROXY).state !== 'unset')
      return say.skip('the container has a token of its own besides the binding');
    return say(
      'notInEffect',
      { container: name, aks: aksWords(aksCluster) },
      {
        evidence: [
          {
            fact: 'container',
            path: `spec.containers[${name}].env.${PROXY}`,
            observed: '(not set)',
            expected: 'an https URL',
          },
        ],
      },
    );
  },
});
export default check;
