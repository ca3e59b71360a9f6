import {
  BINDING_STANDS_IN,
  credentialChange,
  credentialFix,
  defineCheck,
  fieldFinding,
  HIDDEN_CHARACTERS,
  identityWord,
  PARTLY_GIVEN,
  REPAIR_CREDENTIAL,
  settleCredentialsCommand,
  type Check,
} from '../../src/check.ts';

/** Which outcome a kind of difference belongs to. */
const OUTCOMES = {
  namespace: 'otherSubject',
  'service-account': 'otherSubject',
  'namespace-and-service-account': 'otherSubject',
  case: 'caseOnly',
  ...HIDDEN_CHARACTERS,
} as const;

const whatIf = 'With subject {subject}';

const check: Check = defineCheck({
  id: 'federated-credential/subject',
  title: "a federated credential has the token's subject",
  link: 'federatedCredential',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'always',
  needs: ['signIn', 'credentialMatch', 'workload'],
  orUnknown: ['identity'],
  sources: ['https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations'],
  outcomes: {
    accepted: { status: 'pass', says: 'A federated credential of {identity} has subject {subject}.' },
    otherSubject: {
      status: 'fail',
      code: 'FIC-05',
      title: 'The subject of {credential} {difference}',
      says: 'No federated credential of {identity} accepts subject {subject}; credential {credential} has {observed}.',
      aadsts: [700213, 70021],
      explainedBy: ['POD-07', 'SA-07', 'SA-11', 'FIC-10'],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
    caseOnly: {
      status: 'fail',
      code: 'FIC-06',
      title: 'The subject of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} has the subject in other letter case: {observed} instead of {subject}.',
      aadsts: [7002138, 700213],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
    malformed: {
      status: 'fail',
      code: 'FIC-07',
      title: 'The subject of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} has a subject that no service account can have: {observed} instead of {subject}.',
      aadsts: [700213, 70021],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
    hiddenCharacters: {
      status: 'fail',
      code: 'FIC-09',
      title: 'The subject of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} has a subject that only looks like {subject}: it {difference}.',
      aadsts: [700213, 70021],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
  },
  run(facts, say) {
    const { signIn, credentialMatch } = facts;
    if (signIn.mode === 'identity-binding') return say.skip(BINDING_STANDS_IN);
    const { accepting, nearest, subject } = credentialMatch;
    if (accepting || nearest?.subject.kind === 'equal')
      return say('accepted', { identity: identityWord(facts), subject });
    if (!credentialMatch.complete) return say.unknown(PARTLY_GIVEN, settleCredentialsCommand(facts));
    if (!nearest) return say.skip('no credential is meant for this pod');
    const { words, fix } = credentialFix(facts);
    const { kind, words: difference } = nearest.subject;
    const outcome = OUTCOMES[kind as keyof typeof OUTCOMES] ?? 'malformed';
    return say(
      outcome,
      { ...words, observed: nearest.credential.subject ?? '', difference },
      { ...fieldFinding('subject', nearest, subject, fix), ...credentialChange(facts, 'subject') },
    );
  },
});
export default check;
