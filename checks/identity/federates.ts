import {
  askedClientId,
  blank,
  defineCheck,
  give,
  givenBy,
  placeWords,
  trustedIssuer,
  UNNAMED,
  type Check,
} from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'identity/federates',
  title: 'the identity is of a kind that can have federated credentials',
  link: 'identity',
  // Before the credentials, which such an identity cannot have.
  stage: 'values',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'identity', 'workload'],
  orUnknown: ['tokenIssuer'],
  sources: ['https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations'],
  outcomes: {
    federates: { status: 'pass', says: 'Identity {identity} can have federated credentials.' },
    systemAssigned: {
      status: 'fail',
      code: 'FIC-19',
      title: 'Identity {identity} is a system-assigned identity',
      says: 'Client id {clientId} belongs to the system-assigned identity {identity}, which cannot have federated credentials; only a user-assigned one can.',
      aadsts: [70025, 700213, 70021],
      fix: [
        {
          command: 'az identity create --name {newName} {place} --query clientId -o tsv',
          why: 'makes a user-assigned identity and prints its client id; it needs the roles of the old one',
          actor: 'Azure admin',
          restarts: false,
        },
        {
          command:
            'az identity federated-credential create --name {newName} --identity-name {newName} {place} --issuer {trusted} --subject {subject} --audiences {audience}',
          why: 'lets it trust this service account of this cluster',
          actor: 'Entra admin',
          restarts: false,
        },
        ...give('client-id', 'names the new identity'),
      ],
    },
  },
  run({ signIn, identity, workload, tokenIssuer }, say) {
    const clientId = signIn.clientId.state === 'known' ? signIn.clientId.value : '';
    const name = identity.name ?? clientId;
    if (identity.kind === 'unknown')
      return say.unseeable('the credentials do not tell what kind of identity has them');
    if (identity.kind !== 'system-assigned') return say('federates', { identity: name });
    const newName = `${workload.object.namespace}-${workload.serviceAccountName}`.replaceAll('.', '-');
    const named = givenBy(workload, {
      variable: 'AZURE_CLIENT_ID',
      container: signIn.containers[0] ?? '',
      effective: signIn.clientId,
      wanted: askedClientId({ ...UNNAMED, name: newName }),
    });
    return say(
      'systemAssigned',
      {
        clientId,
        identity: name,
        newName,
        place: placeWords(UNNAMED.place),
        trusted: trustedIssuer(tokenIssuer),
        subject: signIn.subject,
        audience: signIn.audience.state === 'known' ? signIn.audience.value : blank('audience'),
        ...named.words,
      },
      {
        fix: named.fix,
        about: { kind: 'Identity', name },
        evidence: [
          { fact: 'identity', path: 'kind', observed: 'system-assigned', expected: 'user-assigned' },
        ],
      },
    );
  },
});
export default check;
