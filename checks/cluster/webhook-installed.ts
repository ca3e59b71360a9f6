import {
  aksWords,
  blank,
  defineCheck,
  isAksIssuer,
  obstacle,
  RESTART_FOR_WEBHOOK,
  restartCommand,
  setAside,
  showsInjection,
  type Check,
} from '../../src/check.ts';

const install = [
  {
    id: 'aks',
    command: 'az aks update {aks} --enable-oidc-issuer --enable-workload-identity',
    why: 'installs the webhook as an add-on of AKS; where the issuer was off, its API server restarts',
    actor: 'Azure admin',
    restarts: false,
  },
  {
    id: 'helm',
    command:
      'helm upgrade --install workload-identity-webhook workload-identity-webhook --repo https://azure.github.io/azure-workload-identity/charts -n azure-workload-identity-system --create-namespace --set azureTenantID={tenant}',
    why: 'installs the webhook in a cluster that is not AKS',
    actor: 'cluster admin',
    restarts: false,
    instead: true,
  },
] as const;
const [addOn, chart] = install;
const installAndRestart = [
  addOn,
  { ...RESTART_FOR_WEBHOOK, id: 'aks' },
  chart,
  { ...RESTART_FOR_WEBHOOK, id: 'helm' },
] as const;

const check: Check = defineCheck({
  id: 'cluster/webhook-installed',
  title: 'the cluster has a workload identity webhook',
  link: 'webhook',
  stage: 'injection',
  per: 'workload',
  restsOn: 'unwired',
  needs: ['workload', 'injection'],
  orUnknown: ['webhook', 'siblings', 'tokenIssuer', 'aksCluster'],
  sources: [
    'https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html',
    'https://learn.microsoft.com/azure/aks/workload-identity-deploy-cluster',
  ],
  outcomes: {
    installed: { status: 'pass', says: 'Webhook {webhook} is installed.' },
    missing: {
      status: 'fail',
      code: 'CL-02',
      title: 'Nothing in the cluster gives tokens to labelled pods',
      says: 'The cluster has no workload identity webhook, so pod {name} gets no token although it is labelled.',
      explainedBy: ['CL-03', 'CL-08'],
      fix: installAndRestart,
    },
    removed: {
      status: 'fail',
      code: 'CL-07',
      title: 'Nothing in the cluster injects pods any more',
      says: 'The workload identity webhook was removed from the cluster: {sibling} still has its token, and pod {name} got none.',
      explainedBy: ['CL-08'],
      fix: installAndRestart,
    },
    missingToo: {
      status: 'warn',
      code: 'CL-02',
      title: 'Nothing in the cluster gives tokens to labelled pods',
      says: 'The cluster has no workload identity webhook, so a label alone gives pod {name} no token.',
      fix: install,
    },
    gone: {
      status: 'warn',
      code: 'CL-07',
      title: 'The webhook is gone since the pod was created',
      says: 'The webhook that injected pod {name} is no longer in the cluster, so its next pod gets no token.',
      fix: install,
    },
  },
  run({ workload, injection, webhook, siblings, tokenIssuer, aksCluster }, say) {
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    const blind = obstacle(injection, 'webhook-unknown');
    if (blind) return say.unknown(blind.is.reason, blind.is.settle);
    const absent = obstacle(injection, 'webhook-absent');
    if (!absent)
      return say('installed', {
        webhook: webhook.state === 'present' ? webhook.value.configuration : 'of the cluster',
      });
    const words = {
      name: workload.object.name,
      aks: aksWords(aksCluster),
      tenant: blank('tenant id'),
      restart: restartCommand(workload.controller, workload.object.name),
    };
    const aks = isAksIssuer(tokenIssuer);
    const options = {
      fix: aks === null ? ['aks', 'helm'] : [aks ? 'aks' : 'helm'],
      evidence: [
        {
          fact: 'webhook',
          path: 'webhooks',
          observed: 'no mutating webhook configuration for workload identity',
          expected: 'mutation.azure-workload-identity.io',
        },
      ],
    } as const;
    if (injection.now === 'injected') return say('gone', words, options);
    if (!absent.decides) return say('missingToo', words, options);
    const injected = siblings.state === 'present' ? siblings.value.find(showsInjection) : undefined;
    if (injected) return say('removed', { ...words, sibling: injected.metadata?.name ?? '' }, options);
    return say('missing', words, options);
  },
});
export default check;
