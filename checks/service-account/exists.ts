import { accountWords, annotate, blank, defineCheck, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'service-account/exists',
  title: "the pod's service account exists",
  link: 'serviceAccount',
  stage: 'values',
  per: 'workload',
  restsOn: 'always',
  needs: ['workload'],
  orAbsent: ['serviceAccount'],
  sources: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/'],
  outcomes: {
    exists: { status: 'pass', says: 'Service account {name} exists.' },
    deleted: {
      status: 'fail',
      code: 'SA-12',
      title: 'The service account is gone',
      says: 'Service account {name} does not exist, so the token of the running pod cannot be renewed.',
      aadsts: [700024],
      fix: [
        {
          command: 'kubectl create serviceaccount {serviceAccount} -n {namespace}',
          why: 'brings the service account back; its subject stays the same',
          actor: 'developer',
          restarts: false,
        },
        annotate('client-id', 'brings its annotation back'),
        {
          command: '{restart}',
          why: 'gives the pods a token of the new service account',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, serviceAccount }, say) {
    const name = workload.serviceAccountName;
    if (serviceAccount.state === 'present') return say('exists', { name });
    const clientId = workload.judged
      .map(({ effective }) => effective.clientId)
      .find(({ state }) => state === 'known');
    return say(
      'deleted',
      {
        name,
        ...accountWords(workload),
        wanted: clientId?.state === 'known' ? clientId.value : blank('client id'),
      },
      {
        evidence: [{ fact: 'serviceAccount', path: 'metadata.name', observed: 'not found', expected: name }],
        about: { kind: 'ServiceAccount', name },
      },
    );
  },
});
export default check;
