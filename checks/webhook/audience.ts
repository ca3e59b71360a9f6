import { defineCheck, type Check } from '../../src/check.ts';

const STANDARD = 'api://AzureADTokenExchange';

/** The value of `--audience` among the arguments of the webhook, in either spelling. */
function audienceArgument(args: readonly string[]): string | null {
  const joined = args.find((argument) => argument.startsWith('--audience='));
  if (joined !== undefined) return joined.slice('--audience='.length);
  const position = args.indexOf('--audience');
  return position < 0 ? null : (args[position + 1] ?? null);
}

const check: Check = defineCheck({
  id: 'webhook/audience',
  title: 'the webhook asks for tokens with the standard audience',
  link: 'webhook',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: ['webhook', 'webhookDeployments'],
  sources: ['https://github.com/Azure/azure-workload-identity/issues/1675'],
  outcomes: {
    standard: { status: 'pass', says: 'The webhook is given no audience of its own.' },
    custom: {
      status: 'info',
      code: 'WH-13',
      title: 'The webhook asks for an audience of its own',
      says: 'The webhook is started with --audience={audience}, so every federated credential for its pods needs that audience instead of api://AzureADTokenExchange.',
    },
  },
  run({ webhook, webhookDeployments }, say) {
    const own = webhookDeployments.filter(
      ({ metadata }) => webhook.service === null || metadata?.namespace === webhook.service.namespace,
    );
    const containers = own.flatMap(({ spec }) => spec?.template?.spec?.containers ?? []);
    const audience = containers
      .map(({ args = [], command = [] }) => audienceArgument([...command, ...args]))
      .find((value) => value !== null);
    if (audience === undefined || audience === STANDARD) return say('standard', {});
    return say(
      'custom',
      { audience: audience ?? '' },
      {
        about: { kind: 'MutatingWebhookConfiguration', name: webhook.configuration },
        evidence: [
          {
            fact: 'webhookDeployments',
            path: 'spec.template.spec.containers.args',
            observed: audience ?? '',
          },
        ],
      },
    );
  },
});
export default check;
