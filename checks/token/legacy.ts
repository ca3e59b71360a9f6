import { defineCheck, freshToken, freshTokenWords, type Check } from '../../src/check.ts';

const LEGACY_ISSUER = 'kubernetes/serviceaccount';

const check: Check = defineCheck({
  id: 'token/legacy',
  title: 'the token is a projected one, not that of a Secret',
  link: 'token',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: ['token'],
  orUnknown: ['workload'],
  sources: ['https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets'],
  outcomes: {
    projected: { status: 'pass', says: 'The token was issued by {issuer} for a limited time.' },
    secret: {
      status: 'fail',
      code: 'TOK-08',
      title: 'A token of a Secret is used instead of a projected one',
      says: 'The token is the one of Secret {secret} (issuer kubernetes/serviceaccount, no expiry), which Entra cannot verify.',
      aadsts: [700211, 50166, 90061, 70021],
      fix: [
        freshToken(
          'makes a token that Entra can verify and looks at it; a pod gets such a one from the webhook, at $AZURE_FEDERATED_TOKEN_FILE',
        ),
      ],
    },
  },
  run({ token, workload }, say) {
    if (token.kind !== 'jwt') return say.skip('there is no token that can be read');
    const { iss, kubernetes } = token.claims;
    if (iss !== LEGACY_ISSUER) return say('projected', { issuer: iss ?? 'nobody' });
    return say(
      'secret',
      {
        secret: kubernetes?.secret?.name ?? 'of the service account',
        ...freshTokenWords(workload, token),
      },
      {
        evidence: [{ fact: 'token', path: 'claims.iss', observed: LEGACY_ISSUER, expected: 'an https URL' }],
      },
    );
  },
});
export default check;
