import { defineCheck, patchTemplateCommand, type Check } from '../../src/check.ts';

const USE_BINDING = 'azure.workload.identity/use-identity-binding';

const check: Check = defineCheck({
  id: 'identity/binding-supported',
  title: 'the cluster is of a kind that supports identity bindings',
  link: 'identity',
  stage: 'values',
  per: 'signIn',
  restsOn: 'never',
  needs: ['aksCluster', 'signIn', 'workload'],
  sources: ['https://learn.microsoft.com/azure/aks/identity-bindings-concepts'],
  outcomes: {
    supported: { status: 'pass', says: 'AKS cluster {cluster} supports identity bindings.' },
    vnet: {
      status: 'fail',
      code: 'IB-05',
      title: 'Cluster {cluster} cannot have identity bindings',
      says: 'AKS cluster {cluster} uses API Server VNet Integration, with which identity bindings do not work.',
      fix: [
        {
          command: '{patch}',
          why: 'goes back to plain workload identity, which needs a federated credential for the service account',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ signIn, aksCluster, workload }, say) {
    if (signIn.mode !== 'identity-binding') return say.skip('the pod signs in without an identity binding');
    const { name: cluster, vnetIntegration } = aksCluster;
    if (!vnetIntegration) return say('supported', { cluster });
    const patch = patchTemplateCommand(workload.controller, {
      metadata: { annotations: { [USE_BINDING]: null } },
    });
    return say(
      'vnet',
      { cluster, patch },
      {
        about: { kind: 'ManagedCluster', name: cluster },
        evidence: [
          {
            fact: 'aksCluster',
            path: 'apiServerAccessProfile.enableVnetIntegration',
            observed: 'true',
            expected: 'false',
            labels: { observed: 'cluster', expected: 'wanted' },
          },
        ],
      },
    );
  },
});
export default check;
