import { blank, defineCheck, restartCommand, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'identity/federates',
  title: 'the identity is of a kind that can have federated credentials',
  link: 'identity',
  // Before the credentials, which such an identity cannot have.
  stage: 'values',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'identity', 'workload'],
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
          command: 'az identity create --name {newName} -g {resourceGroup} --query clientId -o tsv',
          why: 'makes a user-assigned identity and prints its client id; it needs the roles of the old one',
          actor: 'Azure admin',
          restarts: false,
        },
        {
          command:
            'az identity federated-credential create --name {newName} --identity-name {newName} -g {resourceGroup} --issuer "$(kubectl get --raw /.well-known/openid-configuration | jq -r .issuer)" --subject {subject} --audiences {audience}',
          why: 'lets it trust this service account of this cluster',
          actor: 'Entra admin',
          restarts: false,
        },
        {
          command:
            'kubectl annotate serviceaccount {serviceAccount} -n {namespace} azure.workload.identity/client-id="$(az identity show --name {newName} -g {resourceGroup} --query clientId -o tsv)" --overwrite',
          why: 'names the new identity',
          actor: 'developer',
          restarts: false,
        },
        {
          command: '{restart}',
          why: 'the webhook reads the annotation only as it creates a pod',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ signIn, identity, workload }, say) {
    const clientId = signIn.clientId.state === 'known' ? signIn.clientId.value : '';
    const name = identity.name ?? clientId;
    if (identity.kind === 'unknown')
      return say.unseeable('the credentials do not tell what kind of identity has them');
    if (identity.kind !== 'system-assigned') return say('federates', { identity: name });
    return say(
      'systemAssigned',
      {
        clientId,
        identity: name,
        newName: `${workload.object.namespace}-${workload.serviceAccountName}`.replaceAll('.', '-'),
        resourceGroup: blank('resource group'),
        subject: signIn.subject,
        audience: signIn.audience.state === 'known' ? signIn.audience.value : blank('audience'),
        serviceAccount: workload.serviceAccountName,
        namespace: workload.object.namespace,
        restart: restartCommand(workload.controller, workload.object.name),
      },
      {
        about: { kind: 'Identity', name },
        evidence: [
          { fact: 'identity', path: 'kind', observed: 'system-assigned', expected: 'user-assigned' },
        ],
      },
    );
  },
});
export default check;
