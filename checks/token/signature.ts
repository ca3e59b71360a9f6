import { defineCheck, freshToken, freshTokenWords, type Check } from '../../src/check.ts';

const fresh = freshToken('makes a token as the API server signs it, and looks at that');

const check: Check = defineCheck({
  id: 'token/signature',
  title: 'the token is signed as Entra demands',
  link: 'token',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: ['token'],
  orUnknown: ['tokenSignature', 'workload'],
  sources: [
    'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations',
    'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
  ],
  outcomes: {
    rs256: { status: 'pass', says: 'The token is signed with RS256 by key {kid}.' },
    otherAlgorithm: {
      status: 'fail',
      code: 'TOK-09',
      title: 'The signature is of another kind than RS256',
      says: 'The token is signed with {alg}, and Entra takes RS256 only.',
      aadsts: [5002730, 50027, 7000274],
      fix: [
        {
          command: 'openssl genrsa -out sa-signer.key 2048',
          why: 'makes the RSA key that kube-apiserver needs as --service-account-signing-key-file and, in public form, --service-account-key-file',
          actor: 'cluster admin',
          restarts: true,
        },
        fresh,
      ],
    },
    noKey: {
      status: 'fail',
      code: 'TOK-09',
      title: 'The id of the signing key is missing',
      says: 'The header of the token names no signing key (kid), so Entra cannot find the key that signed it.',
      aadsts: [7000272, 50027],
      fix: [fresh],
    },
    strange: {
      status: 'fail',
      code: 'TOK-09',
      title: 'The signature is not that of a service account token',
      says: 'The token is not signed as a service account token is: {reason}.',
      aadsts: [50027, 7000274],
      fix: [fresh],
    },
    refuted: {
      status: 'fail',
      code: 'TOK-09',
      title: 'The signature does not match the token',
      says: 'The signature of the token does not fit its content by the published key {kid}: the token was altered or cut off, or another key is published under that id.',
      aadsts: [7000274, 50027],
      fix: [fresh],
    },
    altered: {
      status: 'fail',
      code: 'TOK-09',
      title: 'The signature does not match the token',
      says: 'The signature of the token does not fit its content, although key {kid} is known to the API server itself: the token was altered or cut off.',
      aadsts: [7000274, 50027],
      fix: [fresh],
    },
  },
  run({ token, tokenSignature, workload }, say) {
    if (token.kind !== 'jwt') return say.skip('there is no token that can be read');
    const { alg, kid } = token.header;
    if (token.claims.iss === 'kubernetes/serviceaccount' || token.claims.iss === null)
      return say.skip('the token is not of a kind that Entra could verify');
    const words = {
      alg: alg ?? 'no algorithm',
      kid: kid ?? '',
      ...freshTokenWords(workload, token),
    };
    if (alg !== 'RS256')
      return say('otherAlgorithm', words, {
        evidence: [{ fact: 'token', path: 'header.alg', observed: alg ?? '(none)', expected: 'RS256' }],
      });
    if (kid === null || kid === '') {
      return say('noKey', words, {
        evidence: [
          { fact: 'token', path: 'header.kid', observed: '(none)', expected: 'the id of a published key' },
        ],
      });
    }
    const verdicts = tokenSignature.state === 'present' ? tokenSignature.value : null;
    const { published, apiServer } = verdicts ?? {};
    // A key that a set has twice, or in an unusable form, is the set's fault and not the token's.
    const refusal = [apiServer, published].find((verdict) => verdict?.state === 'refused');
    if (refusal?.state === 'refused' && /^the (header|token) /.test(refusal.reason)) {
      return say(
        'strange',
        { ...words, reason: refusal.reason },
        { evidence: [{ fact: 'tokenSignature', path: 'apiServer', observed: refusal.reason }] },
      );
    }
    // Only the signer's own keys prove it: keys published elsewhere may be stale.
    if (apiServer?.state === 'invalid' && published?.state !== 'valid') {
      return say('altered', words, {
        evidence: [{ fact: 'tokenSignature', path: 'apiServer', observed: apiServer.reason }],
      });
    }
    if (published?.state === 'invalid' && apiServer?.state !== 'valid') {
      return say('refuted', words, {
        evidence: [{ fact: 'tokenSignature', path: 'published', observed: published.reason }],
      });
    }
    return say('rs256', words);
  },
});
export default check;
