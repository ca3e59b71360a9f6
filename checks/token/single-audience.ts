import { defineCheck, freshToken, freshTokenWords, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'token/single-audience',
  title: 'the token has one audience',
  link: 'token',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: ['token'],
  orUnknown: ['workload'],
  sources: ['https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations'],
  outcomes: {
    one: { status: 'pass', says: 'The token has one audience, {audiences}.' },
    several: {
      status: 'fail',
      code: 'TOK-04',
      title: 'The token has more than one audience',
      says: 'The token has {count} audiences ({audiences}), and Entra compares a token that has exactly one.',
      aadsts: [700212, 5002741],
      fix: [
        freshToken(
          'makes a token with one audience and looks at it; whoever requests the token must ask for one, too',
        ),
      ],
    },
  },
  run({ token, workload }, say) {
    if (token.kind !== 'jwt') return say.skip('there is no token that can be read');
    const { aud } = token.claims;
    const audiences = aud.join(', ');
    if (aud.length === 0) return say.skip('the token names no audience');
    if (aud.length === 1) return say('one', { audiences });
    return say(
      'several',
      {
        count: String(aud.length),
        audiences,
        ...freshTokenWords(workload, token),
      },
      { evidence: [{ fact: 'token', path: 'claims.aud', observed: audiences, expected: 'one audience' }] },
    );
  },
});
export default check;
