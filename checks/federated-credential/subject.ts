import { blank, defineCheck, type Check, type Word } from '../../src/check.ts';

const PLAIN_CREATE =
  'az identity federated-credential create --name {newName} --identity-name {identity} -g {resourceGroup} --issuer {issuer} --subject {subject} --audiences {audience}';
const UPDATE =
  'az identity federated-credential update --name {credential} --identity-name {identity} -g {resourceGroup} --issuer {issuer} --subject {subject} --audiences {audience}';

const create = {
  command: PLAIN_CREATE,
  why: '{credential} may still serve its own subject, so it is left as it is',
  actor: 'Entra admin',
  restarts: false,
} as const;
const update = {
  command: UPDATE,
  why: 'nobody else can be using the subject as it is written now',
  actor: 'Entra admin',
  restarts: false,
} as const;
const EXPLAINED_BY = ['SA-11', 'POD-07', 'SA-07'] as const;

/** Which outcome a kind of difference belongs to. */
const OUTCOMES = {
  slash: 'malformed',
  case: 'caseOnly',
  whitespace: 'whitespace',
  quotes: 'whitespace',
  lookalike: 'malformed',
  malformed: 'malformed',
} as const;

const check: Check = defineCheck({
  id: 'federated-credential/subject',
  title: "a federated credential accepts the token's subject",
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
      says: 'No federated credential of {identity} accepts subject {subject}; {credential} has {observed}.',
      aadsts: [700213, 70021],
      explainedBy: EXPLAINED_BY,
      fix: [create],
    },
    caseOnly: {
      status: 'fail',
      code: 'FIC-06',
      says: 'Federated credential {credential} of {identity} has the subject in other letter case: {observed} instead of {subject}.',
      aadsts: [7002138, 700213],
      explainedBy: EXPLAINED_BY,
      fix: [update],
    },
    malformed: {
      status: 'fail',
      code: 'FIC-07',
      says: 'Federated credential {credential} of {identity} has a subject that no service account can have: {observed} instead of {subject}.',
      aadsts: [700213, 70021],
      explainedBy: EXPLAINED_BY,
      fix: [update],
    },
    whitespace: {
      status: 'fail',
      code: 'FIC-09',
      says: 'Federated credential {credential} of {identity} has characters in its subject that do not belong there: {observed} instead of {subject}.',
      aadsts: [700213, 70021],
      explainedBy: EXPLAINED_BY,
      fix: [update],
    },
  },
  run({ signIn, credentialMatch, workload, identity }, say) {
    if (signIn.mode === 'identity-binding')
      return say.skip('the identity binding stands in for a credential of its own');
    const { accepting, nearest, subject } = credentialMatch;
    const owner = identity.state === 'present' ? identity.value : null;
    const words = {
      identity: owner?.name ?? (signIn.clientId.state === 'known' ? signIn.clientId.value : 'the identity'),
      subject,
    };
    if (accepting || nearest?.subject.kind === 'equal') return say('accepted', words);
    if (!nearest) return say.skip('no credential is meant for this cluster');
    const { credential, subject: difference } = nearest;
    if (!credentialMatch.complete) return say.unknown('only a part of the credentials was given');
    const all: Record<
      | 'identity'
      | 'subject'
      | 'credential'
      | 'observed'
      | 'newName'
      | 'resourceGroup'
      | 'issuer'
      | 'audience',
      Word
    > = {
      ...words,
      identity: owner?.name ?? blank('identity name'),
      credential: credential.name,
      observed: credential.subject ?? '',
      newName: `${workload.object.namespace}-${workload.serviceAccountName}`,
      resourceGroup: owner?.resourceGroup ?? blank('resource group'),
      issuer: credentialMatch.issuer,
      audience: credentialMatch.audience ?? blank('audience'),
    };
    const outcome = OUTCOMES[difference.kind as keyof typeof OUTCOMES] ?? 'otherSubject';
    return say(outcome, all, {
      about: { kind: 'FederatedIdentityCredential', name: credential.name },
      evidence: [
        {
          fact: 'credentialMatch',
          path: 'properties.subject',
          observed: credential.subject ?? '',
          expected: subject,
          difference: difference.words,
          labels: { observed: credential.name, expected: 'token' },
        },
      ],
    });
  },
});
export default check;
