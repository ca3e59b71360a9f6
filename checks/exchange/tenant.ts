import {
  answerEvidence,
  defineCheck,
  exchangeAgain,
  exchangeVerdict,
  exchangeWords,
  give,
  givenBy,
  TENANT_NOT_FOUND,
  type Check,
} from '../../src/check.ts';

const verify = '{again}';
const OTHER_CLOUD: ReadonlySet<number> = new Set([900382, 90038, 900432, 900439, 50049]);

const check: Check = defineCheck({
  id: 'exchange/tenant',
  title: 'Entra knows the tenant in this cloud',
  link: 'identity',
  stage: 'values',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'exchange', 'workload'],
  orUnknown: ['target', 'identity', 'tenant'],
  sources: ['https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud'],
  outcomes: {
    known: { status: 'pass', says: '{host} knows tenant {tenant}.' },
    notFound: {
      status: 'fail',
      code: 'ENT-02',
      title: 'Entra does not find the tenant',
      says: '{host} knows no tenant {tenant} ({code}): the tenant id is wrong, or the tenant is in another cloud.',
      aadsts: [90002, 900023, 900021, 90019, 50059, 50128],
      explainedBy: ['SA-06', 'POD-08'],
      fix: [...give('tenant-id', 'names the tenant of the identity; signed in to its subscription')],
      verify,
    },
    otherCloud: {
      status: 'fail',
      code: 'ENT-02',
      title: 'The tenant is in another Azure cloud',
      says: '{host} belongs to another cloud than tenant {tenant} ({code}).',
      aadsts: [900382, 90038, 900432, 900439, 50049],
      fix: [
        {
          command: 'az cloud show --query endpoints.activeDirectory -o tsv',
          why: 'shows the authority host of the cloud that az is signed in to; AZURE_AUTHORITY_HOST has to be that of the tenant',
          actor: 'developer',
          restarts: false,
        },
      ],
      verify,
    },
  },
  run({ signIn, exchange, workload, target, identity, tenant }, say) {
    const { rate, codes } = exchangeVerdict(exchange);
    const base = exchangeWords(signIn, exchange);
    if (rate.accepted === rate.answered) return say('known', base);
    // An error that the program got is older than what Entra says of the tenant now.
    if (tenant.state === 'present') return say.skip('Entra was asked about the tenant itself');
    const missing = codes.some((code) => TENANT_NOT_FOUND.has(code));
    if (!missing && !codes.some((code) => OTHER_CLOUD.has(code)))
      return say.skip('the refusal is about something else');
    const home = identity.state === 'present' ? identity.value.tenantId : null;
    const given = givenBy(workload, {
      variable: 'AZURE_TENANT_ID',
      container: signIn.containers[0] ?? '',
      effective: signIn.tenantId,
      wanted: home ?? { command: '"$(az account show --query tenantId -o tsv)"' },
    });
    return say(
      missing ? 'notFound' : 'otherCloud',
      {
        ...base,
        // Blanks at the ends are what is wrong, so they must be seen.
        tenant: base.tenant === base.tenant.trim() ? base.tenant : JSON.stringify(base.tenant),
        ...given.words,
        again: exchangeAgain(target),
      },
      {
        fix: given.fix,
        about: { kind: 'Tenant', name: base.tenant },
        evidence: answerEvidence(exchange),
        answered: codes,
      },
    );
  },
});
export default check;
