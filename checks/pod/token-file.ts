import {
  defineCheck,
  editCommand,
  envRemedy,
  execCommand,
  mendEnvCommand,
  restartCommand,
  shellQuote,
  twinEvidence,
  USE_LABEL,
  type Check,
} from '../../src/check.ts';
import type { ContainerView, Workload } from '../../src/check.ts';

const OLD_PATH = '/var/run/secrets/azure/tokens';
const NEW_PATH = '/var/run/secrets/azure/wi';
const VARIABLE = 'AZURE_FEDERATED_TOKEN_FILE';

const PROBLEMS = {
  'no-mount': 'nothing is mounted there',
  'not-projected': 'volume {volume}, mounted there, holds no service account token',
  'no-such-path': 'the token volume mounted there has no file of that name',
} as const;

/** Kinds of volume that another program may fill, so what lies in them cannot be seen from here. */
const FILLED_BY_OTHERS = ['emptyDir', 'csi', 'hostPath', 'secret', 'persistentVolumeClaim'] as const;

/** Where the manifest's own text names the path that webhooks up to 1.5 use; null where it does not. */
function oldPathIn({ spec, env }: ContainerView): string | null {
  const words = [...(spec.command ?? []), ...(spec.args ?? [])];
  if (words.some((word) => word.includes(OLD_PATH))) return 'its arguments';
  const names = (spec.env ?? []).map(({ name }) => name);
  const named = names.find((name) => {
    const view = env(name);
    return view.state === 'value' && view.from !== 'webhook' && view.value.includes(OLD_PATH);
  });
  return named ?? null;
}

/** The program that shows whether a file is there. */
function listing(file: string): string {
  return /^[a-z]:|\\/i.test(file) ? `cmd /c dir ${shellQuote(file)}` : `ls -l ${shellQuote(file)}`;
}

function mountsAt(container: ContainerView, path: string): boolean {
  return (container.spec.volumeMounts ?? []).some(
    ({ mountPath }) => mountPath.replace(/\/+$/, '') === path || mountPath.startsWith(`${path}/`),
  );
}

function volumeAt({ spec }: Workload, container: ContainerView, mount: string | null) {
  const { name } = container.spec.volumeMounts?.find(({ mountPath }) => mountPath === mount) ?? {};
  const volume = spec.volumes?.find((candidate) => candidate.name === name);
  const foreign = FILLED_BY_OTHERS.find((kind) => volume?.[kind] !== undefined);
  return { name: name ?? '', foreign };
}

const useVariable = {
  id: 'edit',
  command: '{edit}',
  why: 'lets {place} name $AZURE_FEDERATED_TOKEN_FILE, which is right whatever the version of the webhook',
  actor: 'developer',
  restarts: true,
} as const;
const unset = {
  id: 'unset',
  command: '{mend}',
  why: 'gives the container the path at which its token really is',
  actor: 'developer',
  restarts: true,
} as const;

const whatIf = '{remedy}';

const check: Check = defineCheck({
  id: 'pod/token-file',
  title: 'the token file of the container is where its program looks for it',
  link: 'pod',
  stage: 'values',
  per: 'container',
  restsOn: 'always',
  needs: ['workload', 'container'],
  orUnknown: ['siblings', 'accountPods'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/releases/tag/v1.6.0',
    'https://github.com/Azure/AKS/issues/5541',
  ],
  outcomes: {
    mounted: { status: 'pass', says: 'Container {container} finds its token at {file}.' },
    oldPath: {
      status: 'fail',
      code: 'WH-15',
      title: 'The token path is the one from before webhook 1.6',
      says: 'Container {container} looks for its token below /var/run/secrets/azure/tokens ({place}), but the webhook puts it at {file} since version 1.6.',
      whatIf,
      fix: [unset, useVariable],
    },
    willMove: {
      status: 'warn',
      code: 'SDK-09',
      title: 'The token path is written into the manifest',
      says: 'Container {container} has the path of its token written into {place}; a webhook of version 1.6 puts the token elsewhere.',
      fix: [unset, useVariable],
    },
    empty: {
      status: 'fail',
      code: 'POD-09',
      title: 'The token path is empty',
      says: 'Container {container} sets AZURE_FEDERATED_TOKEN_FILE to an empty value, so no program in it finds the token.',
      whatIf,
      fix: [unset],
    },
    nothingThere: {
      status: 'fail',
      code: 'POD-09',
      title: 'The token path leads nowhere',
      says: 'Container {container} looks for its token at {file}, but {problem}.',
      whatIf,
      fix: [
        unset,
        {
          id: 'restart',
          command: '{restart}',
          why: 'makes the webhook add variable and volume again',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, container, siblings, accountPods }, say) {
    const { name, wiring } = container;
    const { name: pod } = workload.object;
    if (wiring.state === 'unwired') return say.skip('the container has no token');
    if (wiring.state === 'unknown') {
      const program = wiring.file === null ? `printenv ${VARIABLE}` : listing(wiring.file);
      return say.unknown(wiring.reason, execCommand(workload, name, program));
    }
    const view = container.env(VARIABLE);
    const place = oldPathIn(container);
    const injected = container.spec.volumeMounts?.find(({ mountPath }) => mountPath === NEW_PATH);
    const right = injected ? `${NEW_PATH}/token/azure-identity-token` : null;
    const mended = envRemedy(workload, name, { [VARIABLE]: right ?? 'TOKEN_FILE' });
    // A volume that was taken out after admission comes back with the next pod.
    const stripped = view.state === 'value' && view.from === 'webhook';
    const { remedy, change } = stripped ? { remedy: 'In a new pod', change: { template: {} } } : mended;
    const known = stripped || right !== null || workload.labels[USE_LABEL] === 'true';
    const remedies = known && (place === VARIABLE || place === null) ? { change } : {};
    const words = {
      remedy,
      container: name,
      file: wiring.tokenFile,
      place: place ?? VARIABLE,
      edit: editCommand(workload.controller),
      mend: mendEnvCommand(workload, name, { [VARIABLE]: right ?? 'TOKEN_FILE' }),
      restart: restartCommand(workload.controller, pod),
    };
    const seen = {
      fact: 'container',
      path: `spec.containers[${name}]`,
      observed:
        place === null || place === VARIABLE ? wiring.tokenFile || '(empty)' : `${place}: ${OLD_PATH}`,
    } as const;
    const twin = twinEvidence(
      workload,
      { siblings, accountPods },
      name,
      wiring.tokenFile || '(empty)',
      ({ env, tokenFile }) => (env(VARIABLE) === tokenFile ? tokenFile : null),
    );
    const fix = [place === VARIABLE || place === null ? 'unset' : 'edit'];
    if (place !== null && injected && !mountsAt(container, OLD_PATH)) {
      const expected = right ?? '';
      return say(
        'oldPath',
        { ...words, file: expected },
        {
          fix,
          ...remedies,
          evidence: [{ ...seen, expected, labels: { observed: 'container', expected: 'webhook' } }, ...twin],
        },
      );
    }
    if (wiring.state === 'wired') {
      // A volume of the manifest's own stays where it is, whatever the webhook adds beside it.
      const kept = workload.manifest?.spec?.volumes?.some((volume) => volume.name === wiring.volume);
      if (place !== null && wiring.layout === 'legacy' && kept !== true)
        return say('willMove', words, { fix, evidence: [seen] });
      return say('mounted', words);
    }
    if (wiring.problem === 'empty') return say('empty', words, { ...remedies, evidence: [seen, ...twin] });
    const { name: volume, foreign } = volumeAt(workload, container, wiring.mount);
    if (wiring.problem === 'not-projected' && foreign)
      return say.unknown(
        `${VARIABLE} of container ${name} points into volume ${volume} (${foreign}), whose files cannot be seen from here`,
        execCommand(workload, name, listing(wiring.tokenFile)),
      );
    return say(
      'nothingThere',
      { ...words, problem: PROBLEMS[wiring.problem].replace('{volume}', volume) },
      {
        fix: [stripped ? 'restart' : 'unset'],
        ...remedies,
        evidence: [{ ...seen, difference: PROBLEMS[wiring.problem].replace('{volume}', volume) }, ...twin],
      },
    );
  },
});
export default check;
