import {
  answerEvidence,
  CREATE_CREDENTIAL,
  defineCheck,
  exchangeAgain,
  exchangeVerdict,
  exchangeWords,
  isCredentialRefusal,
  unseenCredentialWords,
  type Check,
} from '../../src/check.ts';

const list = {
  id: 'list',
  command: '{list}',
  why: 'shows the credentials that are there; a new one needs a name of its own, or it replaces another',
  actor: 'Entra admin',
  restarts: false,
} as const;
const fix = [list, ...CREATE_CREDENTIAL] as const;
const verify = '{again}';

/** Which of the claims an answer is about. */
const OUTCOMES: Readonly<
  Record<number, 'none' | 'noMatch' | 'issuer' | 'subject' | 'letterCase' | 'audience'>
> = {
  70025: 'none',
  7000226: 'none',
  70021: 'noMatch',
  700211: 'issuer',
  700212: 'audience',
  7002121: 'audience',
  700213: 'subject',
  7002131: 'subject',
  7002137: 'subject',
  7002138: 'letterCase',
};

const check: Check = defineCheck({
  id: 'exchange/credential',
  title: 'Entra finds a federated credential for the token',
  link: 'federatedCredential',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'exchange', 'workload', 'tokenIssuer'],
  orUnknown: ['credentialMatch', 'identity', 'target'],
  sources: ['https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations'],
  outcomes: {
    found: { status: 'pass', says: 'Entra found a federated credential of {clientId} for the token.' },
    none: {
      status: 'fail',
      code: 'FIC-01',
      title: 'Entra finds no credential on the client',
      says: 'Client {clientId} has no federated credential at all, says Entra ({code}), so nothing accepts subject {subject}.',
      aadsts: [70025, 7000226],
      fix,
      verify,
    },
    noMatch: {
      status: 'fail',
      code: 'FIC-01',
      title: 'Entra finds no credential that fits the token',
      says: 'No federated credential of client {clientId} matches issuer {issuer}, subject {subject} and audience {audience}, says Entra ({code}).',
      aadsts: [70021],
      fix,
      verify,
    },
    issuer: {
      status: 'fail',
      code: 'FIC-02',
      title: "Entra finds no credential for the token's issuer",
      says: 'No federated credential of client {clientId} has issuer {issuer}, says Entra ({code}).',
      aadsts: [700211],
      fix,
      verify,
    },
    subject: {
      status: 'fail',
      code: 'FIC-05',
      title: "Entra finds no credential for the token's subject",
      says: 'No federated credential of client {clientId} has subject {subject}, says Entra ({code}).',
      aadsts: [700213, 7002131, 7002137],
      fix,
      verify,
    },
    letterCase: {
      status: 'fail',
      code: 'FIC-06',
      title: 'The subject differs in letter case',
      says: 'A federated credential of client {clientId} has subject {subject} in other letter case, says Entra ({code}).',
      aadsts: [7002138],
      fix,
      verify,
    },
    audience: {
      status: 'fail',
      code: 'FIC-08',
      title: "Entra finds no credential for the token's audience",
      says: 'No federated credential of client {clientId} has audience {audience}, says Entra ({code}).',
      aadsts: [700212, 7002121],
      fix,
      verify,
    },
  },
  run({ signIn, exchange, workload, tokenIssuer, credentialMatch, identity, target }, say) {
    const { rate, codes } = exchangeVerdict(exchange);
    const words = { ...exchangeWords(signIn, exchange), again: exchangeAgain(target) };
    if (rate.accepted > 0) return say('found', words);
    const code = codes.find(isCredentialRefusal);
    if (code === undefined) return say.skip('the refusal is about something else');
    const match = credentialMatch.state === 'present' ? credentialMatch.value : null;
    if (match !== null && (match.accepting !== null || match.complete))
      return say.skip('the credentials themselves were compared');
    const { words: names, fix: fixes } = unseenCredentialWords(signIn, workload, identity, tokenIssuer);
    return say(
      OUTCOMES[code] ?? 'noMatch',
      { ...names, ...words },
      {
        fix: fixes,
        about: { kind: 'Identity', name: words.clientId },
        evidence: answerEvidence(exchange),
        answered: codes,
      },
    );
  },
});
export default check;
