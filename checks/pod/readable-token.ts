import { defineCheck, patchTemplateCommand, type Check } from '../../src/check.ts';

const OTHERS_MAY_READ = 0o004;
const DEFAULT_MODE = 0o644;

const check: Check = defineCheck({
  id: 'pod/readable-token',
  title: 'the user of the container may read the token file',
  link: 'pod',
  stage: 'values',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/issues/156',
    'https://github.com/kubernetes/website/issues/32351',
  ],
  outcomes: {
    readable: { status: 'pass', says: 'User {user} of container {container} may read the token file.' },
    unreadable: {
      status: 'fail',
      code: 'POD-21',
      title: 'The token file is closed to user {user}',
      says: 'Container {container} runs as user {user}, who may not read the token file: it has mode {mode} and belongs to root.',
      fix: [
        {
          command: '{group}',
          why: 'gives the group of the pod the right to read the file',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    otherUser: {
      status: 'fail',
      code: 'POD-21',
      title: 'The token file is closed to user {user}',
      says: 'Container {container} runs as user {user}, who may not read the token file: it belongs to user {owner}, the one of all other containers, alone.',
      fix: [
        {
          command: '{group}',
          why: 'gives the group of the pod the right to read the file',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, container }, say) {
    const { name, wiring, spec } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token');
    const { spec: pod, controller } = workload;
    const shared = pod.securityContext;
    const userOf = (one: typeof spec): number | undefined =>
      one.securityContext?.runAsUser ?? shared?.runAsUser;
    const user = userOf(spec);
    if (user === undefined) return say.unseeable('the user is set in the image of the container');
    const users = [...(pod.containers ?? []), ...(pod.initContainers ?? [])].map(userOf);
    // The kubelet gives the file to the user that all containers share; debug containers do not count.
    const owner = users.every((one) => one === users[0]) ? users[0] : undefined;
    const volume = pod.volumes?.find((one) => one.name === wiring.volume);
    const mode = volume?.projected?.defaultMode ?? DEFAULT_MODE;
    const words = {
      container: name,
      user: String(user),
      owner: String(owner ?? 0),
      mode: mode.toString(8).padStart(4, '0'),
      group: patchTemplateCommand(controller, { spec: { securityContext: { fsGroup: user } } }),
    };
    const evidence = [
      {
        fact: 'container',
        path: `spec.containers[${name}].securityContext.runAsUser`,
        observed: words.user,
        expected: words.owner,
        labels: { observed: 'container', expected: 'file' },
      },
    ] as const;
    if (user === 0 || user === owner || shared?.fsGroup !== undefined) return say('readable', words);
    if (owner !== undefined) return say('otherUser', words, { evidence });
    return (mode & OTHERS_MAY_READ) === 0 ? say('unreadable', words, { evidence }) : say('readable', words);
  },
});
export default check;
