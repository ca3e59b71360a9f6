import {
  complaintEvidence,
  complaintOf,
  defineCheck,
  restartCommand,
  tokenProxyOf,
  type Check,
} from '../../src/check.ts';

/** An error that is not there proves nothing. */
const UNTOLD = 'no error tells of it';

const check: Check = defineCheck({
  id: 'exchange/metadata-service',
  title: 'the program does not wait for the metadata service of its node',
  link: 'exchange',
  stage: 'egress',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  orAbsent: ['complaints'],
  sources: ['https://github.com/Azure/azure-workload-identity/issues/699'],
  outcomes: {
    asked: {
      status: 'fail',
      code: 'NET-05',
      title: 'The program waits for the metadata service of its node',
      says: 'The program in container {container} asks 169.254.169.254, the metadata service of its node, for a managed identity and gets none; workload identity does not go there.',
      explainedBy: ['SDK-01', 'SDK-03'],
      fix: [
        {
          command: '{restart}',
          why: 'once the program signs in with WorkloadIdentityCredential or DefaultAzureCredential; the metadata service is not needed and may stay blocked',
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
    const asked = complaintOf(complaints.value, { kinds: ['managed-identity-unavailable'] }, name);
    const words = { container: name, restart: restartCommand(workload.controller, workload.object.name) };
    return asked ? say('asked', words, { evidence: complaintEvidence(asked) }) : say.skip(UNTOLD);
  },
});
export default check;
