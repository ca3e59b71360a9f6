import {
  answerEvidence,
  defineCheck,
  epochSeconds,
  exchangeAgain,
  exchangeVerdict,
  exchangeWords,
  timeWords,
  type Check,
} from '../../src/check.ts';

const verify = '{again}';
const NOT_IN_TIME = 700024;
/** Seconds by which Entra lets clocks differ. */
const TOLERANCE = 300;

const check: Check = defineCheck({
  id: 'exchange/clock',
  title: "the token is valid by Entra's clock",
  link: 'token',
  stage: 'token',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'exchange', 'token', 'now'],
  orUnknown: ['target'],
  sources: ['https://github.com/Azure/azure-workload-identity/issues/693'],
  outcomes: {
    valid: { status: 'pass', says: "The token is valid by Entra's clock." },
    expired: {
      status: 'fail',
      code: 'TOK-05',
      title: "The token has expired by Entra's clock",
      says: 'The token expired at {moment} by the clock of Entra, where it is {time}; the clock of this machine says {now}.',
      aadsts: [700024],
      fix: [
        {
          command: '{again}',
          why: 'asks with a new token, once the clock of this machine is right',
          actor: 'developer',
          restarts: false,
        },
      ],
      verify,
    },
    notYet: {
      status: 'fail',
      code: 'TOK-06',
      title: "The token is not valid yet by Entra's clock",
      says: 'The token is not valid before {moment}, but Entra has {time}: the clock of the API server that signed it is ahead.',
      aadsts: [700024],
      fix: [
        {
          command: 'kubectl get --raw /healthz -v=8',
          why: "shows the API server's own time in the Date header; let NTP correct the control plane",
          actor: 'cluster admin',
          restarts: false,
        },
      ],
      verify,
    },
  },
  run({ signIn, exchange, token, now, target }, say) {
    const { rate, refusal, codes } = exchangeVerdict(exchange);
    const base = { ...exchangeWords(signIn, exchange), now, again: exchangeAgain(target) };
    if (rate.accepted === rate.answered) return say('valid', base);
    if (!codes.includes(NOT_IN_TIME)) return say.skip('the refusal is about something else');
    if (token.kind !== 'jwt') return say.skip('there is no token that can be read');
    const { exp, nbf, iat } = token.claims;
    const start = nbf ?? iat;
    const here = epochSeconds(now);
    if ((exp !== null && exp < here) || (start !== null && start > here + TOLERANCE))
      return say.skip('the token itself shows it');
    const there = epochSeconds(refusal?.time ?? '');
    if (exp === null || start === null || Number.isNaN(there))
      return say.unknown("the token's times and Entra's do not tell which of the clocks is wrong");
    const expired = there > exp;
    const moment = timeWords(expired ? exp : start, there * 1000);
    return say(
      expired ? 'expired' : 'notYet',
      { ...base, moment, time: refusal?.time ?? '' },
      { evidence: answerEvidence(exchange), answered: codes },
    );
  },
});
export default check;
