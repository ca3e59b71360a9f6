import {
  BINDING_STANDS_IN,
  CREATE_CREDENTIAL,
  credentialFix,
  defineCheck,
  epochSeconds,
  identityWord,
  type Check,
} from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'cluster/same-cluster',
  title: 'the federated credential was made for the cluster that is there now',
  link: 'federatedCredential',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'never',
  needs: ['aksCluster', 'signIn', 'credentialMatch', 'workload'],
  orUnknown: ['identity'],
  sources: [
    'https://github.com/Azure/AKS/issues/3982',
    'https://learn.microsoft.com/azure/aks/use-oidc-issuer',
  ],
  outcomes: {
    same: { status: 'pass', says: 'A federated credential of {identity} was made for cluster {cluster}.' },
    recreated: {
      status: 'fail',
      code: 'CL-05',
      title: 'The credential is for the cluster that {cluster} has replaced',
      says: 'AKS cluster {cluster} was created on {created}, later than federated credential {credential} ({older}), which trusts the issuer of the cluster before it; a new cluster has a new issuer even under the old name.',
      aadsts: [700211, 70021],
      explainedBy: ['POD-07', 'SA-11', 'FIC-10'],
      fix: CREATE_CREDENTIAL,
    },
  },
  run(facts, say) {
    const { signIn, credentialMatch, aksCluster } = facts;
    if (signIn.mode === 'identity-binding') return say.skip(BINDING_STANDS_IN);
    const { accepting, nearest, issuer } = credentialMatch;
    if (typeof issuer !== 'string') return say.unknown(issuer.reason, issuer.settle);
    const { name: cluster, created } = aksCluster;
    const { words, fix } = credentialFix(facts);
    if (accepting || nearest?.issuer?.kind === 'equal')
      return say('same', { identity: identityWord(facts), cluster });
    if (nearest?.issuer?.kind !== 'other-cluster' || nearest.subject.kind !== 'equal')
      return say.skip('no credential names this service account in another cluster');
    const older = nearest.credential.created ?? '';
    const age = epochSeconds(created ?? '') - epochSeconds(older);
    if (Number.isNaN(age))
      return say.unknown('when the cluster and the credential were created was not seen');
    if (age <= 0) return say.skip('the credential is younger than the cluster');
    const day = (time: string): string => time.slice(0, 10);
    return say(
      'recreated',
      {
        ...words,
        cluster,
        created: day(created ?? ''),
        older: day(older),
        credential: nearest.credential.name,
      },
      {
        fix: fix.map((id) => id.replace('update', 'create')),
        about: { kind: 'ManagedCluster', name: cluster },
        evidence: [
          {
            fact: 'credentialMatch',
            path: 'properties.issuer',
            observed: nearest.credential.issuer ?? '',
            expected: issuer,
            difference: nearest.issuer.words,
            labels: { observed: nearest.credential.name, expected: 'cluster' },
          },
        ],
      },
    );
  },
});
export default check;
