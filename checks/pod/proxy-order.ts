import { defineCheck, tokenProxyOf, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'pod/proxy-order',
  title: 'no init container runs before the proxy sidecar',
  link: 'webhook',
  stage: 'injection',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  sources: ['https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/webhook.go'],
  outcomes: {
    none: {
      status: 'pass',
      says: 'No init container runs before calls are redirected to the proxy sidecar.',
    },
    before: {
      status: 'info',
      code: 'POD-20',
      title: 'The proxy sidecar comes after {container}',
      says: 'Init container {container} runs before calls to 169.254.169.254 are redirected to the proxy sidecar, so it must sign in with the token file.',
    },
  },
  run({ workload }, say) {
    if (!tokenProxyOf(workload)?.sidecar) return say.skip('the pod has no proxy sidecar');
    const names = (workload.spec.initContainers ?? []).map(({ name }) => name);
    const redirect = names.indexOf('azwi-proxy-init');
    const first = workload.containers.find(
      ({ name, type, knownSidecar }) => type === 'init' && !knownSidecar && names.indexOf(name) < redirect,
    );
    if (!first) return say('none', {});
    const { kind, name } = workload.object;
    return say('before', { container: first.name }, { about: { kind, name, container: first.name } });
  },
});
export default check;
