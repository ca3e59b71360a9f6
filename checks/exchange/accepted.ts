import {
  answerEvidence,
  defineCheck,
  exchangeAgain,
  exchangeVerdict,
  exchangeWords,
  isCredentialRefusal,
  type Check,
} from '../../src/check.ts';

/** The code under which Entra once refused whatever matched no credential; every such failure still lists it. */
const NO_MATCH = 70021;

const check: Check = defineCheck({
  id: 'exchange/accepted',
  title: 'Entra takes the token and gives one of its own',
  link: 'exchange',
  stage: 'identity',
  per: 'signIn',
  restsOn: 'always',
  needs: ['signIn', 'exchange'],
  orUnknown: ['credentialMatch', 'identity', 'target'],
  sources: ['https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow'],
  outcomes: {
    accepted: { status: 'pass', says: '{host} accepted {rate} of the token for {scope}.' },
    acceptedAgainst: {
      status: 'warn',
      code: 'ENT-11',
      title: 'Entra accepts what it should refuse by what was looked up',
      says: '{host} accepted the token although {against}; Entra may still remember what was there before, or the list is older than the last change.',
      fix: [
        {
          command: '{again}',
          why: 'asks again with what is there now; a change can take minutes to be known everywhere',
          actor: 'developer',
          restarts: false,
        },
      ],
      verify: '{again}',
    },
    refused: {
      status: 'fail',
      code: 'ENT-10',
      title: 'The exchange ends with {code}',
      says: '{host} refuses the token with {code}: {rate} accepted.',
      fix: [
        {
          command: 'wi-doctor explain {code}',
          why: 'says what the answer means and what may bring it',
          actor: 'developer',
          restarts: false,
        },
      ],
      verify: '{again}',
    },
  },
  run({ signIn, exchange, credentialMatch, identity, target }, say) {
    const { refusal, codes } = exchangeVerdict(exchange);
    const words = { ...exchangeWords(signIn, exchange), again: exchangeAgain(target), against: '' };
    if (refusal !== null) {
      return say('refused', words, {
        evidence: answerEvidence(exchange),
        answered: codes.some(isCredentialRefusal) ? [...codes, NO_MATCH] : codes,
      });
    }
    const match = credentialMatch.state === 'present' ? credentialMatch.value : null;
    const mismatch = match !== null && match.complete && match.open.length === 0;
    if (identity.state !== 'absent' && !mismatch) return say('accepted', words);
    const against =
      identity.state === 'absent'
        ? `no identity with client id ${words.clientId} was found`
        : 'no federated credential that was looked up matches it';
    return say('acceptedAgainst', { ...words, against });
  },
});
export default check;
