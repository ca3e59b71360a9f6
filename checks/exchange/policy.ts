import {
  answerEvidence,
  defineCheck,
  exchangeAgain,
  exchangeVerdict,
  exchangeWords,
  type Check,
} from '../../src/check.ts';

const verify = '{again}';
const ACCESS: ReadonlySet<number> = new Set([53003, 530032, 53011, 530034, 530035]);
const FEDERATION: ReadonlySet<number> = new Set([700223, 700236, 700238, 7002381]);

const check: Check = defineCheck({
  id: 'exchange/policy',
  title: 'no policy of the tenant forbids the sign-in',
  link: 'identity',
  stage: 'identity',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'exchange'],
  orUnknown: ['target', 'tokenIssuer'],
  sources: [
    'https://learn.microsoft.com/entra/identity/conditional-access/workload-identity',
    'https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity',
  ],
  outcomes: {
    allowed: { status: 'pass', says: 'No policy of tenant {tenant} stopped the sign-in.' },
    conditionalAccess: {
      status: 'fail',
      code: 'ENT-05',
      title: 'Conditional Access stops the sign-in',
      says: 'A Conditional Access policy of tenant {tenant} blocks the sign-in of client {clientId} ({code}).',
      aadsts: [53003, 530032, 53011, 530034, 530035],
      fix: [
        {
          command:
            'az rest --method get --url "https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies?\\$select=displayName,state,conditions"',
          why: 'shows the policies: the one for workload identities that names this client, or the address it signs in from, has to let it through',
          actor: 'Entra admin',
          restarts: false,
        },
      ],
      verify,
    },
    federation: {
      status: 'fail',
      code: 'ENT-06',
      title: 'A policy of the tenant rules out the issuer',
      says: 'Tenant {tenant} does not allow client {clientId} to federate with issuer {issuer} ({code}).',
      aadsts: [700238, 700223, 7002381, 700236],
      fix: [
        {
          command:
            'az rest --method get --url "https://graph.microsoft.com/beta/policies/defaultAppManagementPolicy"',
          why: 'shows what the tenant restricts for federated credentials; the issuer has to be among those it allows',
          actor: 'Entra admin',
          restarts: false,
        },
      ],
      verify,
    },
  },
  run({ signIn, exchange, target, tokenIssuer }, say) {
    const { rate, codes } = exchangeVerdict(exchange);
    const base = exchangeWords(signIn, exchange);
    if (rate.accepted === rate.answered) return say('allowed', base);
    const access = codes.some((code) => ACCESS.has(code));
    if (!access && !codes.some((code) => FEDERATION.has(code)))
      return say.skip('the refusal is about something else');
    const issuer = tokenIssuer.state === 'present' ? tokenIssuer.value : 'of the token';
    return say(
      access ? 'conditionalAccess' : 'federation',
      { ...base, issuer, again: exchangeAgain(target) },
      {
        about: { kind: 'Identity', name: base.clientId },
        evidence: answerEvidence(exchange),
        answered: codes,
      },
    );
  },
});
export default check;
