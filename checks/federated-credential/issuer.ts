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
  slash: 'slashOnly',
  'host-form': 'otherHostForm',
  'other-cluster': 'otherCluster',
  ...HIDDEN_CHARACTERS,
} as const;

const whatIf = "With the token's issuer";

const check: Check = defineCheck({
  id: 'federated-credential/issuer',
  title: "a federated credential has the token's issuer",
  link: 'federatedCredential',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'always',
  needs: ['signIn', 'credentialMatch', 'workload'],
  orUnknown: ['identity'],
  sources: [
    'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations',
    'https://azure.github.io/azure-workload-identity/docs/troubleshooting.html',
  ],
  outcomes: {
    accepted: { status: 'pass', says: 'A federated credential of {identity} has issuer {issuer}.' },
    otherIssuer: {
      status: 'fail',
      code: 'FIC-02',
      title: 'The issuer of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} has issuer {observed}, but the token is issued by {issuer}.',
      aadsts: [700211, 70021],
      explainedBy: ['POD-07', 'SA-11', 'CL-01', 'CL-10', 'CL-11', 'ENT-09', 'FIC-10'],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
    otherCluster: {
      status: 'fail',
      code: 'FIC-02',
      title: 'The issuer of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} names the issuer of another AKS cluster, {observed}, while the token is issued by {issuer}; a cluster that was re-created has a new issuer.',
      aadsts: [700211, 70021],
      explainedBy: ['POD-07', 'SA-11', 'CL-05', 'CL-06', 'CL-11', 'FIC-10'],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
    slashOnly: {
      status: 'fail',
      code: 'FIC-03',
      title: 'The issuer of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} differs from the token in the slash at the end of the issuer: {observed} instead of {issuer}.',
      aadsts: [700211, 70021],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
    otherHostForm: {
      status: 'fail',
      code: 'FIC-04',
      title: 'The issuer of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} names the same cluster under another issuer host: {observed} instead of {issuer}.',
      aadsts: [700211, 70021],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
    hiddenCharacters: {
      status: 'fail',
      code: 'FIC-09',
      title: 'The issuer of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} has an issuer that only looks like {issuer}: it {difference}.',
      aadsts: [700211, 70021],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
    takenOver: {
      status: 'fail',
      code: 'FIC-17',
      title: 'The issuer of {credential} {difference}',
      says: 'Federated credential {credential} of {identity} accepts this service account from another AKS cluster only ({observed}), though {identity} has credentials for both clusters; the other one has probably overwritten it under the same name.',
      aadsts: [700211, 70021],
      whatIf,
      fix: REPAIR_CREDENTIAL,
    },
  },
  run(facts, say) {
    const { signIn, credentialMatch } = facts;
    if (signIn.mode === 'identity-binding') return say.skip(BINDING_STANDS_IN);
    const { accepting, nearest, issuer, sameSubject, all, complete } = credentialMatch;
    if (typeof issuer !== 'string') {
      if (complete && sameSubject.length === 0)
        return say.skip('no credential has the subject of this pod, whatever its issuer');
      return say.unknown(issuer.reason, issuer.settle);
    }
    if (accepting || nearest?.issuer?.kind === 'equal')
      return say('accepted', { identity: identityWord(facts), issuer });
    if (!complete) return say.unknown(PARTLY_GIVEN, settleCredentialsCommand(facts));
    if (!nearest?.issuer) return say.skip('no credential is meant for this pod');
    const { words, fix } = credentialFix(facts);
    const { kind, words: difference } = nearest.issuer;
    const observed = nearest.credential.issuer ?? '';
    const others = all.filter(({ name }) => name !== nearest.credential.name);
    // Two clusters side by side under one identity: each needs a credential of its own, under its own name.
    const servesBoth =
      kind === 'other-cluster' &&
      nearest.subject.kind === 'equal' &&
      [issuer, observed].every((wanted) => others.some((other) => other.issuer === wanted));
    const outcome = servesBoth ? 'takenOver' : (OUTCOMES[kind as keyof typeof OUTCOMES] ?? 'otherIssuer');
    return say(
      outcome,
      { ...words, issuer, observed, difference },
      { ...fieldFinding('issuer', nearest, issuer, fix), ...credentialChange(facts, 'issuer') },
    );
  },
});
export default check;
