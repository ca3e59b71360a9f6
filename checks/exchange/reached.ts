import { complaintEvidence, complaintOf, defineCheck, restartCommand, type Check } from '../../src/check.ts';

const DEFAULT_HOST = 'login.microsoftonline.com';

/** An error that is not there proves nothing. */
const UNTOLD = 'no error tells of it';

const check: Check = defineCheck({
  id: 'exchange/reached',
  title: 'the program reaches the sign-in host of Entra',
  link: 'exchange',
  stage: 'egress',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  orAbsent: ['complaints'],
  sources: [
    'https://learn.microsoft.com/azure/aks/outbound-rules-control-egress',
    'https://github.com/Azure/azure-sdk-for-go/blob/main/sdk/azidentity/TROUBLESHOOTING.md',
  ],
  outcomes: {
    noAnswer: {
      status: 'fail',
      code: 'NET-01',
      title: 'The way to {host} is closed',
      says: '{host} does not answer container {container}, so its sign-in never gets to Entra.',
      fix: [
        {
          command: 'kubectl get networkpolicy -n {namespace}',
          why: 'shows what holds outgoing traffic back in the cluster; {host}:443 has to be open here and in every firewall behind it',
          actor: 'network admin',
          restarts: false,
        },
      ],
    },
    proxied: {
      status: 'fail',
      code: 'NET-02',
      title: 'An HTTP proxy stops the sign-in',
      says: 'The HTTP proxy between container {container} and {host} does not let its sign-in pass.',
      fix: [
        {
          command: 'kubectl describe pod {pod} -n {namespace}',
          why: 'shows HTTPS_PROXY and NO_PROXY; the proxy has to let {host}:443 pass, or NO_PROXY has to name it',
          actor: 'network admin',
          restarts: false,
        },
      ],
    },
    inspected: {
      status: 'fail',
      code: 'NET-03',
      title: 'The certificate of {host} is not trusted in the container',
      says: 'Container {container} does not trust the certificate that {host} shows it: something inspects TLS on the way, or the image has no CA certificates.',
      fix: [
        {
          command: '{restart}',
          why: 'once the image holds the CA of whatever inspects TLS, or inspection leaves {host} out',
          actor: 'network admin',
          restarts: true,
        },
      ],
    },
    unresolved: {
      status: 'fail',
      code: 'NET-04',
      title: 'DNS fails for {host}',
      says: 'The name {host} cannot be resolved in container {container}, so its sign-in never gets to Entra.',
      fix: [
        {
          command: 'kubectl get pods -n kube-system -l k8s-app=kube-dns',
          why: "shows whether the cluster's DNS runs; after that its upstream servers and the pod's dnsPolicy are to be looked at",
          actor: 'cluster admin',
          restarts: false,
        },
      ],
    },
  },
  run({ workload, container, complaints }, say) {
    if (complaints.state === 'absent') return say.skip('no error was brought');
    const { name, wiring, effective } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token that it could use');
    const { authorityHost } = effective;
    const url = authorityHost.state === 'known' ? authorityHost.value : '';
    const { namespace, name: pod } = workload.object;
    const words = {
      container: name,
      host: URL.canParse(url) ? new URL(url).hostname : DEFAULT_HOST,
      namespace,
      pod,
      restart: restartCommand(workload.controller, pod),
    };
    const kinds = {
      'proxy-refused': 'proxied',
      'authority-tls': 'inspected',
      'authority-dns': 'unresolved',
      'authority-unreachable': 'noAnswer',
      'authority-discovery-failed': 'noAnswer',
    } as const;
    for (const [kind, outcome] of Object.entries(kinds)) {
      const complaint = complaintOf(complaints.value, { kinds: [kind] }, name);
      if (complaint) return say(outcome, words, { evidence: complaintEvidence(complaint) });
    }
    return say.skip(UNTOLD);
  },
});
export default check;
