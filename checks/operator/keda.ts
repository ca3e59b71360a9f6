import {
  askedClientIdBehind,
  defineCheck,
  isGuid,
  isKedaOperator,
  jsonAround,
  usesWorkloadIdentity,
  type Check,
} from '../../src/check.ts';

function patchWith(identityId: string): unknown {
  return { spec: { podIdentity: { identityId } } };
}

const byClientId = {
  command: 'kubectl patch {resource} {object} -n {namespace} --type merge -p {patch}',
  why: 'names the identity by its client id; neither object id nor resource id will do',
  actor: 'developer',
  restarts: false,
} as const;

const check: Check = defineCheck({
  id: 'operator/keda',
  title: 'the identities that KEDA signs in as are named by their client ids',
  link: 'identity',
  stage: 'values',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'consumers'],
  orUnknown: ['scaledObjects', 'triggerAuthentications', 'clusterTriggerAuthentications', 'clients'],
  sources: [
    'https://keda.sh/docs/latest/authentication-providers/azure-ad-workload-identity/',
    'https://github.com/kedacore/keda/issues/5824',
  ],
  outcomes: {
    named: { status: 'pass', says: 'Every identity that KEDA is told to sign in as is a client id.' },
    elsewhere: {
      status: 'info',
      code: 'OP-01',
      title: 'KEDA signs in as keda-operator',
      says: 'KEDA scales {name} by a trigger for which it signs in as its own service account, keda-operator, so what {name} itself has does not count for it.',
      fix: [
        {
          command: 'wi-doctor deploy keda-operator -n kube-system',
          why: 'diagnoses that sign-in; KEDA from Helm is usually in namespace keda',
          actor: 'developer',
          restarts: false,
        },
      ],
    },
    notClientId: {
      status: 'fail',
      code: 'OP-01',
      title: 'The identity named in {kind} {object} is not a client id',
      says: '{kind} {object} tells KEDA to sign in as {identity}, which is not a client id.',
      aadsts: [700016],
      fix: [byClientId],
    },
    notClientIdOfTrigger: {
      status: 'warn',
      code: 'OP-01',
      title: 'The identity named in {kind} {object} is not a client id',
      says: '{kind} {object} tells KEDA to sign in as {identity}, which is not a client id, so it does not scale {name}.',
      aadsts: [700016],
      fix: [byClientId],
    },
  },
  run(
    {
      workload,
      consumers,
      scaledObjects,
      triggerAuthentications: own,
      clusterTriggerAuthentications,
      clients,
    },
    say,
  ) {
    const ofCluster = clusterTriggerAuthentications;
    const { object } = workload;
    const operator = isKedaOperator(workload);
    const triggers = consumers.filter(({ by }) => by === 'keda');
    const unseen = [...(operator ? [] : [scaledObjects]), own, ofCluster].find(
      ({ state }) => state === 'unknown',
    );
    if (unseen?.state === 'unknown' && triggers.length === 0)
      return say.unknown(unseen.reason, unseen.settle);
    if (!operator && triggers.length === 0) return say.skip('KEDA does not sign in for it');
    const all = [own, ofCluster].flatMap((fact) => (fact.state === 'present' ? fact.value : []));
    const concerned = all
      .filter(usesWorkloadIdentity)
      .filter(
        ({ metadata }) => operator || triggers.some((trigger) => trigger.object.name === metadata?.name),
      );
    const wrong = concerned.find(({ spec }) => {
      const id = spec?.podIdentity?.identityId ?? '';
      return id !== '' && !isGuid(id);
    });
    if (!wrong) return operator ? say('named', {}) : say('elsewhere', { name: object.name });
    const { kind = '', metadata = {}, spec } = wrong;
    const identity = spec?.podIdentity?.identityId ?? '';
    const name = metadata.name ?? '';
    const found = clients.state === 'present' ? clients.value.get(identity)?.identity : undefined;
    const known = found?.state === 'present' ? found.value.clientId : undefined;
    const asked = askedClientIdBehind(identity);
    const words = {
      kind,
      identity,
      object: name,
      name: object.name,
      resource: kind.toLowerCase(),
      namespace: metadata.namespace ?? object.namespace,
      patch: known === undefined ? jsonAround(patchWith, asked) : JSON.stringify(patchWith(known)),
    };
    const evidence = {
      fact:
        kind === 'ClusterTriggerAuthentication' ? 'clusterTriggerAuthentications' : 'triggerAuthentications',
      path: `${name}.spec.podIdentity.identityId`,
      observed: identity,
      expected: 'a GUID',
    } as const;
    return say(operator ? 'notClientId' : 'notClientIdOfTrigger', words, {
      about: { kind, name },
      evidence: [evidence],
    });
  },
});
export default check;
