import {
  accountWords,
  annotate,
  annotationOf,
  blank,
  defineCheck,
  RESTART_FOR_ANNOTATION,
  TENANT_ID_KEY,
  type Check,
} from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'webhook/tenant',
  title: "the webhook's default tenant is the one in which the identity lives",
  link: 'webhook',
  stage: 'values',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'workload', 'identity', 'webhookConfig'],
  orUnknown: ['serviceAccount', 'tokenIssuer'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/config/config.go',
    'https://learn.microsoft.com/azure/aks/workload-identity-cross-tenant',
  ],
  outcomes: {
    same: { status: 'pass', says: 'The default tenant of the webhook is that of {identity}.' },
    other: {
      status: 'fail',
      code: 'WH-05',
      title: 'The default tenant of the webhook is another one',
      says: 'The webhook gives its own default tenant {observed}, but {identity} lives in tenant {wanted}.',
      aadsts: [700016, 90002],
      fix: [
        annotate(
          'tenant-id',
          'names the tenant for the pods of this service account; the default stays for all others',
        ),
        RESTART_FOR_ANNOTATION,
      ],
    },
  },
  run({ signIn, workload, identity, webhookConfig, serviceAccount, tokenIssuer }, say) {
    const { tenantId, clientId } = signIn;
    const standard = webhookConfig.data?.['AZURE_TENANT_ID'] ?? '';
    const name = identity.name ?? (clientId.state === 'known' ? clientId.value : 'the identity');
    if (tenantId.state !== 'known' || tenantId.from !== 'webhook' || tenantId.value !== standard)
      return say.skip('the tenant is not the default of the webhook');
    if (serviceAccount.state === 'present' && annotationOf(serviceAccount.value, TENANT_ID_KEY) !== undefined)
      return say.skip('the service account names the tenant');
    // An application may be used in many tenants; a managed identity lives in one.
    if (identity.kind !== 'user-assigned' || identity.tenantId === null)
      return say.skip('nothing shows that the identity lives in one tenant only');
    if (identity.tenantId.toLowerCase() === standard.toLowerCase()) return say('same', { identity: name });
    // On AKS the issuer tells the cluster's own tenant: where that is the default, the identity is the odd one.
    const cluster =
      tokenIssuer.state === 'present'
        ? /^https:\/\/[^/]+\.oic\.prod-aks\.azure\.\w+\/([0-9a-f-]{36})\//i.exec(tokenIssuer.value)?.[1]
        : undefined;
    if (cluster?.toLowerCase() === standard.toLowerCase())
      return say.skip('the default is the tenant of the cluster, and the identity lives in another');
    const { namespace } = workload.object;
    return say(
      'other',
      {
        observed: standard,
        identity: name,
        wanted: identity.tenantId,
        ...accountWords(workload),
        namespace: namespace === '' ? blank('namespace') : namespace,
      },
      {
        evidence: [
          {
            fact: 'webhookConfig',
            path: 'data.AZURE_TENANT_ID',
            observed: standard,
            expected: identity.tenantId,
            labels: { observed: 'webhook', expected: 'identity' },
          },
        ],
      },
    );
  },
});
export default check;
