import { defineCheck, restartCommand, tokenProxyOf, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'pod/proxy-client-id',
  title: 'the proxy sidecar has a client id to fall back on',
  link: 'webhook',
  stage: 'values',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  sources: ['https://github.com/Azure/azure-workload-identity/issues/651'],
  outcomes: {
    has: { status: 'pass', says: 'The proxy sidecar has a client id.' },
    lacks: {
      status: 'warn',
      code: 'POD-18',
      says: 'The proxy sidecar has no client id, so it answers every call that names none with status 400.',
      fix: [
        {
          command:
            'kubectl annotate serviceaccount {serviceAccount} -n {namespace} azure.workload.identity/client-id=CLIENT_ID --overwrite',
          why: 'tells the webhook which identity the pod uses',
          actor: 'developer',
          restarts: false,
        },
        {
          command: '{restart}',
          why: 'gives the proxy the client id',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload }, say) {
    const sidecar = tokenProxyOf(workload)?.sidecar;
    if (!sidecar) return say.skip('the pod has no proxy sidecar');
    const { clientId } = sidecar.effective;
    if (clientId.state === 'unknown') return say.skip('the client id of the proxy sidecar cannot be seen');
    if (clientId.state === 'known' && clientId.value !== '') return say('has', {});
    const { object, controller, serviceAccountName } = workload;
    return say(
      'lacks',
      {
        serviceAccount: serviceAccountName,
        namespace: object.namespace,
        restart: restartCommand(controller, object.name),
      },
      { about: { kind: object.kind, name: object.name, container: sidecar.name } },
    );
  },
});
export default check;
