import {
  aksWords,
  defineCheck,
  obstacle,
  RESTART_FOR_WEBHOOK,
  restartCommand,
  setAside,
  type Check,
} from '../../src/check.ts';

const switchOn = {
  command: 'az aks update {aks} {switches}',
  why: 'installs the webhook; where the OIDC issuer was off, the API server restarts',
  actor: 'Azure admin',
  restarts: false,
} as const;

const check: Check = defineCheck({
  id: 'cluster/add-on',
  title: 'the workload identity add-on of AKS is switched on',
  link: 'webhook',
  stage: 'injection',
  per: 'workload',
  restsOn: 'never',
  needs: ['aksCluster', 'workload', 'injection'],
  orUnknown: ['webhook'],
  sources: ['https://learn.microsoft.com/azure/aks/workload-identity-deploy-cluster'],
  outcomes: {
    on: { status: 'pass', says: 'AKS cluster {cluster} has the workload identity add-on.' },
    off: {
      status: 'fail',
      code: 'CL-03',
      title: 'The workload identity add-on of {cluster} is switched off',
      says: 'The workload identity add-on of AKS cluster {cluster} is off, and the cluster has no webhook of its own, so pod {name} got no token.',
      explainedBy: ['CL-08'],
      fix: [switchOn, RESTART_FOR_WEBHOOK],
    },
    offToo: {
      status: 'warn',
      code: 'CL-03',
      title: 'The workload identity add-on of {cluster} is switched off',
      says: 'The workload identity add-on of AKS cluster {cluster} is off, and the cluster has no webhook of its own, so a pod that is created next gets no token.',
      fix: [switchOn],
    },
  },
  run({ workload, injection, aksCluster, webhook }, say) {
    const { name: cluster, oidcIssuer } = aksCluster;
    if (aksCluster.workloadIdentity) return say('on', { cluster });
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    if (webhook.state === 'present') return say.skip('the cluster has a webhook of its own');
    if (webhook.state === 'unknown') return say.unknown(webhook.reason, webhook.settle);
    const words = {
      cluster,
      name: workload.object.name,
      aks: aksWords({ state: 'present', value: aksCluster, origin: '' }),
      switches: {
        command: oidcIssuer.enabled
          ? '--enable-workload-identity'
          : '--enable-oidc-issuer --enable-workload-identity',
      },
      restart: restartCommand(workload.controller, workload.object.name),
    };
    const evidence = [
      {
        fact: 'aksCluster',
        path: 'securityProfile.workloadIdentity.enabled',
        observed: 'false',
        expected: 'true',
        labels: { observed: 'cluster', expected: 'wanted' },
      },
    ] as const;
    const about = { kind: 'ManagedCluster', name: cluster };
    const decides = injection.now !== 'injected' && obstacle(injection, 'webhook-absent')?.decides === true;
    return say(decides ? 'off' : 'offToo', words, { evidence, about });
  },
});
export default check;
