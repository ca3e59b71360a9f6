import { defineCheck, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'identity/enabled',
  title: 'the identity is allowed to sign in',
  link: 'identity',
  stage: 'identity',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'identity'],
  sources: ['https://learn.microsoft.com/entra/identity/enterprise-apps/disable-user-sign-in-portal'],
  outcomes: {
    enabled: { status: 'pass', says: 'Identity {identity} is enabled.' },
    disabled: {
      status: 'fail',
      code: 'ENT-04',
      title: 'Sign-in is switched off for {identity}',
      says: 'Identity {identity} is disabled: accountEnabled of its service principal is false, so Entra refuses every sign-in.',
      aadsts: [7000112],
      fix: [
        {
          command: 'az ad sp update --id {clientId} --set accountEnabled=true',
          why: 'allows sign-ins again; first ask who disabled it, and why',
          actor: 'Entra admin',
          restarts: false,
        },
      ],
    },
    noServicePrincipal: {
      status: 'fail',
      code: 'ENT-03',
      title: 'The service principal of {identity} is missing',
      says: 'Application {identity} has no service principal in the tenant, so nobody can sign in as it there.',
      aadsts: [7000229, 700016],
      fix: [
        {
          command: 'az ad sp create --id {clientId}',
          why: 'makes the service principal; its roles have to be granted afterwards',
          actor: 'Entra admin',
          restarts: false,
        },
      ],
    },
  },
  run({ signIn, identity }, say) {
    const { name, enabled, hasServicePrincipal, principalId } = identity;
    const clientId = signIn.clientId.state === 'known' ? signIn.clientId.value : '';
    const words = { identity: name ?? clientId, clientId };
    const about = { kind: 'Identity', name: words.identity };
    if (hasServicePrincipal === false) {
      return say('noServicePrincipal', words, {
        about,
        evidence: [{ fact: 'identity', path: 'servicePrincipal', observed: 'not found', expected: clientId }],
      });
    }
    if (enabled === true) return say('enabled', words);
    if (enabled !== false && principalId !== null)
      return say.unknown('whether the identity is enabled was not seen: only Microsoft Graph tells');
    // A supplied list settles the identity, and nothing else was asked.
    if (enabled !== false)
      return say.unseeable('a list of federated credentials does not tell whether their identity is enabled');
    return say('disabled', words, {
      about,
      evidence: [{ fact: 'identity', path: 'accountEnabled', observed: 'false', expected: 'true' }],
    });
  },
});
export default check;
