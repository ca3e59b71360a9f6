import {
  defineCheck,
  patchTemplateCommand,
  PROXY_PORT_KEY,
  tokenProxyOf,
  type Check,
} from '../../src/check.ts';

const move = {
  command: '{move}',
  why: 'moves the proxy to a port that is free',
  actor: 'developer',
  restarts: true,
} as const;

const check: Check = defineCheck({
  id: 'pod/proxy-port',
  title: 'the proxy sidecar has a port to itself',
  link: 'webhook',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  sources: ['https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/webhook.go'],
  outcomes: {
    free: { status: 'pass', says: 'No other container uses port {port} of the proxy sidecar.' },
    taken: {
      status: 'fail',
      code: 'POD-17',
      title: 'Port {port} is taken twice',
      says: 'The proxy sidecar and container {container} both listen on port {port}, so one of them cannot start.',
      fix: [move],
    },
    refused: {
      status: 'fail',
      code: 'POD-17',
      title: 'The port of the proxy sidecar is not a port number',
      says: 'Annotation proxy-sidecar-port is {port}, which is no port between 1 and 65535, so every pod of the template is refused.',
      fix: [move],
    },
    nextRefused: {
      status: 'warn',
      code: 'POD-17',
      title: 'The port of the proxy sidecar is not a port number',
      says: 'Annotation proxy-sidecar-port is {port}, which is no port between 1 and 65535, so the next pod will be refused.',
      fix: [move],
    },
  },
  run({ workload }, say) {
    const proxy = tokenProxyOf(workload);
    if (!proxy) return say.skip('no proxy sidecar is asked for');
    const { port, sidecar } = proxy;
    const others = workload.containers.filter(({ name, type }) => name !== 'azwi-proxy' && type !== 'init');
    const ports = others.flatMap(({ spec }) => (spec.ports ?? []).map(({ containerPort }) => containerPort));
    const free = [8000, 8001, 8002, 8003, 18_000].find((candidate) => !ports.includes(candidate)) ?? 28_000;
    const patch = { metadata: { annotations: { [PROXY_PORT_KEY]: String(free) } } };
    const taker = others.find(({ spec }) =>
      spec.ports?.some(({ containerPort }) => containerPort === Number(port)),
    );
    const words = {
      port,
      container: taker?.name ?? '',
      move: patchTemplateCommand(workload.controller, patch),
    };
    const isPort = /^\+?\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
    if (!isPort)
      return say(workload.kind === 'template' ? 'refused' : 'nextRefused', words, {
        evidence: [
          {
            fact: 'workload',
            path: `metadata.annotations[${PROXY_PORT_KEY}]`,
            observed: port,
            expected: 'a number from 1 to 65535',
          },
        ],
      });
    // A pod that has no proxy yet has no clash either.
    if (!taker || (!sidecar && workload.kind !== 'template')) return say('free', words);
    return say('taken', words, {
      about: { kind: workload.object.kind, name: workload.object.name, container: taker.name },
      evidence: [
        {
          fact: 'workload',
          path: `spec.containers[${taker.name}].ports`,
          observed: port,
          expected: 'another port',
        },
      ],
    });
  },
});
export default check;
