import {
  blank,
  defineCheck,
  diagnosisCommand,
  epochSeconds,
  isAksIssuer,
  keyIds,
  keySetFault,
  misusedKeys,
  otherKeysOf,
  PUBLISH_ISSUER,
  PUBLISH_KEYS,
  publishFix,
  publishWords,
  restartCommand,
  type Answer,
  type Check,
  type Evidence,
  type MisusedKey,
  type OtherKey,
} from '../../src/check.ts';

const SHOW_KEYS = "kubectl get --raw /openid/v1/jwks | jq -r '.keys[].kid'";

/** Of a modulus, which fills a screen, as much as tells two keys apart. */
function beginningOf(modulus: string): string {
  return `${modulus.slice(0, 24)}…`;
}

const check: Check = defineCheck({
  id: 'issuer/keys',
  title: 'the key that signs the tokens is published',
  link: 'issuer',
  stage: 'issuer',
  per: 'workload',
  restsOn: 'always',
  needs: ['tokenIssuer', 'publishedKeys'],
  orUnknown: [
    'apiServerKeys',
    'token',
    'tokenSignature',
    'workload',
    'target',
    'aksCluster',
    'now',
    'clocks',
  ],
  sources: [
    'https://azure.github.io/azure-workload-identity/docs/topics/self-managed-clusters/service-account-key-rotation.html',
    'https://learn.microsoft.com/azure/aks/use-oidc-issuer',
  ],
  outcomes: {
    published: { status: 'pass', says: 'Key {kid} is in the published key set.' },
    stale: {
      status: 'fail',
      code: 'ISS-04',
      title: 'The published key set is out of date',
      says: 'The published key set has none of the keys of the API server: it has {published}, the API server signs with {signing}.',
      aadsts: [7000272, 7000274],
      fix: PUBLISH_ISSUER,
    },
    otherKey: {
      status: 'fail',
      code: 'ISS-04',
      title: 'Two keys have the id {kid}',
      says: 'The published key {kid} is not the one with which the API server signs under that id, so no signature of the cluster can be verified.',
      aadsts: [7000274],
      fix: PUBLISH_ISSUER,
    },
    notPublished: {
      status: 'fail',
      code: 'ISS-03',
      title: 'The signing key is not published',
      says: 'The token is signed with key {kid}, which is not in the published key set ({published}).',
      aadsts: [7000272],
      fix: PUBLISH_ISSUER,
    },
    otherUse: {
      status: 'fail',
      code: 'ISS-03',
      title: 'The signing key is published for another use',
      says: 'The tokens are signed with key {kid}, which is published for the use "{use}" and not for signatures, so Entra has no key to verify them with.',
      aadsts: [7000272],
      fix: PUBLISH_ISSUER,
    },
    rotatedOut: {
      status: 'fail',
      code: 'ISS-08',
      title: 'The token is older than the signing keys',
      says: 'The token is signed with key {kid}, which neither the API server nor the issuer has any more: the keys were rotated after it was issued.',
      aadsts: [7000272],
      fix: [
        {
          id: 'restart',
          command: '{restart}',
          why: 'gives the pods a token signed with a key of now',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run(
    {
      tokenIssuer,
      publishedKeys,
      apiServerKeys,
      token,
      tokenSignature,
      workload,
      target,
      aksCluster,
      now,
      clocks,
    },
    say,
  ) {
    const published = publishedKeys.keys.flatMap(({ kid }) => kid ?? []);
    if (published.length === 0) return say.skip('the issuer publishes no key with an id');
    const own = apiServerKeys.state === 'present' ? keyIds(apiServerKeys.value) : null;
    const jwt = token.state === 'present' && token.value.kind === 'jwt' ? token.value : null;
    if (jwt && !jwt.header.kid) return say.skip('the token at hand names no key');
    const kid = jwt?.header.kid ?? null;
    const object = workload.state === 'present' ? workload.value : null;
    const words = {
      kid: kid ?? '',
      published: published.join(', '),
      signing: own?.join(', ') ?? '',
      ...publishWords(tokenIssuer, aksCluster),
      restart: object ? restartCommand(object.controller, object.object.name) : blank('restart'),
    };
    const isAks = isAksIssuer({ state: 'present', value: tokenIssuer, origin: '' });
    const fix = ['restart', ...publishFix(target, isAks === true, PUBLISH_KEYS)];
    const evidence = (expected: string, label: string): Evidence[] => [
      {
        fact: 'publishedKeys',
        path: 'keys[].kid',
        observed: published.join(', '),
        expected,
        labels: { observed: 'published', expected: label },
      },
    ];
    const sayOther = (id: string, key: OtherKey | undefined): Answer => {
      const moduli: Evidence[] = key
        ? [
            {
              fact: 'publishedKeys',
              path: `keys[${id}].n`,
              observed: beginningOf(key.published),
              expected: beginningOf(key.own),
              labels: { observed: 'published', expected: 'API server' },
            },
          ]
        : evidence(id, 'token');
      return say('otherKey', { ...words, kid: id }, { fix, evidence: moduli });
    };
    const sayMisused = ({ kid: id, use }: MisusedKey): Answer =>
      say(
        'otherUse',
        { ...words, kid: id, use },
        {
          fix,
          evidence: [
            {
              fact: 'publishedKeys',
              path: `keys[${id}].use`,
              observed: use,
              expected: 'sig',
              labels: { observed: 'published', expected: 'wanted' },
            },
          ],
        },
      );
    if (
      own &&
      own.length > 0 &&
      !own.some((id) => published.includes(id)) &&
      (kid === null || own.includes(kid))
    )
      return say('stale', words, { fix, evidence: evidence(own.join(', '), 'API server') });
    const signature = tokenSignature.state === 'present' ? tokenSignature.value : null;
    // A signature that fits is proof, whatever the API server shows.
    const others =
      apiServerKeys.state === 'present' && signature?.published.state !== 'valid'
        ? otherKeysOf(publishedKeys, apiServerKeys.value)
        : [];
    // A set without any key that Entra could use is judged as a whole.
    const misused = keySetFault(publishedKeys) === null ? misusedKeys(publishedKeys) : [];
    if (kid !== null) {
      const other = others.find((key) => key.kid === kid);
      if (other || (signature?.published.state === 'invalid' && signature.apiServer.state === 'valid'))
        return sayOther(kid, other);
      const key = misused.find((candidate) => candidate.kid === kid);
      if (key) return sayMisused(key);
      if (published.includes(kid)) return say('published', words);
      const rotated = own?.some((id) => published.includes(id)) === true && !own.includes(kid);
      const seconds = now.state === 'present' ? epochSeconds(now.value) : Number.NaN;
      // Without a clock the keys may have been seen before the token was made; then they prove nothing old.
      if (rotated && clocks.state === 'absent' && !((jwt?.claims.iat ?? Infinity) <= seconds))
        return say.unknown(
          `the keys that were seen may be older than the token, which names key ${kid}`,
          SHOW_KEYS,
        );
      return say(rotated ? 'rotatedOut' : 'notPublished', words, { fix, evidence: evidence(kid, 'token') });
    }
    if (own === null || own.length === 0) {
      // The verdict rests on what the issuer publishes; without the signer's keys there is nothing to compare.
      return say.skip("the API server's own keys are not known");
    }
    const useless = new Set([...others, ...misused].map((key) => key.kid));
    const missing = own.filter((id) => !published.includes(id) || useless.has(id));
    if (missing.length === 0) return say('published', { ...words, kid: own.join(', ') });
    if (missing.length === own.length) {
      // Whichever of them signs, Entra has no key to verify it with; one at least is published, but not as it should.
      const [other] = others;
      const key = misused.find((candidate) => own.includes(candidate.kid));
      if (other) return sayOther(other.kid, other);
      if (key) return sayMisused(key);
    }
    const named = target.state === 'present' ? target.value : null;
    const how = missing.some((id) => useless.has(id))
      ? 'published with another value or use'
      : 'not published';
    return say.unknown(
      `the API server's key ${missing.join(', ')} is ${how}, and only a token tells whether it signs`,
      named?.kind === 'Pod' ? `${diagnosisCommand(named)} --mint` : undefined,
    );
  },
});
export default check;
