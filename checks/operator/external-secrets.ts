import {
  accountWords,
  annotate,
  annotationOf,
  blank,
  CLIENT_ID_KEY,
  defineCheck,
  TENANT_ID_KEY,
  type Check,
} from '../../src/check.ts';

const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';

const OWN_AUDIENCES = { op: 'remove', path: '/spec/provider/azurekv/serviceAccountRef/audiences' };

const check: Check = defineCheck({
  id: 'operator/external-secrets',
  title: 'External Secrets asks for a token that Entra takes',
  link: 'token',
  stage: 'values',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'consumers'],
  orUnknown: ['serviceAccount', 'secretStores', 'clusterSecretStores', 'clients'],
  sources: [
    'https://external-secrets.io/latest/provider/azure-key-vault/',
    'https://github.com/external-secrets/external-secrets/issues/2436',
    'https://github.com/external-secrets/external-secrets/issues/2783',
  ],
  outcomes: {
    used: { status: 'pass', says: '{kind} {store} signs in as this service account.' },
    asItself: {
      status: 'info',
      code: 'OP-02',
      title: 'External Secrets signs in as its own controller',
      says: '{kind} {store} has External Secrets sign in as the service account of its own controller, so what {name} has does not count for it.',
      fix: [
        {
          command: 'wi-doctor deploy external-secrets -n external-secrets',
          why: 'diagnoses that sign-in, wherever the controller runs',
          actor: 'developer',
          restarts: false,
        },
      ],
    },
    asAnother: {
      status: 'info',
      code: 'OP-03',
      title: 'External Secrets signs in as {account}',
      says: '{kind} {store} has External Secrets sign in as service account {account}, so what {name} has does not count for it.',
      fix: [
        {
          command: '{command}',
          why: 'diagnoses that sign-in, which needs neither label nor webhook',
          actor: 'developer',
          restarts: false,
        },
      ],
    },
    moreAudiences: {
      status: 'fail',
      code: 'OP-03',
      title: '{kind} {store} asks for more than one audience',
      says: '{kind} {store} asks for audiences {audiences} besides api://AzureADTokenExchange, and Entra takes no token with several audiences.',
      aadsts: [700212],
      fix: [
        {
          command: 'kubectl patch {resource} {store} -n {namespace} --type json -p {patch}',
          why: 'leaves the one audience that External Secrets asks for by itself',
          actor: 'developer',
          restarts: false,
        },
      ],
    },
    noTenant: {
      status: 'warn',
      code: 'OP-03',
      title: '{kind} {store} has no tenant',
      says: '{kind} {store} and service account {account} name no tenant, and newer releases of External Secrets have no other place to take it from.',
      fix: [annotate('tenant-id', 'names the tenant of the identity')],
    },
  },
  run({ workload, consumers, serviceAccount, secretStores, clusterSecretStores, clients }, say) {
    const { object, kind: judged } = workload;
    const stores = consumers.filter(({ by }) => by === 'external-secrets');
    const [first] = stores;
    const unseen = [secretStores, clusterSecretStores].find(({ state }) => state === 'unknown');
    if (!first && unseen?.state === 'unknown') return say.unknown(unseen.reason, unseen.settle);
    if (!first) return say.skip('External Secrets does not sign in for it');
    const about = { kind: first.object.kind, name: first.object.name };
    const words = { kind: about.kind, store: about.name, name: object.name };
    if (judged !== 'service-account') {
      const { account, command } = first;
      if (!account) return say('asItself', words, { about });
      return say('asAnother', { ...words, account: account.name, command: { command } }, { about });
    }
    const greedy = stores.find(({ audiences }) => audiences.some((one) => one !== EXCHANGE_AUDIENCE));
    if (greedy) {
      const { kind, name: store } = greedy.object;
      const others = greedy.audiences.filter((one) => one !== EXCHANGE_AUDIENCE);
      const evidence = {
        fact: 'consumers',
        path: `${store}.serviceAccountRef.audiences`,
        observed: others.join(', '),
        expected: 'none',
      } as const;
      return say(
        'moreAudiences',
        {
          kind,
          store,
          audiences: others.join(', '),
          resource: kind.toLowerCase(),
          namespace: object.namespace,
          patch: JSON.stringify([OWN_AUDIENCES]),
        },
        { about: { kind, name: store }, evidence: [evidence] },
      );
    }
    const tenantless = stores.find(({ tenantId }) => tenantId === null);
    const annotated =
      serviceAccount.state === 'present' && (annotationOf(serviceAccount.value, TENANT_ID_KEY) ?? '') !== '';
    if (!tenantless || annotated || serviceAccount.state !== 'present') return say('used', words);
    const { kind, name: store } = tenantless.object;
    const clientId = annotationOf(serviceAccount.value, CLIENT_ID_KEY) ?? '';
    const identity = clients.state === 'present' ? clients.value.get(clientId)?.identity : undefined;
    const home = identity?.state === 'present' ? identity.value.tenantId : null;
    const evidence = {
      fact: 'serviceAccount',
      path: 'metadata.annotations',
      observed: 'no azure.workload.identity/tenant-id',
      expected: 'the tenant, here or in the store',
    } as const;
    return say(
      'noTenant',
      { ...accountWords(workload), kind, store, account: object.name, wanted: home ?? blank('tenant id') },
      { about: { kind, name: store }, evidence: [evidence] },
    );
  },
});
export default check;
