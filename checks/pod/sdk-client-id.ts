import {
  complaintEvidence,
  defineCheck,
  outdatedBy,
  restartCommand,
  shellQuote,
  type Check,
  type Complaint,
} from '../../src/check.ts';

/** The value of an error that is the client id of somebody else, if it is one of Entra's and of now. */
function foreignClientId(complaint: Complaint, container: string): string | null {
  const { error, from, matches } = complaint;
  const ours = complaint.container === null || complaint.container === container;
  if (error.code === null || error.unrelated || error.decides === false || from === 'webhook' || !ours)
    return null;
  if (outdatedBy(complaint) !== null) return null;
  // An error with another subject or issuer is another pod's altogether.
  const elsewhere = matches.some(
    ({ field, relation }) => relation === 'other' && (field === 'subject' || field === 'issuer'),
  );
  const other = matches.find(({ field, relation }) => field === 'appId' && relation === 'other');
  return elsewhere || other === undefined || other.with !== 'this pod' ? null : other.value;
}

/** An error that is not there proves nothing. */
const UNTOLD = 'no error tells of it';

const check: Check = defineCheck({
  id: 'pod/sdk-client-id',
  title: 'the program signs in with the client id of its container',
  link: 'exchange',
  stage: 'values',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  orAbsent: ['complaints'],
  sources: [
    'https://github.com/AzureAD/microsoft-identity-web/issues/2643',
    'https://github.com/Azure/azure-sdk-for-java/issues/40090',
  ],
  outcomes: {
    other: {
      status: 'fail',
      code: 'SDK-04',
      title: 'The client id comes from settings of the program',
      says: 'The program in container {container} signs in as client {used}, not as {own} of its AZURE_CLIENT_ID, so its own settings name another one.',
      aadsts: [700016, 700213, 700211, 700212, 70025, 70021, 7000112, 7000229],
      fix: [
        {
          command: '{restart}',
          why: 'once the code leaves the client id to AZURE_CLIENT_ID or sets it with workloadIdentityClientId; managedIdentityClientId is for managed identities of the node',
          actor: 'developer',
          restarts: true,
        },
        {
          command: '{show}',
          why: 'if that client is meant: it needs a federated credential of its own for this service account',
          actor: 'Entra admin',
          restarts: false,
        },
      ],
    },
  },
  run({ workload, container, complaints }, say) {
    if (complaints.state === 'absent') return say.skip('no error was brought');
    const { name, wiring, effective } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token that it could use');
    const { clientId } = effective;
    if (clientId.state === 'unknown') return say.unknown(clientId.reason);
    if (clientId.state === 'unset') return say.skip('the container has no client id');
    const found = complaints.value
      .map((complaint) => ({ complaint, used: foreignClientId(complaint, name) }))
      .find(({ used }) => used !== null);
    const words = {
      container: name,
      own: clientId.value,
      used: found?.used ?? '',
      restart: restartCommand(workload.controller, workload.object.name),
      show: { command: `az ad sp show --id ${shellQuote(found?.used ?? '')} --query displayName -o tsv` },
    };
    return found
      ? say('other', words, { evidence: complaintEvidence(found.complaint, 'appId') })
      : say.skip(UNTOLD);
  },
});
export default check;
