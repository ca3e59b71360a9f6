import { blank, defineCheck, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'cluster/real-node',
  title: 'the pod runs on a node that can hand it a token',
  link: 'pod',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'node'],
  orUnknown: ['serviceAccount'],
  sources: [
    'https://learn.microsoft.com/azure/aks/virtual-nodes',
    'https://github.com/virtual-kubelet/azure-aci/issues/189',
  ],
  outcomes: {
    real: { status: 'pass', says: 'Node {node} is run by a kubelet.' },
    virtual: {
      status: 'fail',
      code: 'CL-08',
      title: 'The node has no kubelet that could hand out a token',
      says: 'Pod {name} runs on virtual node {node}, and virtual nodes do not support workload identity.',
      fix: [
        {
          command: 'kubectl cordon {node}',
          why: 'keeps new pods off the virtual node; taking its toleration and nodeSelector out of the template does the same for this workload alone',
          actor: 'cluster admin',
          restarts: false,
        },
        {
          command: 'kubectl delete pod {pod} -n {namespace}',
          why: 'lets the controller place a new pod on a node with a kubelet',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, node, serviceAccount }, say) {
    const { labels = {}, name = '' } = node.metadata ?? {};
    if (labels['type'] !== 'virtual-kubelet') return say('real', { node: name });
    const uses =
      workload.wired ||
      workload.labels['azure.workload.identity/use'] !== undefined ||
      workload.judged.some(({ env }) => env('AZURE_CLIENT_ID').state !== 'unset') ||
      (serviceAccount.state === 'present' &&
        serviceAccount.value.metadata?.annotations?.['azure.workload.identity/client-id'] !== undefined);
    if (!uses) return say.skip('the pod shows no sign of workload identity');
    const { namespace, name: pod } = workload.object;
    const words = { name: pod, node: name === '' ? blank('node') : name, pod, namespace };
    const evidence = {
      fact: 'node',
      path: 'metadata.labels.type',
      observed: 'virtual-kubelet',
      expected: 'a node with a kubelet',
    } as const;
    return say('virtual', words, { evidence: [evidence] });
  },
});
export default check;
