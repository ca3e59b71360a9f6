import {
  defineCheck,
  patchTemplateCommand,
  replacesPods,
  RESTART_BY_HAND,
  restartCommand,
  type Check,
} from '../../src/check.ts';
import type { FactTypes } from '../../src/facts.ts';

type PodSpec = FactTypes['workload']['spec'];

/** Taints of virtual nodes, as AKS and other virtual kubelets set them. */
const VIRTUAL_TAINT = /^virtual-kubelet\.io\/|^azure\.com\/aci$/;

/** What is to be changed in the spec of a pod, so that it is placed on a node with a kubelet. */
function elsewhere({ nodeName, nodeSelector, tolerations = [] }: PodSpec): Record<string, unknown> {
  const stays = tolerations.filter(({ key }) => key !== undefined && !VIRTUAL_TAINT.test(key));
  const change = {
    ...(nodeName ? { nodeName: null } : {}),
    ...(nodeSelector?.['type'] === 'virtual-kubelet' ? { nodeSelector: { type: null } } : {}),
    ...(stays.length < tolerations.length ? { tolerations: stays } : {}),
  };
  if (Object.keys(change).length > 0) return change;
  const matchExpressions = [{ key: 'type', operator: 'NotIn', values: ['virtual-kubelet'] }];
  const required = { nodeSelectorTerms: [{ matchExpressions }] };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } };
}

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
          command: '{patch}',
          why: 'keeps the pods of this workload away from virtual nodes; others may stay there',
          actor: 'developer',
          restarts: true,
        },
        RESTART_BY_HAND,
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
    const { controller, object, manifest, spec } = workload;
    const words = {
      name: object.name,
      node: name === '' ? 'without a name' : name,
      patch: patchTemplateCommand(controller, {
        spec: elsewhere(manifest?.spec ?? { ...spec, nodeName: '' }),
      }),
      restart: restartCommand(controller, object.name),
    };
    const evidence = {
      fact: 'node',
      path: 'metadata.labels.type',
      observed: 'virtual-kubelet',
      expected: 'a node with a kubelet',
    } as const;
    return say('virtual', words, {
      evidence: [evidence],
      fix: replacesPods(controller) ? [] : ['again'],
    });
  },
});
export default check;
