import {
  complaintEvidence,
  complaintOf,
  defineCheck,
  outdatedBy,
  restartCommand,
  tokenProxyOf,
  type Check,
  type Complaint,
} from '../../src/check.ts';

/** Libraries and interceptors of the time before workload identity. */
const OLD = ['app-authentication-library', 'pod-identity-nmi'];
/** Answers of the node's metadata service to somebody who asked it for a token. */
const ASKED_NODE = ['imds-identity-not-found', 'imds-multiple-identities'];
/** Members of a credential chain; one that knows workload identity names it among them. */
const CHAIN = ['environment-credential-unavailable', 'developer-credential-unavailable'];

const upgrade = {
  id: 'upgrade',
  command: '{restart}',
  why: 'once the image is built with an SDK that knows workload identity: Azure.Identity 1.9.0 for .NET, azidentity 1.3.0 for Go, azure-identity 1.9.0 for Java, 1.13.0 for Python, @azure/identity 3.2.0',
  actor: 'developer',
  restarts: true,
} as const;

/** Whether a chain of credentials was tried in which workload identity does not appear at all. */
function chainLacksIt(complaints: readonly Complaint[], container: string): boolean {
  const named = (kinds: readonly string[]): boolean =>
    complaints.some(
      ({ error, container: own }) =>
        (own === null || own === container) && error.kind !== undefined && kinds.includes(error.kind),
    );
  const federated = complaints.some(({ error }) => error.code !== null);
  return named(CHAIN) && !federated && !named(['workload-identity-not-configured', 'token-file-missing']);
}

/** An error that is not there proves nothing. */
const UNTOLD = 'no error tells of it';

const check: Check = defineCheck({
  id: 'pod/sdk-credential',
  title: 'the program signs in with the credential for workload identity',
  link: 'exchange',
  stage: 'values',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  orAbsent: ['complaints'],
  sources: [
    'https://learn.microsoft.com/azure/aks/workload-identity-overview#dependencies',
    'https://github.com/Azure/azure-workload-identity/issues/728',
    'https://github.com/Azure/azure-workload-identity/issues/1115',
  ],
  outcomes: {
    tooOld: {
      status: 'fail',
      code: 'SDK-01',
      title: 'The library is from before workload identity',
      says: 'The program in container {container} uses a library that does not know workload identity, so it leaves the token of the pod aside.',
      fix: [upgrade],
    },
    otherCredential: {
      status: 'fail',
      code: 'SDK-03',
      title: 'The program uses a managed identity credential',
      says: 'The program in container {container} asks the metadata service of its node for a managed identity, and leaves the token of the pod aside.',
      fix: [
        {
          command: '{restart}',
          why: 'once the code uses WorkloadIdentityCredential or DefaultAzureCredential in place of ManagedIdentityCredential, or the tool is told to use workload identity',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, container, complaints }, say) {
    if (complaints.state === 'absent') return say.skip('no error was brought');
    const { name, wiring } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token that it could use');
    if (tokenProxyOf(workload)?.sidecar)
      return say.skip('the proxy sidecar answers such calls with the token');
    const words = { container: name, restart: restartCommand(workload.controller, workload.object.name) };
    const old = complaintOf(complaints.value, { kinds: OLD }, name);
    if (old && outdatedBy(old) === null) return say('tooOld', words, { evidence: complaintEvidence(old) });
    const asked = complaintOf(complaints.value, { kinds: ASKED_NODE }, name);
    if (!asked || outdatedBy(asked) !== null) return say.skip(UNTOLD);
    return say(chainLacksIt(complaints.value, name) ? 'tooOld' : 'otherCredential', words, {
      evidence: complaintEvidence(asked),
    });
  },
});
export default check;
