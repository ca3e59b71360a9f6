import { complaintEvidence, complaintOf, defineCheck, tokenProxyOf, type Check } from '../../src/check.ts';

/** An error that is not there proves nothing. */
const UNTOLD = 'no error tells of it';

const check: Check = defineCheck({
  id: 'pod/proxy-metadata',
  title: 'the proxy sidecar is asked for tokens only',
  link: 'exchange',
  stage: 'role',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  orAbsent: ['complaints'],
  sources: ['https://github.com/Azure/azure-workload-identity/issues/1135'],
  outcomes: {
    metadata: {
      status: 'fail',
      code: 'POD-28',
      title: 'The proxy sidecar answers requests for tokens only',
      says: 'The program asks the metadata service of its node for something else than a token; the proxy sidecar passes that on, and the metadata service does not answer the pod.',
      fix: [
        {
          command: 'kubectl get networkpolicy -n {namespace}',
          why: 'shows what closes 169.254.169.254 to the pod; open it, or keep the program from asking for metadata of the machine',
          actor: 'network admin',
          restarts: false,
        },
      ],
    },
  },
  run({ workload, complaints }, say) {
    if (complaints.state === 'absent') return say.skip('no error was brought');
    const sidecar = tokenProxyOf(workload)?.sidecar;
    if (!sidecar) return say.skip('the pod has no proxy sidecar');
    const complaint = complaintOf(complaints.value, { kinds: ['proxy-sidecar-imds-unreachable'] });
    if (!complaint) return say.skip(UNTOLD);
    const { kind, name, namespace } = workload.object;
    return say(
      'metadata',
      { namespace },
      {
        about: { kind, name, container: sidecar.name },
        evidence: complaintEvidence(complaint),
      },
    );
  },
});
export default check;
