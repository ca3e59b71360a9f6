import { defineCheck, freshToken, freshTokenWords, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'token/subject',
  title: "the token is of the pod's service account",
  link: 'token',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: ['token', 'workload'],
  sources: ['https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/'],
  outcomes: {
    own: { status: 'pass', says: 'The token has subject {subject}.' },
    otherPod: {
      status: 'info',
      code: 'TOK-11',
      title: 'The token is bound to another pod',
      says: 'The token is bound to pod {bound}, another pod of the same service account; Entra does not tell them apart.',
    },
    otherSubject: {
      status: 'fail',
      code: 'TOK-11',
      title: 'The token is that of another service account',
      says: 'The token has subject {observed}, but the pod runs as {subject}: it is the token of another workload.',
      aadsts: [700213, 70021],
      fix: [freshToken("makes a token of the pod's own service account and looks at it, to compare with")],
    },
  },
  run({ token, workload }, say) {
    if (token.kind !== 'jwt') return say.skip('there is no token that can be read');
    const { sub, kubernetes } = token.claims;
    const { subject, metadata } = workload;
    if (sub !== subject) {
      return say(
        'otherSubject',
        {
          observed: sub ?? '(none)',
          subject,
          ...freshTokenWords({ state: 'present', value: workload, origin: '' }, token),
        },
        {
          evidence: [
            {
              fact: 'token',
              path: 'claims.sub',
              observed: sub ?? '(none)',
              expected: subject,
              labels: { observed: 'token', expected: 'pod' },
            },
          ],
        },
      );
    }
    const bound = kubernetes?.pod;
    const same = bound?.name === metadata.name && (bound?.uid ?? metadata.uid) === metadata.uid;
    return bound === undefined || same ? say('own', { subject }) : say('otherPod', { bound: bound.name });
  },
});
export default check;
