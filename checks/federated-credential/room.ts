import { PARTLY_GIVEN, defineCheck, identityWord, type Check } from '../../src/check.ts';

/** Federated credentials per managed identity or application. */
const LIMIT = 20;

const check: Check = defineCheck({
  id: 'federated-credential/room',
  title: 'the identity has room for another federated credential',
  link: 'federatedCredential',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'credentialMatch'],
  orUnknown: ['identity'],
  sources: ['https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations'],
  outcomes: {
    room: { status: 'pass', says: 'Identity {identity} has {count} of at most 20 federated credentials.' },
    full: {
      status: 'info',
      code: 'FIC-13',
      title: 'Identity {identity} has no room for another credential',
      says: 'Identity {identity} has {count} federated credentials, as many as it may; the next service account or cluster needs another identity.',
    },
    noRoom: {
      status: 'warn',
      code: 'FIC-13',
      title: 'Identity {identity} has no room for the missing credential',
      says: 'Identity {identity} has {count} federated credentials already, so the missing one cannot be added before another is deleted.',
      fix: [
        {
          command: 'az identity create --name {newIdentity} -g {resourceGroup} --query clientId -o tsv',
          why: 'a second identity has room for 20 more; it needs the same roles',
          actor: 'Azure admin',
          restarts: false,
        },
      ],
    },
  },
  run(facts, say) {
    const { credentialMatch, identity } = facts;
    const { all, accepting, issuer, open, complete, owner } = credentialMatch;
    const name = identityWord(facts);
    const words = { identity: name, count: String(all.length) };
    if (all.length < LIMIT) {
      return complete ? say('room', words) : say.unknown(PARTLY_GIVEN);
    }
    // Whether one is missing hangs on the issuer.
    if (typeof issuer !== 'string' && open.length > 0) return say.unknown(issuer.reason, issuer.settle);
    const known = identity.state === 'present' ? identity.value : null;
    const arm = owner?.kind === 'user-assigned' ? owner : null;
    const group = known?.resourceGroup ?? arm?.resourceGroup ?? { command: 'RESOURCE_GROUP' };
    return say(
      accepting ? 'full' : 'noRoom',
      { ...words, newIdentity: `${known?.name ?? arm?.name ?? 'identity'}-2`, resourceGroup: group },
      {
        about: { kind: 'Identity', name },
        evidence: [
          {
            fact: 'credentialMatch',
            path: 'federatedIdentityCredentials',
            observed: `${all.length} credentials`,
            expected: `fewer than ${LIMIT}`,
            labels: { observed: 'identity', expected: 'limit' },
          },
        ],
      },
    );
  },
});
export default check;
