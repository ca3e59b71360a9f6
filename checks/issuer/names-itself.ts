import {
  defineCheck,
  difference,
  isAksIssuer,
  PUBLISH_DOCUMENT,
  PUBLISH_ISSUER,
  publishFix,
  publishWords,
  type Check,
} from '../../src/check.ts';
import type { DiscoveryDocument } from '../../src/facts.ts';

const check: Check = defineCheck({
  id: 'issuer/names-itself',
  title: 'the discovery document names the issuer of the tokens',
  link: 'issuer',
  stage: 'issuer',
  per: 'workload',
  restsOn: 'always',
  needs: ['tokenIssuer', 'discovery'],
  orUnknown: ['aksCluster', 'target'],
  sources: ['https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation'],
  outcomes: {
    same: { status: 'pass', says: 'The discovery document names the issuer {issuer}.' },
    slashOnly: {
      status: 'fail',
      code: 'ISS-02',
      title: 'The discovery issuer differs from the token issuer by a slash',
      says: 'The published discovery document names the issuer {observed}, which differs from the {issuer} of the tokens in the slash at the end.',
      aadsts: [50166, 501661, 90061, 700211],
      fix: PUBLISH_ISSUER,
    },
    other: {
      status: 'fail',
      code: 'ISS-02',
      title: 'The discovery issuer differs from the token issuer',
      says: 'The published discovery document names the issuer {observed}, but tokens are issued by {issuer}.',
      aadsts: [50166, 501661, 90061, 700211],
      fix: PUBLISH_ISSUER,
    },
  },
  run({ tokenIssuer, discovery, aksCluster, target }, say) {
    if (discovery.kind !== 'document') return say.skip('there is no discovery document that can be read');
    const document = discovery.json as DiscoveryDocument | null;
    const stated = document?.issuer ?? '';
    const uri = document?.jwks_uri;
    const observed = typeof stated === 'string' ? stated : JSON.stringify(stated);
    if (observed === tokenIssuer) return say('same', { issuer: tokenIssuer });
    const differs = difference(tokenIssuer, observed, 'issuer');
    const aks = isAksIssuer({ state: 'present', value: tokenIssuer, origin: '' });
    return say(
      differs.kind === 'slash' ? 'slashOnly' : 'other',
      {
        ...publishWords(tokenIssuer, aksCluster, typeof uri === 'string' ? uri : undefined),
        issuer: tokenIssuer,
        observed: observed === '' ? '(none)' : observed,
      },
      {
        fix: publishFix(target, aks === true, PUBLISH_DOCUMENT),
        evidence: [
          {
            fact: 'discovery',
            path: 'issuer',
            observed,
            expected: tokenIssuer,
            difference: differs.words,
            labels: { observed: 'published', expected: 'token' },
          },
        ],
      },
    );
  },
});
export default check;
