import { complaintOf, defineCheck, restartCommand, type Check } from '../../src/check.ts';

const BINDING_LABEL = 'aadpodidbinding';
const GROUP = 'aadpodidentity.k8s.io';

const remove = {
  command: 'helm uninstall aad-pod-identity -n {nmiNamespace}',
  why: 'ends the redirection of IMDS, once no pod of the cluster needs it any more',
  actor: 'cluster admin',
  restarts: false,
} as const;

const check: Check = defineCheck({
  id: 'cluster/pod-identity',
  title: 'aad-pod-identity does not answer in the place of workload identity',
  link: 'pod',
  stage: 'values',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  orUnknown: ['apiGroups', 'complaints'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/issues/995',
    'https://github.com/kubernetes-sigs/external-dns/issues/4149',
    'https://github.com/Azure/aad-pod-identity',
  ],
  outcomes: {
    gone: { status: 'pass', says: 'Nothing of aad-pod-identity is in the way of {name}.' },
    answers: {
      status: 'fail',
      code: 'CL-14',
      explainedBy: ['SDK-01'],
      title: 'aad-pod-identity stands between the app and Azure',
      says: 'aad-pod-identity answered the request of {name} for a managed identity and knows none for it, so the app asks IMDS instead of using its token file.',
      fix: [
        {
          command: '{restart}',
          why: 'starts the app anew, after its SDK was updated to one that reads AZURE_FEDERATED_TOKEN_FILE',
          actor: 'developer',
          restarts: true,
        },
        remove,
      ],
    },
    bound: {
      status: 'info',
      code: 'CL-14',
      title: 'A label of aad-pod-identity is left over',
      says: 'Pod {name} still carries label aadpodidbinding={binding} of aad-pod-identity, which does no harm to an app that reads its token file.',
    },
    present: {
      status: 'info',
      code: 'CL-14',
      title: 'aad-pod-identity is still installed',
      says: 'aad-pod-identity is still in the cluster and answers every pod that asks IMDS for a token.',
      fix: [remove],
    },
  },
  run({ workload, apiGroups, complaints }, say) {
    const { labels, controller, object } = workload;
    const words = {
      name: object.name,
      restart: restartCommand(controller, object.name),
      nmiNamespace: { command: 'NMI_NAMESPACE' },
    };
    const brought = complaints.state === 'present' ? complaints.value : [];
    const complaint = complaintOf(brought, { kinds: ['pod-identity-nmi'] });
    if (complaint) {
      const evidence = {
        fact: 'complaints',
        path: 'kind',
        observed: 'no azure identity found for request clientID',
      } as const;
      return say('answers', words, { evidence: [evidence] });
    }
    const binding = labels[BINDING_LABEL];
    if (binding !== undefined) return say('bound', { ...words, binding });
    const served =
      apiGroups.state === 'present' && apiGroups.value.some((one) => one.startsWith(`${GROUP}/`));
    if (!served) return say('gone', words);
    const evidence = { fact: 'apiGroups', path: GROUP, observed: 'served', expected: 'gone' } as const;
    return say('present', words, { evidence: [evidence] });
  },
});
export default check;
