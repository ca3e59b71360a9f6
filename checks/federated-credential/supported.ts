import {
  askedClientId,
  blank,
  defineCheck,
  give,
  givenBy,
  placeWords,
  UNNAMED,
  type Check,
} from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'federated-credential/supported',
  title: "the identity's region offers federated credentials",
  link: 'federatedCredential',
  // Before the credentials, which cannot be made there.
  stage: 'values',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'workload'],
  orUnknown: ['identity', 'federatedCredentials'],
  sources: ['https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations'],
  outcomes: {
    supported: { status: 'pass', says: 'Identity {identity} can hold federated credentials where it is.' },
    unsupported: {
      status: 'fail',
      code: 'FIC-15',
      title: 'Region {location} has no federated credentials',
      says: 'Identity {identity} is in region {location}, which offers no federated credentials, so no pod can sign in as it.',
      aadsts: [70025, 700213, 70021],
      fix: [
        {
          command:
            'az identity create --name {newName} {place} --location {newLocation} --query clientId -o tsv',
          why: 'makes an identity in a region that offers them; where it lies does not matter to the cluster, but it needs the roles of the old one',
          actor: 'Azure admin',
          restarts: false,
        },
        ...give(
          'client-id',
          'names the new identity; then run the diagnosis again for its federated credential',
        ),
      ],
    },
  },
  run({ signIn, federatedCredentials, workload, identity }, say) {
    if (federatedCredentials.state === 'unknown') return say.unknown(federatedCredentials.reason);
    if (federatedCredentials.state === 'absent') return say.skip('there is no identity that could have any');
    const known = identity.state === 'present' ? identity.value : null;
    const clientId = signIn.clientId.state === 'known' ? signIn.clientId.value : 'of the pod';
    const name = known?.name ?? clientId;
    if (federatedCredentials.value.unsupported !== true) return say('supported', { identity: name });
    const location = known?.location ?? 'of its own';
    const newName = `${known?.name ?? 'identity'}-2`;
    const place = known ?? UNNAMED.place;
    const named = givenBy(workload, {
      variable: 'AZURE_CLIENT_ID',
      container: signIn.containers[0] ?? '',
      effective: signIn.clientId,
      wanted: askedClientId({ name: newName, place }),
    });
    return say(
      'unsupported',
      {
        identity: name,
        location,
        newName,
        place: placeWords(place),
        newLocation: blank('location'),
        ...named.words,
      },
      {
        fix: named.fix,
        about: { kind: 'Identity', name },
        evidence: [
          {
            fact: 'federatedCredentials',
            path: 'federatedIdentityCredentials',
            observed: `405 in ${location}`,
            expected: 'a list',
            labels: { observed: 'ARM', expected: 'wanted' },
          },
        ],
      },
    );
  },
});
export default check;
