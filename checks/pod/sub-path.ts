import { defineCheck, editCommand, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'pod/sub-path',
  title: 'the token of the container is mounted so that it is renewed',
  link: 'token',
  stage: 'token',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  sources: ['https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath'],
  outcomes: {
    directory: { status: 'pass', says: 'The token volume is mounted at {mountPath} as a whole.' },
    neverRenewed: {
      status: 'fail',
      code: 'POD-10',
      title: 'A mount by subPath never changes',
      says: 'Container {container} mounts the token by subPath, which is never renewed, so the sign-in fails once the token has expired.',
      aadsts: [700024],
      fix: [
        {
          command: '{edit}',
          why: 'mounts volume {volume} as a directory: take out subPath, and let AZURE_FEDERATED_TOKEN_FILE name the file below mountPath',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    shortJob: {
      status: 'info',
      code: 'POD-10',
      title: 'A mount by subPath never changes',
      says: 'Container {container} of a Job mounts the token by subPath, which is never renewed: enough for {lifetime} seconds.',
    },
  },
  run({ workload, container }, say) {
    const { name, wiring } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token');
    const { controller } = workload;
    const words = {
      container: name,
      mountPath: wiring.mountPath,
      volume: wiring.volume,
      lifetime: String(wiring.expirationSeconds),
      edit: editCommand(controller),
    };
    if (!wiring.subPath) return say('directory', words);
    const evidence = [
      {
        fact: 'container',
        path: `spec.containers[${name}].volumeMounts[${wiring.volume}].subPath`,
        observed: wiring.mountPath,
        expected: 'a mount of the whole volume',
      },
    ] as const;
    const isJob = controller.kind === 'Job' || controller.kind === 'CronJob';
    return say(isJob ? 'shortJob' : 'neverRenewed', words, { evidence });
  },
});
export default check;
