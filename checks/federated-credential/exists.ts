import {
  annotationOf,
  BINDING_STANDS_IN,
  CLIENT_ID_KEY,
  clientIdChange,
  CREATE_CREDENTIAL,
  credentialFix,
  defineCheck,
  give,
  givenBy,
  identityWord,
  isAksIssuer,
  matchCredentials,
  newCredentialChange,
  PARTLY_GIVEN,
  settleCredentialsCommand,
  type Check,
  type EffectiveValue,
} from '../../src/check.ts';

function clientIdIn(clientId: EffectiveValue): string | null {
  return clientId.state === 'known' ? clientId.value : null;
}

const whatIf = 'Once the fix has made it';

const check: Check = defineCheck({
  id: 'federated-credential/exists',
  title: 'the identity has a federated credential meant for this pod',
  link: 'federatedCredential',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'always',
  needs: ['signIn', 'credentialMatch', 'workload', 'clients'],
  orUnknown: ['identity', 'serviceAccount'],
  sources: ['https://learn.microsoft.com/entra/workload-id/workload-identity-federation'],
  outcomes: {
    exists: {
      status: 'pass',
      says: 'Federated credential {credential} of {identity} is meant for this pod.',
    },
    none: {
      status: 'fail',
      code: 'FIC-01',
      title: 'The list of federated credentials is empty',
      says: 'Identity {identity} has no federated credential at all, so no token of {subject} is accepted.',
      aadsts: [70025, 700213, 70021],
      explainedBy: ['POD-07', 'SA-11', 'CL-01', 'FIC-15'],
      whatIf,
      fix: CREATE_CREDENTIAL,
    },
    onlyOthers: {
      status: 'fail',
      code: 'FIC-01',
      title: 'None of the credentials is meant for this service account',
      says: 'Identity {identity} has no federated credential for {subject} of this cluster; what it has ({others}) is meant for something else.',
      aadsts: [700211, 700213, 70021],
      explainedBy: ['POD-07', 'SA-11', 'CL-01', 'CL-10'],
      whatIf,
      fix: CREATE_CREDENTIAL,
    },
    elsewhere: {
      status: 'fail',
      code: 'FIC-10',
      title: 'The credential is on {other}, not on {identity}',
      says: 'The federated credential for {subject} is on identity {other} ({otherId}), but the pod signs in as {identity}.',
      aadsts: [700213, 70025, 700211, 70021],
      whatIf: 'With client id {otherId}',
      fix: [
        ...give(
          'client-id',
          'names {other}, which trusts the pod already, if that is the identity that was meant',
        ),
        ...CREATE_CREDENTIAL.map((fix) => ({ ...fix, instead: true }) as const),
      ],
    },
    flexible: {
      status: 'fail',
      code: 'FIC-18',
      title: 'Credential {flexible} has an expression instead of a subject',
      says: 'Federated credential {flexible} of {identity} matches by expression, which Entra does not do for the issuer of a Kubernetes cluster; it needs the subject {subject}.',
      aadsts: [7002131, 700213, 70021],
      whatIf,
      fix: CREATE_CREDENTIAL,
    },
  },
  run(facts, say) {
    const { signIn, credentialMatch, workload, clients, serviceAccount } = facts;
    if (signIn.mode === 'identity-binding') return say.skip(BINDING_STANDS_IN);
    if (facts.identity.state === 'present' && facts.identity.value.kind === 'system-assigned')
      return say.skip('a system-assigned identity cannot have federated credentials');
    const { accepting, nearest, all, issuer, subject, complete } = credentialMatch;
    // Ids that containers or the service account name are judged for themselves; these were only found in Azure.
    const annotated =
      serviceAccount.state === 'present' ? annotationOf(serviceAccount.value, CLIENT_ID_KEY) : '';
    const used = new Set([
      annotated,
      ...workload.judged.map(({ effective }) => clientIdIn(effective.clientId)),
    ]);
    const elsewhere = [...clients].find(([id, { federatedCredentials: list }]) => {
      if (accepting || used.has(id) || list.state !== 'present' || list.value.anyClientId) return false;
      return matchCredentials(list.value, issuer, subject, credentialMatch.audience).accepting !== null;
    });
    if (elsewhere) {
      const [otherId, { identity: found }] = elsewhere;
      const other = (found.state === 'present' ? found.value.name : null) ?? otherId;
      const { words, fix } = credentialFix(facts);
      const named = givenBy(workload, {
        variable: 'AZURE_CLIENT_ID',
        container: signIn.containers[0] ?? '',
        effective: signIn.clientId,
        wanted: otherId,
      });
      return say(
        'elsewhere',
        {
          ...words,
          other,
          otherId,
          ...named.words,
        },
        {
          fix: [...named.fix, ...fix],
          ...clientIdChange(signIn, otherId),
          about: { kind: 'Identity', name: other },
          evidence: [
            {
              fact: 'clients',
              path: 'clientId',
              observed: otherId,
              expected: clientIdIn(signIn.clientId) ?? '',
              labels: { observed: 'credential', expected: 'pod' },
            },
          ],
        },
      );
    }
    const own = accepting ?? nearest?.credential;
    // The same service account of another cluster is none of this pod's.
    if (own && typeof issuer !== 'string') return say.unknown(issuer.reason, issuer.settle);
    if (own) return say('exists', { identity: identityWord(facts), credential: own.name });
    if (!complete) return say.unknown(PARTLY_GIVEN, settleCredentialsCommand(facts));
    const { words, fix } = credentialFix(facts);
    const flexible = all.find(
      (credential) =>
        credential.subject === null &&
        (typeof issuer === 'string'
          ? credential.issuer === issuer
          : isAksIssuer({ state: 'present', value: credential.issuer ?? '', origin: '' }) === true),
    );
    if (flexible) {
      return say(
        'flexible',
        { ...words, flexible: flexible.name },
        {
          fix,
          about: { kind: 'FederatedIdentityCredential', name: flexible.name },
          ...newCredentialChange(facts),
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
        ...newCredentialChange(facts),
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
