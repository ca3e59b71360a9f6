import {
  aksWords,
  answerEvidence,
  defineCheck,
  exchangeAgain,
  exchangeVerdict,
  exchangeWords,
  isAksIssuer,
  publicationFault,
  type Check,
} from '../../src/check.ts';

const verify = '{again}';
const reconcile = {
  id: 'aks',
  command: 'az aks update {aks}',
  why: 'reconciles the cluster, which publishes its documents again; if it does not, ask Microsoft support',
  actor: 'Azure admin',
  restarts: false,
} as const;

const UNREACHABLE: ReadonlySet<number> = new Set([501661, 50166, 90061]);
const KEY_NOT_FOUND = 7000272;

const check: Check = defineCheck({
  id: 'exchange/issuer',
  title: "Entra can fetch the issuer's documents and finds the key in them",
  link: 'issuer',
  stage: 'issuer',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'exchange', 'tokenIssuer'],
  orUnknown: ['discovery', 'jwks', 'publishedKeys', 'token', 'target', 'aksCluster'],
  sources: [
    'https://azure.github.io/azure-workload-identity/docs/troubleshooting.html',
    'https://github.com/Azure/azure-workload-identity/issues/1130',
  ],
  outcomes: {
    fetched: { status: 'pass', says: 'Entra verified the token with the keys of {issuer}.' },
    unreachable: {
      status: 'fail',
      code: 'ISS-01',
      title: "The issuer is out of Entra's reach",
      says: 'Entra cannot fetch the documents of issuer {issuer} ({code}){here}.',
      aadsts: [501661, 50166, 90061],
      fix: [
        reconcile,
        {
          id: 'self',
          command: 'curl -sSI {url}',
          why: 'has to answer 200 from anywhere on the internet: open the storage account, firewall or proxy in front of it to all networks',
          actor: 'network admin',
          restarts: false,
        },
      ],
      verify,
    },
    keyNotFound: {
      status: 'fail',
      code: 'ISS-03',
      title: 'Entra does not have the signing key',
      says: 'Entra does not find the key that signed the token among those of {issuer} ({code}){here}.',
      aadsts: [7000272],
      fix: [
        reconcile,
        {
          id: 'self',
          command: 'kubectl get --raw /openid/v1/jwks',
          why: 'shows the keys that the API server signs with; the published key set must have them all',
          actor: 'cluster admin',
          restarts: false,
        },
      ],
      verify,
    },
  },
  run({ signIn, exchange, tokenIssuer, discovery, jwks, publishedKeys, token, target, aksCluster }, say) {
    const { rate, codes } = exchangeVerdict(exchange);
    const words = {
      ...exchangeWords(signIn, exchange),
      issuer: tokenIssuer,
      url: `${tokenIssuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      aks: aksWords(aksCluster),
      again: exchangeAgain(target),
    };
    if (rate.accepted === rate.answered) return say('fetched', words);
    const unreachable = codes.some((code) => UNREACHABLE.has(code));
    if (!unreachable && !codes.includes(KEY_NOT_FOUND))
      return say.skip('the refusal is about something else');
    const aks = isAksIssuer({ state: 'present', value: tokenIssuer, origin: '' });
    const options = {
      fix: [aks === true ? 'aks' : 'self'],
      about: { kind: 'Issuer', name: tokenIssuer },
      evidence: answerEvidence(exchange),
      answered: codes,
    };
    if (unreachable) {
      const documents = [discovery, jwks].flatMap((fact) =>
        fact.state === 'present' && fact.value.kind !== 'not-asked' ? [fact.value] : [],
      );
      const faults = documents.map((document) => publicationFault(document, aks === true));
      if (faults.some((fault) => fault !== null && fault.kind !== 'unclear'))
        return say.skip('the documents themselves show it');
      const fine = documents.length === 2 && faults.every((fault) => fault === null);
      const here = fine
        ? ', though they can be read from here: the issuer lets only some networks in, or it was a passing failure'
        : '';
      return say('unreachable', { ...words, here }, options);
    }
    const kid = token.state === 'present' && token.value.kind === 'jwt' ? token.value.header.kid : null;
    const published = publishedKeys.state === 'present' ? publishedKeys.value.keys : null;
    const there = kid !== null && (published ?? []).some((key) => key.kid === kid);
    if (published !== null && kid !== null && !there) return say.skip('the published keys show it');
    const here = there ? ', though it is published now: Entra still has an older copy' : '';
    return say('keyNotFound', { ...words, here }, options);
  },
});
export default check;
