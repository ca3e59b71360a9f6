import {
  answerEvidence,
  defineCheck,
  exchangeAgain,
  exchangeVerdict,
  exchangeWords,
  isScopeRefusal,
  type Check,
} from '../../src/check.ts';

const verify = '{again}';
const NOT_ASSIGNED = 501051;

const check: Check = defineCheck({
  id: 'exchange/scope',
  title: 'the tenant has the resource that a token is asked for',
  link: 'exchange',
  stage: 'role',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'exchange'],
  orUnknown: ['target'],
  sources: ['https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope'],
  outcomes: {
    found: { status: 'pass', says: 'Tenant {tenant} gives tokens for {scope}.' },
    wrong: {
      status: 'fail',
      code: 'ENT-07',
      title: 'The scope names no resource of the tenant',
      says: 'Entra takes the token but gives none for scope {scope} ({code}): no such resource in tenant {tenant}, or not the form RESOURCE/.default.',
      aadsts: [500011, 70011, 1002012, 28002, 700022, 700023, 50001, 901002, 650057],
      fix: [
        {
          command: '{again}',
          why: 'asks for a resource that every tenant has; a program names its own as https://vault.azure.net/.default and the like',
          actor: 'developer',
          restarts: false,
        },
      ],
      verify,
    },
    notAssigned: {
      status: 'fail',
      code: 'ENT-07',
      title: 'The client is not assigned to the application it asks for',
      says: 'Entra takes the token but gives none for {scope} ({code}): that application requires an assignment, and client {clientId} has none.',
      aadsts: [501051],
      fix: [
        {
          command: 'az ad sp show --id {clientId} --query id -o tsv',
          why: 'prints the principal that needs an app role of that application',
          actor: 'Entra admin',
          restarts: false,
        },
      ],
      verify,
    },
  },
  run({ signIn, exchange, target }, say) {
    const { rate, codes } = exchangeVerdict(exchange);
    const words = { ...exchangeWords(signIn, exchange), again: exchangeAgain(target) };
    if (rate.accepted === rate.answered) return say('found', words);
    if (!codes.some(isScopeRefusal)) return say.skip('the refusal is about something else');
    return say(codes.includes(NOT_ASSIGNED) ? 'notAssigned' : 'wrong', words, {
      about: { kind: 'Scope', name: words.scope },
      evidence: answerEvidence(exchange),
      answered: codes,
    });
  },
});
export default check;
