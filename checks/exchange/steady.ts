import {
  answerEvidence,
  credentialFix,
  defineCheck,
  durationWords,
  epochSeconds,
  PROPAGATION,
  exchangeAgain,
  exchangeVerdict,
  exchangeWords,
  isCredentialRefusal,
  namesCompared,
  presentsCompared,
  type Check,
} from '../../src/check.ts';

/**
 * What the time of an error says against what it is held against, as a clause: an error that is older than the
 * credential or the pod does not get here, but a later change of the credential leaves no trace.
 */
function ageWords(time: string | null, credential: string, created: string | null): string {
  if (time === null)
    return `either the error, which bears no time, is of before the last change of ${credential} or of the pod`;
  const since = epochSeconds(time.replace(' ', 'T')) - epochSeconds(created ?? '');
  const when = Number.isNaN(since)
    ? `the error is of ${time}`
    : `the error is of ${time}, ${durationWords(since)} after ${credential} was created`;
  return `${when}: either ${credential} was changed since`;
}

const measure = {
  id: 'measure',
  command: '{again}',
  why: 'measures how often it fails; programs that try again with a pause get through',
  actor: 'developer',
  restarts: false,
} as const;

const check: Check = defineCheck({
  id: 'exchange/steady',
  title: 'Entra gives the same answer to a right token every time',
  link: 'exchange',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'exchange', 'workload', 'now'],
  orUnknown: ['credentialMatch', 'identity', 'token', 'target'],
  sources: [
    'https://github.com/kedacore/keda/issues/8152',
    'https://github.com/Azure/azure-workload-identity/issues/1200',
  ],
  outcomes: {
    steady: { status: 'pass', says: '{rate} got the same answer.' },
    sometimes: {
      status: 'fail',
      code: 'FIC-12',
      title: 'Entra refuses at times what it accepts at others',
      says: 'Entra accepts the token only at times ({rate}) and otherwise answers {code}, so a federated credential matches it and the refusals are transient or a matter of replication.',
      aadsts: [700213, 700211, 700212, 70025, 70021, 7002131, 7002138],
      fix: [measure],
      verify: '{again}',
    },
    told: {
      status: 'fail',
      code: 'FIC-12',
      title: 'The error does not fit what is there now',
      says: 'Entra answered {code} although federated credential {credential} now equals the token in issuer, subject and audience; {age}, or Entra refuses at times what matches.',
      aadsts: [700213, 700211, 700212, 70025, 70021, 7002131, 7002138],
      fix: [
        {
          command: '{again}',
          why: 'asks Entra now: a token that is accepted every time shows that the error is of before',
          actor: 'developer',
          restarts: false,
        },
      ],
      verify: '{again}',
    },
    always: {
      status: 'fail',
      code: 'FIC-12',
      title: 'The refusal does not come from a difference',
      says: 'Entra answers {code} although federated credential {credential} equals the token in issuer, subject and audience ({rate}): transient, or the credential has not reached every replica of Entra.',
      aadsts: [700213, 700211, 700212, 70025, 70021, 7002131, 7002138],
      fix: [
        measure,
        {
          id: 'identity',
          command:
            'az identity federated-credential delete --name {credential} --identity-name {identityName} {place} --yes',
          why: 'if every exchange fails for hours: removes a record that may be damaged',
          actor: 'Entra admin',
          restarts: false,
        },
        {
          id: 'identity',
          command:
            'az identity federated-credential create --name {credential} --identity-name {identityName} {place} --issuer {issuer} --subject {subject} --audiences {audience}',
          why: 'makes it again; one credential at a time',
          actor: 'Entra admin',
          restarts: false,
        },
        {
          id: 'application',
          command:
            'az ad app federated-credential delete --id {clientId} --federated-credential-id {credential}',
          why: 'if every exchange fails for hours: removes a record that may be damaged',
          actor: 'Entra admin',
          restarts: false,
        },
        {
          id: 'application',
          command: 'az ad app federated-credential create --id {clientId} --parameters {parameters}',
          why: 'makes it again; one credential at a time',
          actor: 'Entra admin',
          restarts: false,
        },
      ],
      verify: '{again}',
    },
  },
  run({ signIn, exchange, workload, now, credentialMatch, identity, token, target }, say) {
    const { rate, codes, refusal } = exchangeVerdict(exchange);
    const words = {
      ...exchangeWords(signIn, exchange),
      again: exchangeAgain(target, '--attempts 20 --interval 5'),
    };
    if (rate.accepted === rate.answered) return say('steady', words);
    if (!codes.every(isCredentialRefusal) || codes.length === 0)
      return say.skip('the refusal is about something else than the federated credential');
    const match = credentialMatch.state === 'present' ? credentialMatch.value : null;
    const age = epochSeconds(now) - epochSeconds(match?.accepting?.created ?? '');
    if (age < PROPAGATION) return say.skip('the credential is new, and may not be known everywhere');
    const evidence = answerEvidence(exchange);
    const about = { kind: 'FederatedIdentityCredential', name: match?.accepting?.name ?? words.clientId };
    if (rate.accepted > 0) return say('sometimes', words, { evidence, about });
    if (!match?.accepting) return say.skip('no credential that was looked up accepts the token');
    if (!presentsCompared(token, match) && !namesCompared(refusal?.fields ?? {}, match))
      return say.skip('the token that was sent is not like that of the pod');
    const { name, created } = match.accepting;
    if (exchange.told === true) {
      const age = ageWords(refusal?.time ?? null, name, created ?? null);
      return say('told', { ...words, credential: name, age }, { evidence, about });
    }
    const { words: names, fix } = credentialFix({ signIn, workload, credentialMatch: match, identity });
    const holder = fix.some((id) => id.endsWith('application')) ? 'application' : 'identity';
    return say(
      'always',
      {
        ...names,
        ...words,
        rate: rate.answered === 1 ? 'one answer is known' : `${words.rate} accepted`,
      },
      { evidence, about, fix: ['measure', holder] },
    );
  },
});
export default check;
