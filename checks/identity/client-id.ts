import {
  askedAppId,
  blank,
  clientIdChange,
  defineCheck,
  give,
  givenBy,
  type Check,
} from '../../src/check.ts';

const fix = give('client-id', 'puts the client id of the same identity in its place');

const check: Check = defineCheck({
  id: 'identity/client-id',
  title: 'the pod signs in with the client id of its identity, not with another of its ids',
  link: 'identity',
  stage: 'values',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'workload'],
  orUnknown: ['identity'],
  sources: [
    'https://github.com/kedacore/keda/issues/5824',
    'https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals',
  ],
  outcomes: {
    right: { status: 'pass', says: 'The pod signs in with the client id of {identity}.' },
    principalId: {
      status: 'fail',
      code: 'SA-03',
      title: 'An object id is used instead of the client id',
      says: 'The pod signs in with {sent}, the object id (principal id) of identity {identity}, instead of its client id {clientId}.',
      aadsts: [700016],
      whatIf: 'With client id {clientId}',
      fix,
    },
    objectId: {
      status: 'fail',
      code: 'SA-03',
      title: 'An object id is used instead of the client id',
      says: 'The pod signs in with {sent}, the object id of application {identity}, instead of its client id {clientId}.',
      aadsts: [700016],
      whatIf: 'With client id {clientId}',
      fix,
    },
  },
  run({ signIn, identity, workload }, say) {
    const { clientId: sent, containers } = signIn;
    if (sent.state === 'unknown') return say.unknown(sent.reason);
    if (identity.state === 'unknown') return say.unknown(identity.reason);
    // Whether it exists at all is another question, and that one has the answer.
    if (identity.state === 'absent') return say.skip('there is no such identity');
    const { namedBy, name, clientId, principalId } = identity.value;
    if (namedBy === undefined && principalId === null)
      return say.unseeable('a list of federated credentials does not tell the client id of their identity');
    if (namedBy === undefined) return say('right', { identity: name ?? sent.value });
    if (namedBy === 'resource-id')
      return say.skip('a resource id in place of the client id shows by its form');
    const named = givenBy(workload, {
      variable: 'AZURE_CLIENT_ID',
      container: containers[0] ?? '',
      effective: sent,
      wanted: clientId ?? askedAppId(sent.value),
    });
    const words = {
      ...named.words,
      sent: sent.value,
      identity: name ?? sent.value,
      clientId: clientId ?? blank('client id'),
    };
    return say(namedBy === 'principal-id' ? 'principalId' : 'objectId', words, {
      fix: named.fix,
      ...(clientId === undefined ? {} : clientIdChange(signIn, clientId, sent.value)),
      about: { kind: 'Identity', name: words.identity },
      evidence: [
        {
          fact: 'identity',
          path: 'clientId',
          observed: sent.value,
          expected: clientId ?? 'the client id',
          difference:
            namedBy === 'principal-id'
              ? 'object id of the service principal'
              : 'object id of the application',
          labels: { observed: 'pod', expected: 'identity' },
        },
      ],
    });
  },
});
export default check;
