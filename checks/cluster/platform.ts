import { defineCheck, patchTemplateCommand, type Check } from '../../src/check.ts';

const PROXY = 'azure.workload.identity/inject-proxy-sidecar';

/** Minor release of Kubernetes 1, or null when the version does not read like one. */
function minorOf(version: string): number | null {
  const minor = /^v?1\.(\d+)/.exec(version)?.[1];
  return minor === undefined ? null : Number(minor);
}

const check: Check = defineCheck({
  id: 'cluster/platform',
  title: 'Kubernetes release and operating system support what the pod asks for',
  link: 'pod',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  orUnknown: ['node', 'apiServerVersion'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/issues/1016',
    'https://azure.github.io/azure-workload-identity/docs/known-issues.html',
  ],
  outcomes: {
    supported: { status: 'pass', says: 'The platform supports what pod {name} asks for.' },
    windowsProxy: {
      status: 'fail',
      code: 'CL-12',
      title: 'There is no proxy sidecar for Windows',
      says: 'Pod {name} runs on Windows and asks for the proxy sidecar, which exists for Linux only, so its init container cannot start.',
      fix: [
        {
          command: '{patch}',
          why: 'takes the annotation away; the program then needs an SDK that knows workload identity',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    unreadable: {
      status: 'fail',
      code: 'CL-13',
      title: 'The token file is for root alone',
      says: 'Kubernetes {version} writes projected tokens for root only, and container {container} runs as another user without an fsGroup.',
      fix: [
        {
          command: '{group}',
          why: 'lets the group of the volume read the token; Kubernetes 1.19 and later do so by themselves',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, node, apiServerVersion }, say) {
    const { spec, controller, object, judged } = workload;
    const windows =
      spec.os?.name === 'windows' ||
      spec.nodeSelector?.['kubernetes.io/os'] === 'windows' ||
      (node.state === 'present' && node.value.metadata?.labels?.['kubernetes.io/os'] === 'windows');
    if (windows && workload.annotations[PROXY] !== undefined) {
      const patch = patchTemplateCommand(controller, { metadata: { annotations: { [PROXY]: null } } });
      const evidence = {
        fact: 'workload',
        path: `metadata.annotations[${PROXY}]`,
        observed: workload.annotations[PROXY],
        expected: 'no such annotation on Windows',
      } as const;
      return say('windowsProxy', { name: object.name, patch }, { evidence: [evidence] });
    }
    const version = apiServerVersion.state === 'present' ? apiServerVersion.value : '';
    const minor = minorOf(version);
    const pod = spec.securityContext;
    const reader = judged.find(({ wiring, spec: { securityContext: own } }) => {
      const user = own?.runAsUser ?? pod?.runAsUser;
      const notRoot = user === undefined ? (own?.runAsNonRoot ?? pod?.runAsNonRoot) === true : user !== 0;
      return wiring.state === 'wired' && notRoot;
    });
    if (minor === null || minor >= 19 || !reader || pod?.fsGroup !== undefined)
      return say('supported', { name: object.name });
    const user = reader.spec.securityContext?.runAsUser ?? pod?.runAsUser;
    return say(
      'unreadable',
      {
        version,
        container: reader.name,
        group: patchTemplateCommand(controller, { spec: { securityContext: { fsGroup: user ?? 65_534 } } }),
      },
      {
        about: { kind: object.kind, name: object.name, container: reader.name },
        evidence: [
          {
            fact: 'apiServerVersion',
            path: 'gitVersion',
            observed: version,
            expected: 'v1.19 or newer, or an fsGroup',
          },
        ],
      },
    );
  },
});
export default check;
