import { blank, defineCheck, isStatic, type Check } from '../../src/check.ts';

const MIRROR = 'kubernetes.io/config.mirror';

const check: Check = defineCheck({
  id: 'pod/not-static',
  title: 'the pod was created through the API server',
  link: 'pod',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  sources: ['https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/'],
  outcomes: {
    created: { status: 'pass', says: 'Pod {name} was created through the API server.' },
    mirror: {
      status: 'fail',
      code: 'POD-24',
      title: 'A static pod cannot use workload identity',
      says: 'Pod {name} is the mirror of a static pod, which no webhook sees and which cannot use a service account.',
      fix: [
        {
          command:
            'kubectl create deployment {deployment} --image={image} -n {namespace} --dry-run=client -o yaml',
          why: 'starts a manifest for a Deployment; move the pod there, and take its file from the manifest folder of node {node}',
          actor: 'cluster admin',
          restarts: true,
        },
      ],
      verify: 'wi-doctor deploy {deployment} -n {namespace}',
    },
  },
  run({ workload }, say) {
    const { name, namespace } = workload.object;
    const { metadata, spec } = workload;
    const byNode = metadata.ownerReferences?.some(({ kind }) => kind === 'Node') ?? false;
    if (!isStatic(workload)) return say('created', { name });
    const node = spec.nodeName ?? '';
    const deployment = node !== '' && name.endsWith(`-${node}`) ? name.slice(0, -node.length - 1) : name;
    const words = {
      name,
      namespace,
      deployment,
      image: spec.containers?.[0]?.image ?? blank('image'),
      node: node === '' ? blank('node') : node,
    };
    const observed = byNode ? 'the pod is owned by its node' : `annotation ${MIRROR}`;
    const path = byNode ? 'metadata.ownerReferences' : 'metadata.annotations';
    return say('mirror', words, {
      evidence: [{ fact: 'workload', path, observed, expected: 'a controller' }],
    });
  },
});
export default check;
