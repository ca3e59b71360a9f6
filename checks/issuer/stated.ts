import {
  blank,
  defineCheck,
  isAksApiServer,
  issuerAddress,
  placeWords,
  PUBLISH_ISSUER,
  publishFix,
  publishWords,
  restartCommand,
  UNNAMED,
  type Check,
} from '../../src/check.ts';

const restart = {
  id: 'restart',
  command: '{restart}',
  why: 'gives the pods a token of the new issuer, for which a federated credential is needed then',
  actor: 'developer',
  restarts: true,
} as const;
const aks = {
  id: 'switch-on',
  command: 'az aks update {aks} --enable-oidc-issuer --enable-workload-identity',
  why: 'switches the OIDC issuer on; the API server restarts, and it cannot be switched off again',
  actor: 'Azure admin',
  restarts: false,
} as const;

const SWITCHED_OFF = {
  fact: 'aksCluster',
  path: 'oidcIssuerProfile.enabled',
  observed: 'false',
  expected: 'true',
  labels: { observed: 'OIDC issuer', expected: 'wanted' },
} as const;

const check: Check = defineCheck({
  id: 'issuer/stated',
  title: 'the token issuer is an address outside the cluster',
  link: 'issuer',
  stage: 'issuer',
  per: 'workload',
  restsOn: 'always',
  needs: ['tokenIssuer', 'options'],
  orUnknown: ['webhook', 'node', 'workload', 'discovery', 'aksCluster', 'target'],
  sources: [
    'https://learn.microsoft.com/azure/aks/use-oidc-issuer',
    'https://azure.github.io/azure-workload-identity/docs/installation/self-managed-clusters.html',
    'https://learn.microsoft.com/azure/azure-arc/kubernetes/workload-identity',
  ],
  outcomes: {
    outside: { status: 'pass', says: 'Tokens are issued by {issuer}.' },
    internal: {
      status: 'fail',
      code: 'CL-01',
      title: 'The token issuer cannot be reached from outside',
      says: 'Tokens are issued by {issuer}, a name inside the cluster, where Entra cannot fetch the signing keys; the cluster has no public OIDC issuer.',
      aadsts: [700211, 50166, 501661, 90061, 7000272],
      fix: [aks, ...PUBLISH_ISSUER, restart],
    },
    apiServer: {
      status: 'fail',
      code: 'CL-01',
      title: 'The OIDC issuer of the cluster is off',
      says: 'Tokens are issued by {issuer}, the API server itself, as AKS does while its OIDC issuer is off.',
      aadsts: [700211, 50166, 501661, 90061],
      fix: [aks, restart],
    },
    notInUse: {
      status: 'fail',
      code: 'CL-01',
      title: 'The OIDC issuer of the cluster is not in use',
      says: 'Tokens are issued by {issuer}, although AKS cluster {cluster} has {published} as its OIDC issuer: the API server has not taken that over, or this is another cluster.',
      aadsts: [700211, 50166, 501661, 90061],
      fix: [
        {
          command: 'az aks update {aks}',
          why: 'puts the API server in order',
          actor: 'Azure admin',
          restarts: false,
        },
        restart,
      ],
    },
    notAUrl: {
      status: 'fail',
      code: 'CL-01',
      title: 'The token issuer is not a URL that Entra can fetch',
      says: 'Tokens are issued by {issuer}, which is no https URL that Entra could fetch the signing keys from.',
      aadsts: [700211, 50166, 501661, 90061],
      fix: [aks, ...PUBLISH_ISSUER, restart],
    },
    arc: {
      status: 'fail',
      code: 'CL-10',
      title: 'The issuer of Arc is not set at the API server',
      says: 'Tokens are issued by {issuer}: the API server of this Arc cluster was not told to use the issuer that Arc publishes for it.',
      aadsts: [700211, 50166, 501661, 90061],
      fix: [
        {
          command: 'az connectedk8s show {arc} --query oidcIssuerProfile.issuerUrl -o tsv',
          why: 'shows the issuer that Arc publishes for this cluster',
          actor: 'Azure admin',
          restarts: false,
        },
        {
          command:
            "echo 'kube-apiserver-arg+: [service-account-issuer='{newIssuer}']' | sudo tee /etc/rancher/k3s/config.yaml.d/oidc-issuer.yaml && sudo systemctl restart k3s",
          why: 'on K3s: makes the API server sign under that issuer; other distributions set the same flag in their own place',
          actor: 'cluster admin',
          restarts: false,
        },
        restart,
      ],
    },
  },
  run({ tokenIssuer, options, webhook, node, workload, discovery, aksCluster, target }, say) {
    const address = issuerAddress(tokenIssuer, options.allowPrivateIssuer);
    const isPublished = discovery.state === 'present' && discovery.value.kind === 'document';
    const internal = address.kind === 'not-public' && address.why === 'cluster-internal';
    const apiServer = isAksApiServer(tokenIssuer) && !isPublished;
    if (address.kind === 'not-https') return say.skip('the issuer is judged by its discovery document');
    if (address.kind === 'not-public' && !internal)
      return say.skip('the issuer is judged by its discovery document');
    if (!internal && !apiServer && address.kind !== 'not-a-url')
      return say('outside', { issuer: tokenIssuer });
    const flavour = webhook.state === 'present' ? webhook.value.flavour : 'unknown';
    const nodeName = node.state === 'present' ? (node.value.metadata?.name ?? '') : '';
    const onAks =
      apiServer ||
      flavour === 'aks' ||
      aksCluster.state === 'present' ||
      /^(aks|virtual-node-aci)-/.test(nodeName);
    const object = workload.state === 'present' ? workload.value : null;
    const aksProfile = aksCluster.state === 'present' ? aksCluster.value.oidcIssuer : null;
    const outcome =
      aksProfile?.enabled === true
        ? 'notInUse'
        : flavour === 'arc' && aksProfile === null
          ? 'arc'
          : apiServer
            ? 'apiServer'
            : internal
              ? 'internal'
              : 'notAUrl';
    const publish = onAks ? ['switch-on'] : publishFix(target, false, ['flag', 'keys']);
    return say(
      outcome,
      {
        cluster: aksCluster.state === 'present' ? aksCluster.value.name : '',
        published: aksProfile?.url ?? 'another URL',
        ...publishWords(tokenIssuer, aksCluster),
        arc: placeWords(UNNAMED.place, blank('cluster name').command),
        issuer: tokenIssuer,
        restart: object ? restartCommand(object.controller, object.object.name) : blank('restart'),
      },
      {
        fix: [...publish, ...(object ? ['restart'] : [])],
        evidence: [
          {
            fact: 'tokenIssuer',
            path: 'issuer',
            observed: tokenIssuer,
            expected: aksProfile?.url ?? 'a public https URL',
            labels: { observed: 'issuer', expected: 'wanted' },
          },
          ...(aksProfile?.enabled === false ? [SWITCHED_OFF] : []),
        ],
      },
    );
  },
});
export default check;
