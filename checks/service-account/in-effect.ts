import {
  accountWords,
  annotate,
  annotationOf,
  CLIENT_ID_KEY,
  clientIdSource,
  clientsIn,
  defineCheck,
  isGuid,
  namesClientId,
  receptionOf,
  RESTART_FOR_ANNOTATION,
  type Check,
} from '../../src/check.ts';

const whatIf = 'In a new pod';

const check: Check = defineCheck({
  id: 'service-account/in-effect',
  title: 'the containers have the client id that the service account names now',
  link: 'serviceAccount',
  stage: 'values',
  per: 'workload',
  restsOn: 'always',
  needs: ['workload', 'injection', 'serviceAccount', 'clients'],
  orUnknown: ['tokenIssuer'],
  sources: [
    'https://azure.github.io/azure-workload-identity/docs/concepts.html',
    'https://learn.microsoft.com/azure/aks/workload-identity-overview',
  ],
  outcomes: {
    inEffect: { status: 'pass', says: 'The containers have the client id of service account {name}.' },
    changed: {
      status: 'fail',
      code: 'SA-11',
      title: 'The client id is that of before the change',
      says: 'Container {container} started with client id {observed} and still uses it, while service account {name} names {annotated} now.',
      aadsts: [700213, 700016, 70025],
      whatIf,
      fix: [RESTART_FOR_ANNOTATION],
    },
    changedYetWorks: {
      status: 'warn',
      code: 'SA-11',
      title: 'The client id is that of before the change',
      says: 'Container {container} still signs in as {observed}, which works, while service account {name} names {annotated} now; the next pod uses that.',
      fix: [RESTART_FOR_ANNOTATION],
    },
    addedLater: {
      status: 'fail',
      code: 'SA-11',
      title: 'The client id came after the pod',
      says: 'Container {container} has no client id, because service account {name} named none when the pod was created; the account names {annotated} now.',
      aadsts: [900144],
      whatIf,
      fix: [RESTART_FOR_ANNOTATION],
    },
    removed: {
      status: 'warn',
      code: 'SA-11',
      title: 'The client id was taken away',
      says: 'Service account {name} no longer names client id {observed}, with which container {container} started; the next pod gets none.',
      fix: [annotate('client-id', 'brings the annotation back')],
    },
  },
  run({ workload, injection, serviceAccount, clients, tokenIssuer }, say) {
    if (injection.now !== 'injected') return say.skip('the webhook has given the pod no client id');
    const name = workload.serviceAccountName;
    const annotated = annotationOf(serviceAccount, CLIENT_ID_KEY) ?? '';
    const named = namesClientId(serviceAccount);
    const containers = clientsIn(workload).filter(({ wiring }) => wiring.state === 'wired');
    const words = {
      name,
      annotated,
      ...accountWords(workload),
    };
    const change = { template: {} };
    const about = { kind: workload.object.kind, name: workload.object.name };
    const without = containers.find((container) => clientIdSource(container) === 'none');
    if (without && isGuid(annotated)) {
      const evidence = {
        fact: 'workload',
        path: `spec.containers[${without.name}].env.AZURE_CLIENT_ID`,
        observed: without.effective.clientId.state === 'known' ? '(empty)' : 'not set',
        expected: annotated,
        labels: { observed: 'env', expected: 'annotation' },
      } as const;
      const place = { ...about, container: without.name };
      return say(
        'addedLater',
        { ...words, container: without.name },
        { about: place, change, evidence: [evidence] },
      );
    }
    for (const container of containers) {
      const { clientId } = container.effective;
      if (clientId.state !== 'known' || clientIdSource(container) !== 'annotation') continue;
      const observed = clientId.value;
      if (observed.toLowerCase() === annotated.toLowerCase()) continue;
      const evidence = {
        fact: 'workload',
        path: `spec.containers[${container.name}].env.AZURE_CLIENT_ID`,
        observed,
        expected: named ? annotated : 'no annotation',
        difference: 'other client id',
        labels: { observed: 'env', expected: 'annotation' },
      } as const;
      const options = { about: { ...about, container: container.name }, change, evidence: [evidence] };
      const all = { ...words, container: container.name, observed, wanted: observed };
      if (!named) return say('removed', all, options);
      // A malformed annotation is worse than the value before it: another check says so, and a restart would harm.
      if (!isGuid(annotated)) return say.skip('the annotation is no client id to restart for');
      const reception = receptionOf(clients.get(observed), tokenIssuer, workload.subject, container);
      return say(reception === 'accepts' ? 'changedYetWorks' : 'changed', all, options);
    }
    return say('inEffect', { name });
  },
});
export default check;
