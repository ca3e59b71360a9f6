import { defineCheck, epochSeconds, restartCommand, timeWords, type Check } from '../../src/check.ts';

/** Seconds by which Entra lets clocks differ. */
const TOLERANCE = 300;

const check: Check = defineCheck({
  id: 'token/time',
  title: 'the token is valid now',
  link: 'token',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: ['token', 'now'],
  orUnknown: ['workload'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/issues/693',
    'https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/',
  ],
  outcomes: {
    valid: { status: 'pass', says: 'The token is valid until {expiry}.' },
    expired: {
      status: 'fail',
      code: 'TOK-05',
      title: 'The token has expired',
      says: 'The token expired at {expiry}; whoever presents it read it once and kept it, or the file is no longer renewed.',
      aadsts: [700024],
      explainedBy: ['SA-12', 'POD-10', 'TOK-07'],
      fix: [
        {
          command: '{restart}',
          why: 'starts the program with a fresh token; an SDK that reads the file at each sign-in makes it last',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    notYet: {
      status: 'fail',
      code: 'TOK-06',
      title: 'The token is not valid yet',
      says: 'The token is not valid before {start}, so the clock of the API server that signed it is ahead.',
      aadsts: [700024],
      fix: [
        {
          command: 'kubectl get --raw /healthz -v=8',
          why: "shows the API server's own time in the Date header, to be held against a clock that is right; then let NTP correct the control plane",
          actor: 'cluster admin',
          restarts: false,
        },
      ],
    },
  },
  run({ token, now, workload }, say) {
    if (token.kind !== 'jwt') return say.skip('there is no token that can be read');
    const { exp, nbf, iat } = token.claims;
    const seconds = epochSeconds(now);
    const start = nbf ?? iat;
    const words = (moment: number): string => timeWords(moment, seconds * 1000);
    const object = workload.state === 'present' ? workload.value : null;
    if (typeof start === 'number' && start > seconds + TOLERANCE)
      return say(
        'notYet',
        { start: words(start) },
        {
          evidence: [
            {
              fact: 'token',
              path: 'claims.nbf',
              observed: timeWords(start, Number.NaN),
              expected: now,
              labels: { observed: 'nbf', expected: 'now' },
            },
          ],
        },
      );
    if (typeof exp !== 'number') return say.skip('the token never expires');
    if (exp >= seconds) return say('valid', { expiry: words(exp) });
    return say(
      'expired',
      {
        expiry: words(exp),
        restart: object
          ? restartCommand(object.controller, object.object.name)
          : { command: 'wi-doctor pod POD --mint' },
      },
      {
        evidence: [
          {
            fact: 'token',
            path: 'claims.exp',
            observed: timeWords(exp, Number.NaN),
            expected: now,
            labels: { observed: 'exp', expected: 'now' },
          },
        ],
      },
    );
  },
});
export default check;
