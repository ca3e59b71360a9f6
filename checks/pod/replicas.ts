import { defineCheck, replicaDifferences, restartCommand, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'pod/replicas',
  title: 'all replicas of the pod are wired alike',
  link: 'pod',
  stage: 'injection',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  orUnknown: ['siblings'],
  sources: ['https://azure.github.io/azure-workload-identity/docs/concepts.html'],
  outcomes: {
    alike: { status: 'pass', says: 'The replicas of the pod are wired alike.' },
    differ: {
      status: 'fail',
      code: 'POD-25',
      title: 'Replicas of one template differ',
      says: 'Container {container} has {here} in this pod but {there} in replica {pod}, though both come from one template.',
      explainedBy: ['POD-03', 'SA-11', 'CL-07', 'CL-08'],
      fix: [
        {
          command: '{restart}',
          why: 'makes all replicas anew, so that they are alike',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, siblings }, say) {
    if (siblings.state === 'unknown') return say.unknown(siblings.reason);
    if (siblings.state === 'absent' || siblings.value.length === 0)
      return say.skip('there is no other replica');
    if (workload.kind !== 'pod') return say.skip('there is no pod to compare with');
    const [first] = replicaDifferences(workload, siblings.value);
    if (!first) return say('alike', {});
    const { container, here, there, pod } = first;
    return say(
      'differ',
      { container, here, there, pod, restart: restartCommand(workload.controller, workload.object.name) },
      {
        evidence: [
          {
            fact: 'siblings',
            path: `${pod}.spec.containers[${container}]`,
            observed: here,
            expected: there,
            labels: { observed: 'this pod', expected: 'replica' },
          },
        ],
      },
    );
  },
});
export default check;
