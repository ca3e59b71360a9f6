import {
  blank,
  defineCheck,
  obstacle,
  patchTemplateCommand,
  restartCommand,
  setAside,
  USE_LABEL,
  type Check,
} from '../../src/check.ts';

const upgrade = [
  {
    id: 'aks',
    command: 'az aks update -g {resourceGroup} -n {cluster} --enable-workload-identity',
    why: 'brings the configuration of the add-on back to what AKS ships',
    actor: 'cluster admin',
    restarts: false,
  },
  {
    id: 'helm',
    command:
      'helm upgrade --install workload-identity-webhook workload-identity-webhook --repo https://azure.github.io/azure-workload-identity/charts -n {webhookNamespace} --set azureTenantID={tenant}',
    why: 'brings the webhook and its configuration to the current release',
    actor: 'cluster admin',
    restarts: false,
  },
] as const;
const label = {
  command: '{patch}',
  why: 'from release 1.0 on the webhook goes by this label of the pod',
  actor: 'developer',
  restarts: true,
} as const;
const restart = {
  command: '{restart}',
  why: 'the webhook only sees pods as they are created',
  actor: 'developer',
  restarts: true,
} as const;

const check: Check = defineCheck({
  id: 'webhook/selects-pod',
  title: 'the webhook takes every labelled pod',
  link: 'webhook',
  stage: 'injection',
  per: 'workload',
  restsOn: 'unwired',
  needs: ['workload', 'injection', 'webhook'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/releases/tag/v1.0.0',
    'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-objectselector',
  ],
  outcomes: {
    selected: {
      status: 'pass',
      says: 'Webhook {webhook} takes pods with label azure.workload.identity/use=true.',
    },
    otherSelector: {
      status: 'fail',
      code: 'WH-08',
      title: 'The webhook selects by another label',
      says: 'Webhook {webhook} does not take pod {name}, because its objectSelector asks for {terms} instead of azure.workload.identity/use=true.',
      explainedBy: ['CL-08'],
      fix: [...upgrade, restart],
    },
    otherSelectorNext: {
      status: 'warn',
      code: 'WH-08',
      title: 'The webhook selects by another label',
      says: 'The objectSelector of webhook {webhook} now asks for {terms}, so the next pod gets no token.',
      fix: upgrade,
    },
    passedBy: {
      status: 'fail',
      code: 'WH-09',
      title: 'The webhook lets pods pass without a token',
      says: 'Webhook {webhook} let pod {name} pass without a token, because {because}.',
      explainedBy: ['CL-08'],
      fix: [...upgrade, label, restart],
    },
    old: {
      status: 'warn',
      code: 'WH-09',
      title: 'The webhook may let pods pass without a token',
      says: 'Webhook {webhook} may let a pod pass without a token, because {because}.',
      fix: upgrade,
    },
    lenient: {
      status: 'info',
      code: 'WH-09',
      title: 'The webhook lets pods pass without a token',
      says: 'Webhook {webhook} lets pods pass without a token while it cannot be reached, because {because}.',
    },
  },
  run({ workload, injection, webhook }, say) {
    const { controller, object } = workload;
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    const words = {
      webhook: webhook.configuration,
      name: object.name,
      resourceGroup: blank('resource group'),
      cluster: blank('cluster'),
      webhookNamespace: webhook.service?.namespace ?? blank('webhook namespace'),
      tenant: blank('tenant id'),
      patch: patchTemplateCommand(controller, { metadata: { labels: { [USE_LABEL]: 'true' } } }),
      restart: restartCommand(controller, object.name),
    };
    const fix = [webhook.flavour === 'aks' ? 'aks' : 'helm'];
    const other = obstacle(injection, 'object-selector');
    if (other) {
      const terms = other.is.terms.join(', ');
      const evidence = [
        { fact: 'webhook', path: 'objectSelector', observed: terms, expected: `${USE_LABEL}=true` } as const,
      ];
      return say(
        other.decides ? 'otherSelector' : 'otherSelectorNext',
        { ...words, terms },
        { evidence, fix },
      );
    }
    const lenient = obstacle(injection, 'lenient-webhook');
    if (!lenient) return say('selected', words);
    const { because } = lenient.is;
    const ignores = webhook.failurePolicy === 'Ignore';
    const old = webhook.version?.startsWith('0.') ?? false;
    const evidence = [
      ignores
        ? ({ fact: 'webhook', path: 'failurePolicy', observed: 'Ignore', expected: 'Fail' } as const)
        : ({
            fact: 'webhook',
            path: 'version',
            observed: webhook.version ?? '',
            expected: '1.0.0 or newer',
          } as const),
    ];
    const outcome = lenient.decides ? 'passedBy' : old ? 'old' : 'lenient';
    return say(outcome, { ...words, because }, { evidence, fix });
  },
});
export default check;
