import {
  answerEvidence,
  blank,
  defineCheck,
  exchangeAgain,
  exchangeVerdict,
  exchangeWords,
  give,
  givenBy,
  type Check,
} from '../../src/check.ts';

const verify = '{again}';
const list = {
  command:
    'az ad sp list --filter "appId eq {filter}" --query "[].[displayName,servicePrincipalType]" -o table',
  why: 'shows whether the tenant knows the client id; signed in to that tenant',
  actor: 'Azure admin',
  restarts: false,
} as const;

const OUTCOMES: Readonly<Record<number, 'notFound' | 'noServicePrincipal' | 'disabled'>> = {
  700016: 'notFound',
  700011: 'notFound',
  70001: 'notFound',
  7000229: 'noServicePrincipal',
  7000112: 'disabled',
};

const check: Check = defineCheck({
  id: 'exchange/identity',
  title: 'Entra knows the client id in the tenant and lets it sign in',
  link: 'identity',
  stage: 'identity',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'exchange', 'workload'],
  orUnknown: ['identity', 'target'],
  sources: ['https://learn.microsoft.com/entra/identity-platform/reference-error-codes'],
  outcomes: {
    known: { status: 'pass', says: 'Entra knows client {clientId} in tenant {tenant}.' },
    notFound: {
      status: 'fail',
      code: 'ENT-01',
      title: 'Entra does not find the client id',
      says: 'Tenant {tenant} has no client {clientId}, says Entra ({code}): the id is wrong or of another kind, the identity was deleted or just created, or it lives in another tenant.',
      aadsts: [700016, 700011, 70001],
      explainedBy: ['SA-02', 'SA-04', 'POD-07', 'SA-11'],
      fix: [list, ...give('client-id', 'names an identity that the tenant has, by its client id')],
      verify,
    },
    noServicePrincipal: {
      status: 'fail',
      code: 'ENT-03',
      title: 'The service principal is missing',
      says: 'Application {clientId} has no service principal in tenant {tenant}, says Entra ({code}), so nobody can sign in as it there.',
      aadsts: [7000229],
      fix: [
        {
          command: 'az ad sp create --id {clientId}',
          why: 'makes the service principal; its roles have to be granted afterwards',
          actor: 'Entra admin',
          restarts: false,
        },
      ],
      verify,
    },
    disabled: {
      status: 'fail',
      code: 'ENT-04',
      title: 'Sign-in is switched off for the client',
      says: 'Client {clientId} is disabled in tenant {tenant}, says Entra ({code}).',
      aadsts: [7000112],
      fix: [
        {
          command: 'az ad sp update --id {clientId} --set accountEnabled=true',
          why: 'allows sign-ins again; first ask who disabled it, and why',
          actor: 'Entra admin',
          restarts: false,
        },
      ],
      verify,
    },
  },
  run({ signIn, exchange, workload, identity, target }, say) {
    const { rate, codes } = exchangeVerdict(exchange);
    const base = exchangeWords(signIn, exchange);
    if (rate.accepted === rate.answered) return say('known', base);
    const code = codes.find((candidate) => OUTCOMES[candidate] !== undefined);
    if (code === undefined) return say.skip('the refusal is about something else');
    const seen = identity.state === 'present' ? identity.value : null;
    const home = seen?.kind === 'user-assigned' ? (seen.tenantId?.toLowerCase() ?? null) : null;
    // What the look-up shows by itself has been said already.
    const shown = {
      notFound: identity.state === 'absent' || (home !== null && home !== base.tenant.toLowerCase()),
      noServicePrincipal: seen?.hasServicePrincipal === false,
      disabled: seen?.enabled === false,
    };
    const outcome = OUTCOMES[code] ?? 'notFound';
    if (shown[outcome]) return say.skip('the look-up of the identity shows it');
    const given = givenBy(workload, {
      variable: 'AZURE_CLIENT_ID',
      container: signIn.containers[0] ?? '',
      effective: signIn.clientId,
      wanted: blank('client id'),
    });
    return say(
      outcome,
      {
        ...base,
        filter: { command: `'${base.clientId.replaceAll(/[^\w-]/g, '')}'` },
        ...given.words,
        again: exchangeAgain(target),
      },
      {
        about: { kind: 'Identity', name: base.clientId },
        evidence: answerEvidence(exchange),
        answered: codes,
        fix: given.fix,
      },
    );
  },
});
export default check;
