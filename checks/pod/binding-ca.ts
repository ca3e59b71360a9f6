import { defineCheck, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'pod/binding-ca',
  title: 'the certificate of the identity binding proxy can be mounted',
  link: 'pod',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  orUnknown: ['events'],
  sources: ['https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/webhook.go'],
  outcomes: {
    there: { status: 'pass', says: 'No event says that ConfigMap {configMap} is missing.' },
    missing: {
      status: 'fail',
      code: 'IB-07',
      title: 'ConfigMap {configMap} is missing',
      says: 'ConfigMap {configMap}, from which the certificate of the identity binding proxy is mounted, does not exist in namespace {namespace}, so the pod cannot start.',
      fix: [
        {
          command: 'kubectl get configmap {configMap} -n {namespace}',
          why: 'shows whether it is back: kube-root-ca.crt is written again by the control plane, any other by whoever installed the webhook',
          actor: 'cluster admin',
          restarts: false,
        },
      ],
    },
  },
  run({ workload, events }, say) {
    const volumes = (workload.spec.volumes ?? []).filter(({ projected }) =>
      projected?.sources?.some(
        ({ serviceAccountToken }) => serviceAccountToken?.audience === 'api://AKSIdentityBinding',
      ),
    );
    const source = volumes
      .flatMap(({ projected }) => projected?.sources ?? [])
      .find(({ configMap }) => configMap?.name !== undefined && configMap.optional !== true);
    const configMap = source?.configMap?.name;
    if (configMap === undefined)
      return say.skip('the pod mounts no certificate of an identity binding proxy');
    if (events.state !== 'present') return say.skip('the events of the pod cannot be seen');
    const words = { configMap, namespace: workload.object.namespace };
    const event = events.value.find(
      ({ reason, message }) =>
        reason === 'FailedMount' && message?.includes(`configmap "${configMap}" not found`),
    );
    if (!event) return say('there', words);
    return say('missing', words, {
      evidence: [{ fact: 'events', path: 'message', observed: event.message ?? '' }],
    });
  },
});
export default check;
