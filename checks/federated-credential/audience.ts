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
  'cloud-audience': 'otherCloud',
  ...HIDDEN_CHARACTERS,
} as const;

const whatIf = 'With audience {audience}';

const check: Check = defineCheck({
  id: 'federated-credential/audience',
  title: "a federated credential has the token's audience",
  link: 'federatedCredential',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'always',
  needs: ['signIn', 'credentialMatch', 'workload'],
  orUnknown: ['identity'],
  sources: ['https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations'],
  outcomes: {
    accepted: { status: 'pass', says: 'A federated credential of {identity} has audience {audience}.' },
    several: {
      status: 'warn',
      code: 'FIC-08',
      title: 'Credential {credential} has more than one audience',
      says: 'Federated credential {credential} of {identity} has several audiences; Entra allows one, {audience}, and refuses the next update of the credential.',
      fix: REPAIR_CREDENTIAL,
    },
    other: {
      status: 'fail',
      code: 'FIC-08',
      title: 'The audience of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} has audience {observed}, but the token is for {audience}.',
      aadsts: [700212, 70021],
      explainedBy: ['WH-13', 'TOK-01', 'TOK-02'],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
    otherCloud: {
      status: 'fail',
      code: 'FIC-08',
      title: 'The audience of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} has the audience of another Azure cloud, {observed}, but the token is for {audience}.',
      aadsts: [700212, 70021],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
    hiddenCharacters: {
      status: 'fail',
      code: 'FIC-09',
      title: 'The audience of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} has an audience that only looks like {audience}: it {difference}.',
      aadsts: [700212, 70021],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
    missing: {
      status: 'fail',
      code: 'FIC-20',
      title: 'The audience of {credential} is empty',
      says: 'Federated credential {credential} of {identity} has no audience, but the token is for {audience}.',
      aadsts: [700212, 70021],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
  },
  run(facts, say) {
    const { signIn, credentialMatch } = facts;
    if (signIn.mode === 'identity-binding') return say.skip(BINDING_STANDS_IN);
    const { accepting, nearest, audience, complete, issuer, sameSubject } = credentialMatch;
    if (audience === null) {
      return say.unknown(
        signIn.audience.state === 'unknown' ? signIn.audience.reason : "the token's audience is not known",
      );
    }
    if (typeof issuer !== 'string' && sameSubject.length === 0)
      return complete
        ? say.skip('no credential has the subject of this pod')
        : say.unknown(PARTLY_GIVEN, settleCredentialsCommand(facts));
    // Which of several credentials with the right subject is tested depends on the issuer.
    const right = sameSubject.filter((one) => one.audience?.kind === 'equal').length;
    if (typeof issuer !== 'string' && right > 0 && right < sameSubject.length)
      return say.unknown(issuer.reason, issuer.settle);
    if (accepting && accepting.audiences.length < 2)
      return say('accepted', { identity: identityWord(facts), audience });
    if (!accepting && nearest?.audience?.kind === 'equal')
      return say('accepted', { identity: identityWord(facts), audience });
    if (!accepting && !complete) return say.unknown(PARTLY_GIVEN, settleCredentialsCommand(facts));
    const { words, fix } = credentialFix(facts);
    if (accepting) {
      return say(
        'several',
        { ...words, credential: accepting.name },
        {
          fix,
          about: { kind: 'FederatedIdentityCredential', name: accepting.name },
          evidence: [
            {
              fact: 'credentialMatch',
              path: 'properties.audiences',
              observed: accepting.audiences.join(', '),
              expected: audience,
              labels: { observed: accepting.name, expected: 'token' },
            },
          ],
        },
      );
    }
    if (!nearest) return say.skip('no credential is meant for this pod');
    const { kind = 'other', words: difference = '' } = nearest.audience ?? {};
    const outcome =
      nearest.observedAudience === '' ? 'missing' : (OUTCOMES[kind as keyof typeof OUTCOMES] ?? 'other');
    return say(
      outcome,
      { ...words, observed: nearest.credential.audiences.join(', '), difference },
      { ...fieldFinding('audience', nearest, audience, fix), ...credentialChange(facts, 'audience') },
    );
  },
});
export default check;
