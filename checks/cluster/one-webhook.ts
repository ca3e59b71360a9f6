import { defineCheck, type Check } from '../../src/check.ts';

const helm = {
  command: 'helm uninstall {release} -n {extra}',
  why: 'removes the self-installed webhook and keeps the one in {kept}; look at caBundle afterwards, since both wrote it',
  actor: 'cluster admin',
  restarts: false,
} as const;

const check: Check = defineCheck({
  id: 'cluster/one-webhook',
  title: 'the webhook is installed once',
  link: 'webhook',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['webhook', 'webhookDeployments'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/issues/823',
    'https://github.com/Azure/azure-workload-identity/issues/1610',
  ],
  outcomes: {
    once: { status: 'pass', says: 'The webhook is installed once.' },
    twice: {
      status: 'warn',
      code: 'CL-04',
      title: 'Several installations of the webhook overwrite each other',
      says: 'The webhook is installed in namespaces {namespaces}; the installations overwrite the configuration and the certificate of each other.',
      fix: [helm],
    },
    configuredTwice: {
      status: 'warn',
      code: 'CL-04',
      title: 'Labelled pods pass through more than one webhook configuration',
      says: 'The webhook has more than one configuration: {configurations}; a labelled pod may pass through each of them.',
      fix: [
        {
          command:
            'kubectl get mutatingwebhookconfigurations -o custom-columns=NAME:.metadata.name,HOOKS:.webhooks[*].name,SERVICE:.webhooks[*].clientConfig.service.namespace',
          why: 'shows which installation each one belongs to; uninstall the one that is not wanted',
          actor: 'cluster admin',
          restarts: false,
        },
      ],
    },
  },
  run({ webhook, webhookDeployments }, say) {
    // What runs nowhere writes nothing.
    const running = webhookDeployments.filter(
      ({ spec, status }) => spec?.replicas !== 0 || (status?.replicas ?? 0) > 0,
    );
    const of = running.map(({ metadata }) => metadata?.namespace ?? '');
    const namespaces = [...new Set(of)].toSorted();
    const kept =
      webhook.flavour === 'aks' ? 'kube-system' : (webhook.service?.namespace ?? namespaces[0] ?? '');
    const extra = namespaces.find((namespace) => namespace !== kept);
    if (extra !== undefined && namespaces.length > 1) {
      const release = webhookDeployments.find(({ metadata }) => metadata?.namespace === extra)?.metadata
        ?.annotations?.['meta.helm.sh/release-name'];
      return say(
        'twice',
        {
          namespaces: namespaces.join(' and '),
          extra,
          kept,
          release: release ?? 'workload-identity-webhook',
        },
        {
          about: { kind: 'MutatingWebhookConfiguration', name: webhook.configuration },
          evidence: [
            {
              fact: 'webhookDeployments',
              path: 'metadata.namespace',
              observed: namespaces.join(', '),
              expected: 'one namespace',
            },
          ],
        },
      );
    }
    if (webhook.duplicates.length === 0) return say('once', {});
    const names = [webhook.configuration, ...webhook.duplicates];
    return say(
      'configuredTwice',
      { configurations: names.length === 2 ? names.join(' and ') : names.join(', ') },
      {
        about: { kind: 'MutatingWebhookConfiguration', name: webhook.configuration },
        evidence: [
          {
            fact: 'webhook',
            path: 'metadata.name',
            observed: names.join(', '),
            expected: 'one configuration',
          },
        ],
      },
    );
  },
});
export default check;
