import { cloudOfAuthority, defineCheck, mendWebhook, webhookWords, type Check } from '../../src/check.ts';

const ENVIRONMENTS = {
  com: 'AzurePublicCloud',
  us: 'AzureUSGovernmentCloud',
  cn: 'AzureChinaCloud',
} as const;
const CLOUDS = { com: 'public', us: 'usgov', cn: 'china' } as const;

const check: Check = defineCheck({
  id: 'webhook/cloud',
  title: 'the webhook is set up for the cloud that the cluster runs in',
  link: 'webhook',
  stage: 'values',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'tokenIssuer', 'webhook'],
  orUnknown: ['webhookConfig', 'webhookDeployments', 'aksCluster'],
  sources: ['https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/config/config.go'],
  outcomes: {
    same: { status: 'pass', says: 'The webhook is set up for {cloud}.' },
    other: {
      status: 'warn',
      code: 'WH-06',
      title: 'The webhook is set up for another cloud',
      says: 'The webhook sends pods to {authority}, but the token issuer of the cluster is of {cloud}; AZURE_ENVIRONMENT of the webhook is {environment}.',
      fix: [
        ...mendWebhook(
          '{chart} --reuse-values --set azureEnvironment={cloud}',
          'makes the webhook set the authority host of that cloud; restart the pods afterwards',
        ),
      ],
    },
  },
  run({ signIn, tokenIssuer, webhook, webhookConfig, webhookDeployments, aksCluster }, say) {
    const { authorityHost } = signIn;
    if (authorityHost.state !== 'known' || authorityHost.from !== 'webhook')
      return say.skip('the authority host is not the one of the webhook');
    const ending = /\.prod-aks\.azure\.(com|us|cn)\//.exec(tokenIssuer)?.[1] as
      keyof typeof CLOUDS | undefined;
    const host = /^https:\/\/([^/:]+)/.exec(authorityHost.value)?.[1] ?? '';
    const cloud = cloudOfAuthority(host);
    if (ending === undefined || cloud === null)
      return say.skip('issuer and authority host do not show which cloud they belong to');
    const words = { cloud: ENVIRONMENTS[ending] };
    if (CLOUDS[ending] === cloud) return say('same', words);
    const config = webhookConfig.state === 'present' ? (webhookConfig.value.data ?? {}) : {};
    const mending = webhookWords(webhook, webhookDeployments, aksCluster);
    return say(
      'other',
      {
        ...words,
        authority: host,
        environment: config['AZURE_ENVIRONMENT'] ?? 'not visible',
        ...mending.words,
      },
      {
        fix: [mending.fix],
        evidence: [
          {
            fact: 'tokenIssuer',
            path: 'issuer',
            observed: authorityHost.value,
            expected: `the authority host of ${ENVIRONMENTS[ending]}`,
          },
        ],
      },
    );
  },
});
export default check;
