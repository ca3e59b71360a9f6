import { blank, blobPlace, defineCheck, difference, isAksIssuer, type Check } from '../../src/check.ts';

const FIX = [
  {
    id: 'aks',
    command: 'az aks update -g {resourceGroup} -n {cluster}',
    why: 'reconciles the cluster, which publishes its issuer again',
    actor: 'Azure admin',
    restarts: false,
  },
  {
    id: 'self',
    command: "curl -sS {url} | jq --arg issuer {issuer} '.issuer = $issuer' > openid-configuration.json",
    why: 'makes the document name the issuer as the tokens do',
    actor: 'cluster admin',
    restarts: false,
  },
  {
    id: 'self',
    command:
      'az storage blob upload --account-name {account} -c {container} -n .well-known/openid-configuration -f openid-configuration.json --content-type application/json --overwrite',
    why: 'publishes it again, if the issuer is on blob storage; elsewhere, upload it in the way that place has',
    actor: 'cluster admin',
    restarts: false,
  },
] as const;

const check: Check = defineCheck({
  id: 'issuer/names-itself',
  title: 'the discovery document names the issuer of the tokens',
  link: 'issuer',
  stage: 'issuer',
  per: 'workload',
  restsOn: 'always',
  needs: ['tokenIssuer', 'discovery'],
  sources: ['https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation'],
  outcomes: {
    same: { status: 'pass', says: 'The discovery document names the issuer {issuer}.' },
    slashOnly: {
      status: 'fail',
      code: 'ISS-02',
      says: 'The published discovery document names the issuer {observed}, which differs from the {issuer} of the tokens in the slash at the end.',
      aadsts: [50166, 501661, 90061, 700211],
      fix: FIX,
    },
    other: {
      status: 'fail',
      code: 'ISS-02',
      says: 'The published discovery document names the issuer {observed}, but tokens are issued by {issuer}.',
      aadsts: [50166, 501661, 90061, 700211],
      fix: FIX,
    },
  },
  run({ tokenIssuer, discovery }, say) {
    if (discovery.kind !== 'document') return say.skip('there is no discovery document that can be read');
    const { json, url } = discovery;
    const stated = json !== null && typeof json === 'object' && 'issuer' in json ? json['issuer'] : '';
    const observed = typeof stated === 'string' ? stated : JSON.stringify(stated);
    if (observed === tokenIssuer) return say('same', { issuer: tokenIssuer });
    const differs = difference(tokenIssuer, observed, 'issuer');
    const place = blobPlace(tokenIssuer);
    const aks = isAksIssuer({ state: 'present', value: tokenIssuer, origin: '' });
    return say(
      differs.kind === 'slash' ? 'slashOnly' : 'other',
      {
        issuer: tokenIssuer,
        observed: observed === '' ? '(none)' : observed,
        url,
        account: place?.account ?? blank('storage account'),
        container: place?.container ?? blank('container'),
        resourceGroup: blank('resource group'),
        cluster: blank('cluster name'),
      },
      {
        fix: [aks ? 'aks' : 'self'],
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
