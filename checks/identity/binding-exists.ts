import { bindIdentity, bindingWords, defineCheck, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'identity/binding-exists',
  title: 'the cluster has an identity binding for the identity',
  link: 'identity',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'never',
  needs: ['identityBindings', 'signIn', 'workload'],
  orUnknown: ['aksCluster', 'identity'],
  sources: ['https://learn.microsoft.com/azure/aks/identity-bindings'],
  outcomes: {
    bound: { status: 'pass', says: 'Identity binding {binding} lets the cluster use identity {identity}.' },
    missing: {
      status: 'fail',
      code: 'IB-04',
      title: 'The identity binding is missing',
      says: 'AKS cluster {cluster} has no identity binding for {identity}, so its token proxy refuses the sign-in of the pod.',
      explainedBy: ['POD-07', 'SA-11', 'SA-03', 'IB-05'],
      fix: [
        bindIdentity(
          'binds the identity to the cluster; Azure makes the federated credential for it by itself',
        ),
      ],
    },
  },
  run({ signIn, identityBindings, workload, aksCluster, identity }, say) {
    if (signIn.mode !== 'identity-binding') return say.skip('the pod signs in without an identity binding');
    if (signIn.clientId.state !== 'known') return say.unknown(signIn.clientId.reason);
    const clientId = signIn.clientId.value;
    const known = identity.state === 'present' ? identity.value : null;
    const name = known?.name ?? clientId;
    const binding = identityBindings.find((one) => one.clientId === clientId.toLowerCase());
    if (binding) return say('bound', { binding: binding.name, identity: name });
    return say(
      'missing',
      {
        identity: name,
        ...bindingWords(workload, identity, aksCluster, null),
        cluster: aksCluster.state === 'present' ? aksCluster.value.name : 'of the pod',
      },
      {
        about: { kind: 'Identity', name },
        evidence: [
          {
            fact: 'identityBindings',
            path: 'properties.managedIdentity.clientId',
            observed: identityBindings.map(({ clientId: bound }) => bound ?? '').join(', ') || 'no binding',
            expected: clientId,
            labels: { observed: 'cluster', expected: 'pod' },
          },
        ],
      },
    );
  },
});
export default check;
