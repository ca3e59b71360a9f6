import { defineCheck, isKnownSidecar, patchTemplateCommand, type Check } from '../../src/check.ts';

const ANNOTATION = 'azure.workload.identity/skip-containers';

const mend = {
  command: '{mend}',
  why: 'names the containers so that the webhook finds them',
  actor: 'developer',
  restarts: true,
} as const;

const check: Check = defineCheck({
  id: 'pod/skip-list',
  title: 'the skip-containers annotation names containers of the pod',
  link: 'pod',
  stage: 'injection',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  sources: [
    'https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html',
  ],
  outcomes: {
    named: { status: 'pass', says: 'Every name in skip-containers ({list}) is a container of the pod.' },
    commas: {
      status: 'warn',
      code: 'POD-05',
      title: 'The names in skip-containers are parted by commas',
      says: 'Annotation skip-containers is {list}, with commas instead of semicolons, so it skips no container.',
      fix: [mend],
    },
    noSuchContainer: {
      status: 'warn',
      code: 'POD-06',
      title: 'A name in skip-containers is that of no container',
      says: 'Annotation skip-containers names {unmatched}, which no container of the pod is called, so nothing is skipped for it.',
      fix: [mend],
    },
  },
  run({ workload }, say) {
    const list = workload.annotations[ANNOTATION];
    if (list === undefined) return say.skip('no container is to be skipped');
    const names = new Set(workload.containers.map(({ name }) => name));
    const trimmed = (parts: readonly string[]) =>
      parts.map((part) => part.trim()).filter((part) => part !== '');
    const parts = trimmed(list.split(';'));
    // A mesh may add its containers later, in another way, or not at all.
    const unmatched = parts.filter((part) => !names.has(part) && !isKnownSidecar(part));
    if (unmatched.length === 0) return say('named', { list: list === '' ? 'none' : list });
    // Sidecars come and go with their meshes, so a name is only suggested where it is there.
    const meant = trimmed(list.split(/[;,]/)).filter((part) => names.has(part));
    const right = meant.length === 0 ? null : [...new Set(meant)].join(';');
    const words = {
      list,
      unmatched: unmatched.join(' and '),
      mend: patchTemplateCommand(workload.controller, { metadata: { annotations: { [ANNOTATION]: right } } }),
    };
    const evidence = [
      {
        fact: 'workload',
        path: `metadata.annotations[${ANNOTATION}]`,
        observed: list,
        expected: right ?? 'no annotation',
        labels: { observed: 'annotation', expected: 'wanted' },
      },
    ] as const;
    return say(unmatched.some((part) => part.includes(',')) ? 'commas' : 'noSuchContainer', words, {
      evidence,
    });
  },
});
export default check;
