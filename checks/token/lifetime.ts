import {
  defineCheck,
  durationWords,
  freshToken,
  freshTokenWords,
  isAksIssuer,
  patchTemplateCommand,
  type Check,
} from '../../src/check.ts';

/** Seconds; Entra refuses tokens that live longer. */
const LONGEST = 90_000;
/** Seconds; the longest the webhook takes, too. */
const DAY = 86_400;

const check: Check = defineCheck({
  id: 'token/lifetime',
  title: 'the token lives no longer than Entra allows',
  link: 'token',
  stage: 'token',
  per: 'container',
  restsOn: 'never',
  needs: [],
  orUnknown: ['workload', 'container', 'token', 'tokenIssuer'],
  sources: [
    'https://github.com/MicrosoftDocs/azure-docs/issues/86916',
    'https://github.com/Azure/azure-sdk-for-python/issues/32124',
  ],
  outcomes: {
    short: { status: 'pass', says: 'The token lives {lifetime}.' },
    shortened: {
      status: 'warn',
      code: 'TOK-03',
      title: 'The lifetime asked for is longer than the cluster gives',
      says: 'Volume {volume} asks for a token of {seconds} seconds ({lifetime}), which the cluster shortens to a day; Entra takes at most 25 hours.',
      fix: [
        {
          command: '{mend}',
          why: 'asks for what the cluster gives anyway',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    asksTooLong: {
      status: 'fail',
      code: 'TOK-03',
      title: 'The lifetime asked for is longer than Entra takes',
      says: 'Volume {volume} asks for a token of {seconds} seconds ({lifetime}), and Entra refuses every token that lives longer than 25 hours.',
      aadsts: [70023],
      fix: [
        {
          command: '{mend}',
          why: 'asks for a token of one day',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    tooLong: {
      status: 'fail',
      code: 'TOK-03',
      title: 'The lifetime is longer than Entra takes',
      says: 'The token lives {lifetime}, and Entra refuses every token that lives longer than 25 hours.',
      aadsts: [70023],
      explainedBy: ['TOK-02'],
      fix: [freshToken('makes a token that lives an hour, which Entra takes, and looks at it')],
    },
  },
  run({ workload, container, token, tokenIssuer }, say) {
    const jwt = token.state === 'present' && token.value.kind === 'jwt' ? token.value : null;
    const wiring =
      container.state === 'present' && container.value.wiring.state === 'wired'
        ? container.value.wiring
        : null;
    const object = workload.state === 'present' ? workload.value : null;
    if (jwt) {
      const { exp, iat, nbf } = jwt.claims;
      const from = iat ?? nbf;
      if (typeof exp !== 'number' || typeof from !== 'number') return say.skip('the token names no lifetime');
      const lifetime = durationWords(exp - from);
      if (exp - from <= LONGEST) return say('short', { lifetime });
      return say(
        'tooLong',
        {
          lifetime,
          ...freshTokenWords(workload, jwt, wiring?.audience),
        },
        {
          evidence: [
            {
              fact: 'token',
              path: 'claims.exp',
              observed: `${exp - from} s`,
              expected: `at most ${LONGEST} s`,
              labels: { observed: 'exp - iat', expected: 'Entra' },
            },
          ],
        },
      );
    }
    if (!wiring || !object) return say.skip('there is neither a token nor a volume that asks for one');
    const { expirationSeconds: seconds, volume } = wiring;
    if (seconds <= LONGEST) return say('short', { lifetime: durationWords(seconds) });
    const sources = object.spec.volumes?.find(({ name }) => name === volume)?.projected?.sources ?? [];
    const mended = sources.map((source) =>
      source.serviceAccountToken
        ? { ...source, serviceAccountToken: { ...source.serviceAccountToken, expirationSeconds: DAY } }
        : source,
    );
    const patch = { spec: { volumes: [{ name: volume, projected: { sources: mended } }] } };
    const capped = isAksIssuer(tokenIssuer);
    return say(
      capped ? 'shortened' : 'asksTooLong',
      {
        volume,
        seconds: String(seconds),
        lifetime: durationWords(seconds),
        mend: patchTemplateCommand(object.controller, patch, 'strategic'),
      },
      {
        evidence: [
          {
            fact: 'workload',
            path: `spec.volumes[${volume}].projected.sources.serviceAccountToken.expirationSeconds`,
            observed: `${seconds} s`,
            expected: `at most ${LONGEST} s`,
            labels: { observed: 'volume', expected: 'Entra' },
          },
        ],
      },
    );
  },
});
export default check;
