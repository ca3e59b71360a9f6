import {
  CREATE_CREDENTIAL,
  credentialFix,
  defineCheck,
  identityWord,
  listCredentialsCommand,
  type Check,
} from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'federated-credential/exists',
  title: 'the identity has a federated credential meant for this pod',
  link: 'federatedCredential',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'always',
  needs: ['signIn', 'credentialMatch', 'workload'],
  orUnknown: ['identity'],
  sources: ['https://learn.microsoft.com/entra/workload-id/workload-identity-federation'],
  outcomes: {
    exists: {
      status: 'pass',
      says: 'Federated credential {credential} of {identity} is meant for this pod.',
    },
    none: {
      status: 'fail',
      code: 'FIC-01',
      says: 'Identity {identity} has no federated credential at all, so no token of {subject} is accepted.',
      aadsts: [70025, 700213, 70021],
      explainedBy: ['POD-07', 'SA-11', 'CL-01', 'FIC-19'],
      fix: CREATE_CREDENTIAL,
    },
    onlyOthers: {
      status: 'fail',
      code: 'FIC-01',
      says: 'Identity {identity} has no federated credential for {subject} of this cluster; what it has ({others}) is meant for something else.',
      aadsts: [700211, 700213, 70021],
      explainedBy: ['POD-07', 'SA-11', 'CL-01', 'CL-10'],
      fix: CREATE_CREDENTIAL,
    },
    flexible: {
      status: 'fail',
      code: 'FIC-18',
      says: 'Federated credential {flexible} of {identity} matches by expression, which Entra does not do for the issuer of a Kubernetes cluster; it needs the subject {subject}.',
      aadsts: [7002131, 700213, 70021],
      fix: CREATE_CREDENTIAL,
    },
  },
  run(facts, say) {
    const { signIn, credentialMatch } = facts;
    if (signIn.mode === 'identity-binding')
      return say.skip('the identity binding stands in for a credential of its own');
    const { accepting, nearest, all, issuer, subject, complete } = credentialMatch;
    const own = accepting ?? nearest?.credential;
    if (own) return say('exists', { identity: identityWord(facts), credential: own.name });
    if (!complete)
      return say.unknown('only a part of the credentials was given', listCredentialsCommand(facts));
    const { words, fix } = credentialFix(facts);
    const flexible = all.find((credential) => credential.subject === null && credential.issuer === issuer);
    if (flexible) {
      return say(
        'flexible',
        { ...words, flexible: flexible.name },
        {
          fix,
          about: { kind: 'FederatedIdentityCredential', name: flexible.name },
          evidence: [
            {
              fact: 'credentialMatch',
              path: 'claimsMatchingExpression.value',
              observed: flexible.expression ?? 'no subject',
              expected: subject,
              labels: { observed: flexible.name, expected: 'token' },
            },
          ],
        },
      );
    }
    const names = all.map(({ name }) => name);
    const listed = names.slice(0, 3).join(', ');
    const others = names.length > 3 ? `${listed} and ${names.length - 3} more` : listed;
    return say(
      all.length === 0 ? 'none' : 'onlyOthers',
      { ...words, others },
      {
        fix,
        about: { kind: 'Identity', name: identityWord(facts) },
        evidence: [
          {
            fact: 'credentialMatch',
            path: 'federatedIdentityCredentials',
            observed: all.length === 0 ? 'empty list' : others,
            expected: subject,
            labels: { observed: 'identity', expected: 'token' },
          },
        ],
      },
    );
  },
});
export default check;
