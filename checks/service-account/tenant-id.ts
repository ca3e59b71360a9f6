import {
  accountWords,
  annotate,
  annotationOf,
  blank,
  CLIENT_ID_KEY,
  clientsIn,
  defineCheck,
  isGuid,
  RESTART_FOR_ANNOTATION,
  setAside,
  TENANT_ID_KEY,
  type Check,
} from '../../src/check.ts';

const remove = {
  id: 'remove',
  command:
    'kubectl annotate serviceaccount {serviceAccount} -n {namespace} azure.workload.identity/tenant-id-',
  why: 'lets the webhook fall back to its own default tenant',
  actor: 'developer',
  restarts: false,
} as const;
const correct = {
  ...annotate('tenant-id', 'names the tenant in which the identity lives'),
  id: 'correct',
} as const;

const DOMAIN_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/i;

const check: Check = defineCheck({
  id: 'service-account/tenant-id',
  title: 'the tenant id of the service account, if it has one, is a tenant',
  link: 'serviceAccount',
  stage: 'values',
  per: 'workload',
  restsOn: 'always',
  needs: ['workload', 'injection', 'serviceAccount', 'clients'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/webhook.go',
    'https://learn.microsoft.com/azure/aks/workload-identity-cross-tenant',
  ],
  outcomes: {
    tenant: { status: 'pass', says: 'The tenant-id annotation of service account {name} is {value}.' },
    empty: {
      status: 'fail',
      code: 'SA-06',
      title: 'The tenant id is empty',
      says: 'The tenant-id annotation of service account {name} is empty, which keeps the webhook from setting AZURE_TENANT_ID for container {container}.',
      aadsts: [900023, 90002],
      whatIf: 'Without the tenant-id annotation',
      fix: [remove, RESTART_FOR_ANNOTATION],
    },
    unusable: {
      status: 'fail',
      code: 'SA-06',
      title: 'The tenant id is not a tenant',
      says: 'The tenant-id annotation of service account {name} is {shown}, which is neither a GUID nor a domain name, and container {container} signs in there.',
      aadsts: [900023, 90002],
      whatIf: '{remedy}',
      fix: [correct, remove, RESTART_FOR_ANNOTATION],
    },
    otherTenant: {
      status: 'fail',
      code: 'SA-06',
      title: 'The tenant id is that of another tenant',
      says: 'The tenant-id annotation of service account {name} is {value}, but the identity of container {container} lives in tenant {wanted}.',
      aadsts: [700016, 90002],
      whatIf: 'With tenant id {wanted}',
      fix: [correct, RESTART_FOR_ANNOTATION],
    },
    unused: {
      status: 'warn',
      code: 'SA-06',
      title: 'The tenant id is not a tenant',
      says: 'The tenant-id annotation of service account {name} is {shown}, which is no tenant; no container uses it now, but the next pod may.',
      fix: [remove],
    },
    domain: {
      status: 'info',
      code: 'SA-06',
      title: 'The tenant is named by its domain',
      says: 'The tenant-id annotation of service account {name} is domain name {value}; Entra takes it, some programs want the GUID.',
    },
  },
  run({ workload, injection, serviceAccount, clients }, say) {
    const name = workload.serviceAccountName;
    const value = annotationOf(serviceAccount, TENANT_ID_KEY);
    if (value === undefined) return say.skip('the service account leaves the tenant to the webhook');
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    const user = clientsIn(workload).find(({ effective: { tenantId } }) =>
      tenantId.state === 'known'
        ? tenantId.from === 'webhook' && tenantId.value === value
        : tenantId.state === 'unset' && (injection.now !== 'injected' || value === ''),
    );
    const clientId =
      user?.effective.clientId.state === 'known'
        ? user.effective.clientId.value
        : (annotationOf(serviceAccount, CLIENT_ID_KEY) ?? '');
    const identity = clients.get(clientId)?.identity;
    // An application may be used in many tenants; a managed identity lives in one.
    const home =
      identity?.state === 'present' && identity.value.kind === 'user-assigned'
        ? identity.value.tenantId
        : null;
    const place = {
      name,
      value,
      // Blanks at the ends are what is wrong, so they must be seen.
      shown: value === '' ? 'empty' : value === value.trim() ? value : JSON.stringify(value),
      container: user?.name ?? '',
      wanted: home ?? (isGuid(value.trim()) ? value.trim() : blank('tenant id')),
      ...accountWords(workload),
    };
    const { wanted } = place;
    const words = {
      ...place,
      remedy: typeof wanted === 'string' ? `With tenant id ${wanted}` : 'Without the tenant-id annotation',
    };
    const options = {
      about: { kind: 'ServiceAccount', name },
      evidence: [
        {
          fact: 'serviceAccount',
          path: 'metadata.annotations',
          observed: value === '' ? '(empty)' : value,
          expected: home ?? 'a tenant id',
          labels: { observed: 'annotation', expected: 'identity' },
        },
      ],
    } as const;
    const usable = isGuid(value) || DOMAIN_NAME.test(value);
    if (!usable && !user) return say('unused', words, options);
    const removed = { ...options, change: { annotations: { [TENANT_ID_KEY]: null } } };
    if (value === '') return say('empty', words, removed);
    if (!usable) {
      return typeof wanted === 'string'
        ? say('unusable', words, {
            ...options,
            fix: ['correct'],
            change: { annotations: { [TENANT_ID_KEY]: wanted } },
          })
        : say('unusable', words, { ...removed, fix: ['remove'] });
    }
    if (!isGuid(value)) return say('domain', words, options);
    if (user && home !== null && home.toLowerCase() !== value.toLowerCase())
      return say('otherTenant', words, { ...options, change: { annotations: { [TENANT_ID_KEY]: home } } });
    return say('tenant', words);
  },
});
export default check;
