import {
  BINDING_STANDS_IN,
  defineCheck,
  durationWords,
  epochSeconds,
  PROPAGATION,
  exchangeVerdict,
  identityWord,
  isCredentialRefusal,
  presentsCompared,
  rateWords,
  type Check,
} from '../../src/check.ts';

const wait = {
  command: 'sleep 300',
  why: 'then try again; nothing has to be changed',
  actor: 'developer',
  restarts: false,
} as const;

const check: Check = defineCheck({
  id: 'federated-credential/propagated',
  title: 'the federated credential is old enough to be known everywhere',
  link: 'federatedCredential',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'credentialMatch'],
  orUnknown: ['now', 'clocks', 'identity', 'exchange', 'token'],
  sources: ['https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations'],
  outcomes: {
    settled: {
      status: 'pass',
      says: 'Federated credential {credential} of {identity} was created {age} ago.',
    },
    young: {
      status: 'warn',
      code: 'FIC-11',
      title: 'Credential {credential} is only {age} old',
      says: 'Federated credential {credential} of {identity} is right, but was created {age} ago; sign-ins may fail and succeed by turns for some minutes.',
      aadsts: [700213, 700211, 70025, 70021],
      fix: [wait],
    },
    notEverywhere: {
      status: 'fail',
      code: 'FIC-11',
      title: 'Credential {credential} is only {age} old',
      says: 'Federated credential {credential} of {identity} is right, but was created {age} ago and Entra does not know it everywhere yet; {rate} accepted.',
      aadsts: [700213, 700211, 700212, 70025, 70021, 7002131, 7002138],
      fix: [wait],
    },
  },
  run(facts, say) {
    const { signIn, credentialMatch, now, clocks, exchange, token } = facts;
    if (signIn.mode === 'identity-binding') return say.skip(BINDING_STANDS_IN);
    const { accepting, issuer, open } = credentialMatch;
    if (typeof issuer !== 'string' && open.length > 0) return say.unknown(issuer.reason, issuer.settle);
    if (!accepting) return say.skip('no credential accepts the token');
    const seconds = now.state === 'present' ? epochSeconds(now.value) : Number.NaN;
    const age = seconds - epochSeconds(accepting.created ?? '');
    // Out of dumps the present is no earlier than `now`.
    if (now.state !== 'present' || (clocks.state === 'absent' && age < PROPAGATION))
      return say.unknown('nothing tells when this was seen, so the age of the credential is not known');
    if (Number.isNaN(age))
      return say.unseeable('the list of credentials does not tell when they were created');
    // A clock that is behind that of Azure makes a new credential look as if it came from the future.
    const words = {
      credential: accepting.name,
      identity: identityWord(facts),
      age: durationWords(Math.max(age, 0)),
    };
    if (age >= PROPAGATION) return say('settled', words);
    const answer = exchange.state === 'present' ? exchangeVerdict(exchange.value) : null;
    const refused =
      answer !== null &&
      answer.codes.length > 0 &&
      answer.codes.every(isCredentialRefusal) &&
      presentsCompared(token, credentialMatch);
    const rate = answer === null ? '' : rateWords(answer.rate);
    return say(
      refused ? 'notEverywhere' : 'young',
      { ...words, rate },
      {
        about: { kind: 'FederatedIdentityCredential', name: accepting.name },
        evidence: [
          {
            fact: 'credentialMatch',
            path: 'systemData.createdAt',
            observed: accepting.created ?? '',
            expected: 'more than 10 minutes ago',
            labels: { observed: accepting.name, expected: 'wanted' },
          },
        ],
      },
    );
  },
});
export default check;
