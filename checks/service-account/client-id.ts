import {
  accountWords,
  annotate,
  askedClientId,
  clientIdSource,
  clientsIn,
  defineCheck,
  namesClientId,
  RESTART_FOR_ANNOTATION,
  setAside,
  signInOfClass,
  UNNAMED,
  usesSecretsStore,
  type Check,
} from '../../src/check.ts';
import type { FactTypes } from '../../src/facts.ts';

function isOwnClass(one: FactTypes['secretProviderClasses'][number]): boolean {
  return signInOfClass(one) === 'workload-identity';
}

const check: Check = defineCheck({
  id: 'service-account/client-id',
  title: 'the service account names the identity of the pod',
  link: 'serviceAccount',
  stage: 'values',
  per: 'workload',
  restsOn: 'always',
  needs: ['workload', 'injection', 'serviceAccount'],
  orUnknown: ['consumers', 'secretProviderClasses'],
  sources: [
    'https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html',
    'https://learn.microsoft.com/azure/aks/workload-identity-overview',
  ],
  outcomes: {
    named: { status: 'pass', says: 'Service account {name} names a client id.' },
    missing: {
      status: 'fail',
      code: 'SA-01',
      title: 'There is no client id',
      says: 'Service account {name} has no annotation azure.workload.identity/client-id, and container {container} gets no AZURE_CLIENT_ID from elsewhere.',
      aadsts: [900144],
      explainedBy: ['SA-07', 'SA-08', 'SA-09'],
      fix: [
        annotate('client-id', 'tells the webhook which identity the pod signs in as'),
        RESTART_FOR_ANNOTATION,
      ],
    },
  },
  run({ workload, injection, serviceAccount, consumers, secretProviderClasses: classes }, say) {
    const name = workload.serviceAccountName;
    if (namesClientId(serviceAccount)) return say('named', { name });
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    const isBare = injection.obstacles[0]?.kind === 'label-missing';
    if (usesSecretsStore(workload) && isBare)
      return say.skip('the Secrets Store CSI driver has its client id from the SecretProviderClass');
    if (consumers.state === 'present' && consumers.value.length > 0 && isBare)
      return say.skip('only others are seen to sign in for the pod');
    const named = classes.state === 'present' ? classes.value.find(isOwnClass) : undefined;
    if (workload.kind === 'service-account' && named)
      return say.unknown(
        `SecretProviderClass ${named.metadata?.name ?? ''} names a client id itself, and which service account mounts it is seen in the pods`,
      );
    const containers = clientsIn(workload);
    const without = containers.find((container) => clientIdSource(container) === 'none');
    if (!without) {
      const unseen = containers
        .map(({ effective }) => effective.clientId)
        .find(({ state }) => state === 'unknown');
      if (unseen?.state === 'unknown') return say.unknown(unseen.reason);
      return say.skip('every container that is judged has a client id already');
    }
    const words = {
      name,
      ...accountWords(workload),
      container: without.name,
      wanted: askedClientId(UNNAMED),
    };
    const evidence = {
      fact: 'serviceAccount',
      path: 'metadata.annotations',
      observed: 'no azure.workload.identity/client-id',
      expected: 'the client id of an identity',
    } as const;
    return say('missing', words, { about: { kind: 'ServiceAccount', name }, evidence: [evidence] });
  },
});
export default check;
