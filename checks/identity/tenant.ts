import {
  annotationOf,
  cloudOfAuthority,
  defineCheck,
  give,
  givenBy,
  setEnvCommand,
  TENANT_ID_KEY,
  type Check,
} from '../../src/check.ts';

/** The clouds as people call them, and the authority host of each. */
const CLOUDS = {
  public: ['the public cloud', 'https://login.microsoftonline.com/'],
  usgov: ['Azure Government', 'https://login.microsoftonline.us/'],
  china: ['Azure China', 'https://login.chinacloudapi.cn/'],
} as const;

const check: Check = defineCheck({
  id: 'identity/tenant',
  title: 'Entra has the tenant that the pod signs in to',
  link: 'identity',
  stage: 'values',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'tenant', 'workload'],
  orUnknown: ['serviceAccount', 'identity'],
  sources: [
    'https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc',
    'https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud',
  ],
  outcomes: {
    known: { status: 'pass', says: '{host} knows tenant {tenant}.' },
    notFound: {
      status: 'fail',
      code: 'ENT-02',
      title: 'Entra has no such tenant',
      says: '{host} knows no tenant {tenant} ({code}): the tenant id is wrong, or the tenant is in another cloud.',
      aadsts: [90002, 900021, 900023],
      explainedBy: ['SA-06', 'WH-05'],
      fix: give('tenant-id', 'names the tenant of the identity; signed in to its subscription'),
    },
    otherCloud: {
      status: 'fail',
      code: 'ENT-02',
      title: 'The tenant is in another Azure cloud',
      says: 'Tenant {tenant} is in {cloud}, but container {container} signs in at {host}, which belongs to {other}.',
      aadsts: [900382, 900432, 900439, 90002],
      fix: [
        {
          command: '{setAuthority}',
          why: 'sends this workload to the cloud of its tenant; AZURE_ENVIRONMENT of the webhook does so for all',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ signIn, tenant: { host, tenant, answer }, workload, serviceAccount, identity }, say) {
    const [container = ''] = signIn.containers;
    if (answer.kind === 'unseen') return say.unknown(answer.reason);
    const about = { kind: 'Tenant', name: tenant };
    if (answer.kind === 'not-found') {
      const code = answer.codes.map((number) => `AADSTS${number}`).join(', ');
      const annotated =
        serviceAccount.state === 'present' &&
        annotationOf(serviceAccount.value, TENANT_ID_KEY)?.trim() === tenant;
      const home = identity.state === 'present' ? identity.value.tenantId : null;
      const given = givenBy(workload, {
        variable: 'AZURE_TENANT_ID',
        container,
        effective: signIn.tenantId,
        wanted: home ?? { command: '"$(az account show --query tenantId -o tsv)"' },
      });
      return say(
        'notFound',
        { ...given.words, host, tenant, code },
        {
          fix: given.fix,
          about,
          evidence: [
            {
              fact: 'tenant',
              path: 'error_codes',
              observed: code,
              expected: tenant,
              labels: { observed: 'Entra', expected: annotated ? 'annotation' : 'tenant' },
            },
          ],
        },
      );
    }
    const own = cloudOfAuthority(host);
    if (answer.cloud === null || own === null || answer.cloud === own) return say('known', { host, tenant });
    const [cloud, authority] = CLOUDS[answer.cloud];
    return say(
      'otherCloud',
      {
        host,
        tenant,
        container,
        cloud,
        other: CLOUDS[own][0],
        setAuthority: setEnvCommand(workload.controller, container, { AZURE_AUTHORITY_HOST: authority }),
      },
      {
        about,
        evidence: [
          {
            fact: 'tenant',
            path: 'cloud_instance_name',
            observed: host,
            expected: new URL(authority).hostname,
            labels: { observed: 'pod', expected: 'tenant' },
          },
        ],
      },
    );
  },
});
export default check;
