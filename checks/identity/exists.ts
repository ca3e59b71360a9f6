import {
  annotationOf,
  blank,
  CLIENT_ID_KEY,
  defineCheck,
  give,
  givenBy,
  type Check,
} from '../../src/check.ts';

const list = {
  command:
    'az identity list --query "[].[name, clientId, resourceGroup]" -o table && az ad app list --show-mine --query "[].[displayName, appId]" -o table',
  why: 'shows the client ids that exist; signed in to the tenant of the identity',
  actor: 'Azure admin',
  restarts: false,
} as const;
const existing = give('client-id', 'names an identity that exists');

const check: Check = defineCheck({
  id: 'identity/exists',
  title: 'the identity that the pod signs in as exists in its tenant',
  link: 'identity',
  stage: 'identity',
  per: 'signIn',
  restsOn: 'always',
  needs: ['signIn', 'workload'],
  orAbsent: ['identity'],
  orUnknown: ['serviceAccount'],
  sources: ['https://learn.microsoft.com/entra/identity-platform/reference-error-codes'],
  outcomes: {
    exists: { status: 'pass', says: 'Identity {identity} exists.' },
    annotated: {
      status: 'fail',
      code: 'SA-05',
      title: 'The client id of the annotation does not exist',
      says: 'No identity has client id {clientId} in tenant {tenant}, though service account {serviceAccount} names it: it was deleted, or lives in another tenant.',
      aadsts: [700016],
      explainedBy: ['SA-02', 'SA-04'],
      fix: [list, ...existing],
    },
    notFound: {
      status: 'fail',
      code: 'ENT-01',
      title: 'The client id does not exist',
      says: 'No identity has client id {clientId} in tenant {tenant}, though container {container} uses it.',
      aadsts: [700016],
      explainedBy: ['POD-07', 'SA-11'],
      fix: [list, ...existing],
    },
    otherTenant: {
      status: 'fail',
      code: 'ENT-01',
      title: 'The identity and the sign-in are in different tenants',
      says: 'Managed identity {identity} lives in tenant {home}, but container {container} signs in to tenant {tenant}, where it does not exist.',
      aadsts: [700016],
      explainedBy: ['SA-06', 'SA-11', 'POD-08', 'WH-05', 'ENT-02'],
      fix: give('tenant-id', 'sends the sign-in to the tenant of the identity'),
    },
  },
  run({ signIn, workload, identity, serviceAccount }, say) {
    const { clientId, tenantId, containers } = signIn;
    const [container = ''] = containers;
    const tenant = tenantId.state === 'known' ? tenantId.value : null;
    const id = clientId.state === 'known' ? clientId.value : '';
    const annotation =
      serviceAccount.state === 'present' ? annotationOf(serviceAccount.value, CLIENT_ID_KEY) : '';
    const words = {
      clientId: id,
      tenant: tenant ?? 'of the sign-in',
      container,
    };
    if (identity.state === 'absent') {
      const given = givenBy(workload, {
        variable: 'AZURE_CLIENT_ID',
        container,
        effective: clientId,
        wanted: blank('client id'),
      });
      return say(
        annotation === id ? 'annotated' : 'notFound',
        { ...given.words, ...words },
        {
          fix: given.fix,
          about: { kind: 'Identity', name: id },
          evidence: [
            {
              fact: 'identity',
              path: 'clientId',
              observed: 'not found',
              expected: id,
              labels: { observed: 'tenant', expected: annotation === id ? 'annotation' : 'env' },
            },
          ],
        },
      );
    }
    const { kind, name, tenantId: home } = identity.value;
    const identityName = name ?? id;
    // An application may sign in wherever it has a service principal; a managed identity has one tenant.
    const moved =
      kind === 'user-assigned' && home !== null && tenant !== null && /^[0-9a-f-]{36}$/i.test(tenant);
    if (!moved || home.toLowerCase() === tenant.toLowerCase())
      return say('exists', { identity: identityName });
    const given = givenBy(workload, {
      variable: 'AZURE_TENANT_ID',
      container,
      effective: tenantId,
      wanted: home,
    });
    return say(
      'otherTenant',
      { ...given.words, ...words, identity: identityName, home },
      {
        fix: given.fix,
        about: { kind: 'Identity', name: identityName },
        evidence: [
          {
            fact: 'identity',
            path: 'tenantId',
            observed: home,
            expected: tenant,
            labels: { observed: 'identity', expected: 'pod' },
          },
        ],
      },
    );
  },
});
export default check;
