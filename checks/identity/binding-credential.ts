import {
  bindIdentity,
  bindingWords,
  defineCheck,
  identityWord,
  isIdentityBinding,
  PARTLY_GIVEN,
  settleCredentialsCommand,
  type Check,
} from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'identity/binding-credential',
  title: 'the identity still trusts the issuer of its identity bindings',
  link: 'federatedCredential',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'always',
  needs: ['signIn', 'workload'],
  orUnknown: ['credentialMatch', 'identity', 'identityBindings', 'aksCluster'],
  sources: ['https://learn.microsoft.com/azure/aks/identity-bindings-concepts'],
  outcomes: {
    trusted: {
      status: 'pass',
      says: 'Identity {identity} has federated credential {credential} for its bindings.',
    },
    deleted: {
      status: 'fail',
      code: 'IB-06',
      title: 'The credential of the identity bindings is missing',
      says: 'Identity {identity} has no federated credential of its identity bindings any more (aks-identity-binding), so Entra refuses what the token proxy presents.',
      aadsts: [700211, 70025, 70021],
      explainedBy: ['IB-04', 'IB-05', 'POD-07', 'SA-11'],
      fix: [
        {
          id: 'delete',
          command: 'az aks identity-binding delete {inCluster} --name {binding} --yes',
          why: 'a binding makes its credential only as it is created',
          actor: 'Azure admin',
          restarts: false,
        },
        bindIdentity('makes the binding, and with it the credential'),
      ],
    },
  },
  run(facts, say) {
    const { signIn, identity, identityBindings, aksCluster, workload } = facts;
    if (signIn.mode !== 'identity-binding') return say.skip('the pod signs in without an identity binding');
    if (facts.credentialMatch.state === 'absent') return say.skip('there is no identity');
    if (facts.credentialMatch.state === 'unknown')
      return say.unknown(facts.credentialMatch.reason, facts.credentialMatch.settle);
    const credentialMatch = facts.credentialMatch.value;
    const { all, complete } = credentialMatch;
    const name = identityWord({ signIn, identity, credentialMatch });
    const own = all.find(isIdentityBinding);
    if (own) return say('trusted', { identity: name, credential: own.name });
    if (!complete)
      return say.unknown(
        PARTLY_GIVEN,
        settleCredentialsCommand({ signIn, identity, workload, credentialMatch }),
      );
    if (identityBindings.state !== 'present')
      return say.unknown('the identity bindings of the cluster were not seen');
    const clientId = signIn.clientId.state === 'known' ? signIn.clientId.value.toLowerCase() : '';
    const binding = identityBindings.value.find((one) => one.clientId === clientId)?.name ?? null;
    return say(
      'deleted',
      {
        identity: name,
        ...bindingWords(workload, identity, aksCluster, binding),
      },
      {
        fix: binding === null ? [] : ['delete'],
        about: { kind: 'Identity', name },
        evidence: [
          {
            fact: 'credentialMatch',
            path: 'federatedIdentityCredentials',
            observed: all.map((one) => one.name).join(', ') || 'empty list',
            expected: 'aks-identity-binding',
            labels: { observed: 'identity', expected: 'wanted' },
          },
        ],
      },
    );
  },
});
export default check;
