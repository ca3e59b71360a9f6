import {
  blank,
  defineCheck,
  mendWebhook,
  obstacle,
  patchTemplateCommand,
  replacesPods,
  RESTART_BY_HAND,
  RESTART_FOR_WEBHOOK,
  restartCommand,
  setAside,
  USE_LABEL,
  webhookWords,
  type Check,
} from '../../src/check.ts';

const upgrade = mendWebhook(
  '--install --set azureTenantID={tenant}',
  'brings the webhook and its configuration back to what is shipped now',
);
const label = {
  command: '{patch}',
  why: 'from release 1.0 on the webhook goes by this label of the pod',
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
  orUnknown: ['webhookDeployments', 'webhookConfig', 'aksCluster'],
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
      fix: [...upgrade, RESTART_FOR_WEBHOOK],
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
      fix: [...upgrade, label, RESTART_BY_HAND],
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
  run({ workload, injection, webhook, webhookDeployments, webhookConfig, aksCluster }, say) {
    const { controller, object } = workload;
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    const mending = webhookWords(webhook, webhookDeployments, aksCluster);
    const config = webhookConfig.state === 'present' ? webhookConfig.value.data : undefined;
    const words = {
      ...mending.words,
      webhook: webhook.configuration,
      name: object.name,
      tenant: config?.['AZURE_TENANT_ID'] || blank('tenant id'),
      patch: patchTemplateCommand(controller, { metadata: { labels: { [USE_LABEL]: 'true' } } }),
      restart: restartCommand(controller, object.name),
    };
    const fix = [mending.fix, ...(replacesPods(controller) ? [] : ['again'])];
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
