import { defineCheck, refusalsOf, restartCommand, type Check } from '../../src/check.ts';

const PROXY = 'azure.workload.identity/inject-proxy-sidecar';

/** What such a refusal comes from, where it is still there to be seen. */
const explainedBy = [
  'WH-01',
  'WH-02',
  'WH-03',
  'WH-04',
  'WH-11',
  'WH-12',
  'WH-14',
  'SA-12',
  'SA-13',
  'POD-11',
  'POD-12',
  'POD-13',
  'POD-15',
  'POD-16',
  'POD-17',
] as const;

const look = {
  command: 'kubectl get events -n {namespace} --field-selector reason=FailedCreate --sort-by=.lastTimestamp',
  why: 'shows every refusal with its reason; mend what it names',
  actor: 'developer',
  restarts: false,
} as const;

const check: Check = defineCheck({
  id: 'pod/created',
  title: 'pods like this one can be created',
  link: 'pod',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'injection', 'events'],
  sources: ['https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/'],
  outcomes: {
    created: { status: 'pass', says: 'No pod of {name} was refused since.' },
    refused: {
      status: 'fail',
      code: 'POD-23',
      title: 'The API server refuses the pods',
      says: 'Pods of {name} cannot be created: {message}.',
      explainedBy,
      fix: [
        look,
        {
          command: '{restart}',
          why: 'has the controller try again at once',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    refusedNext: {
      status: 'warn',
      code: 'POD-23',
      title: 'The API server refuses new pods',
      says: 'New pods of {name} cannot be created: {message}.',
      fix: [look],
    },
  },
  run({ workload, injection, events }, say) {
    const { controller, object, annotations, created } = workload;
    const decides =
      (injection.now === 'missing' && injection.obstacles.length === 0) || injection.now === 'pending';
    const refusals = refusalsOf(events, created);
    // What the webhook or its caller said is answered by name elsewhere, and so is what the proxy is refused for.
    const unnamed = refusals.find(
      ({ kind }) => kind === 'other' || (kind === 'policy' && annotations[PROXY] === undefined),
    );
    // But where no pod came after it, a refusal holds although what it names looks mended by now.
    const refusal = unnamed ?? (injection.now === 'pending' ? refusals[0] : undefined);
    const words = {
      name: controller.name,
      message: (refusal?.message ?? '').replace(/\.$/, ''),
      namespace: object.namespace,
      restart: restartCommand(controller, object.name),
    };
    if (!refusal) return say('created', words);
    return say(decides ? 'refused' : 'refusedNext', words, {
      about: refusal.object,
      evidence: [{ fact: 'events', path: 'message', observed: refusal.message }],
    });
  },
});
export default check;
