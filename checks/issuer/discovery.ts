import {
  blank,
  blobPlace,
  defineCheck,
  isAksIssuer,
  isAllowedPrivate,
  keySetFault,
  publicationFault,
  type Check,
  type SayOptions,
} from '../../src/check.ts';

const aks = {
  id: 'aks',
  command: 'az aks update -g {resourceGroup} -n {cluster}',
  why: 'reconciles the cluster, which publishes its issuer again; if it does not, ask Microsoft support',
  actor: 'Azure admin',
  restarts: false,
} as const;
const look = {
  id: 'self',
  command: 'curl -sSi {url}',
  why: 'shows what Entra gets, if run from outside the company network',
  actor: 'cluster admin',
  restarts: false,
} as const;
const publish = {
  id: 'self',
  command:
    'az storage blob upload --account-name {account} -c {container} -n {blob} -f {file} --content-type application/json --overwrite',
  why: 'publishes the document, if the issuer is on blob storage; elsewhere, upload it in the way that place has',
  actor: 'cluster admin',
  restarts: false,
} as const;
const open = {
  id: 'self',
  command:
    'az storage account update -n {account} -g {resourceGroup} --allow-blob-public-access true --public-network-access Enabled --default-action Allow && az storage container set-permission --account-name {account} -n {container} --public-access blob',
  why: 'lets everybody read the two documents, which hold public keys only; elsewhere, open them in the way that place has',
  actor: 'Azure admin',
  restarts: false,
} as const;
const certificate = {
  id: 'self',
  command:
    'openssl s_client -connect {host}:443 -servername {host} < /dev/null | openssl x509 -noout -issuer -subject -enddate',
  why: 'shows the certificate, which must come from a public authority, name the host and be in date',
  actor: 'network admin',
  restarts: false,
} as const;

const WHY = {
  'cluster-internal': 'a name inside the cluster',
  loopback: 'a loopback address',
  private: 'a private address',
  'link-local': 'a link-local address',
  metadata: 'an address of the cloud itself',
  reserved: 'a reserved address',
} as const;

const check: Check = defineCheck({
  id: 'issuer/discovery',
  title: "Entra can read the issuer's discovery document and keys",
  link: 'issuer',
  stage: 'issuer',
  per: 'workload',
  restsOn: 'always',
  needs: ['tokenIssuer', 'discovery', 'options'],
  orUnknown: ['jwks', 'publishedKeys'],
  sources: [
    'https://openid.net/specs/openid-connect-discovery-1_0.html',
    'https://azure.github.io/azure-workload-identity/docs/troubleshooting.html',
  ],
  outcomes: {
    readable: {
      status: 'pass',
      says: 'The discovery document and the {count} keys of {issuer} can be read.',
    },
    missing: {
      status: 'fail',
      code: 'ISS-01',
      says: 'The {document} of issuer {issuer} answers with HTTP {status}, so Entra cannot read it.',
      aadsts: [501661, 50166, 90061],
      explainedBy: ['CL-01'],
      fix: [aks, look, publish],
    },
    notPublic: {
      status: 'fail',
      code: 'ISS-01',
      says: 'Issuer {issuer} is at {host}, {why} that Entra cannot reach from the internet.',
      aadsts: [501661, 50166, 90061],
      explainedBy: ['CL-01', 'CL-10'],
      fix: [look, publish],
    },
    forbidden: {
      status: 'fail',
      code: 'ISS-05',
      says: 'The {document} of issuer {issuer} answers with HTTP {status} to anybody without a sign-in, and Entra has none.',
      aadsts: [501661, 50166, 90061],
      explainedBy: ['CL-01'],
      fix: [aks, open],
    },
    untrusted: {
      status: 'fail',
      code: 'ISS-06',
      says: 'The host of the {document} of issuer {issuer} has no certificate that a public client trusts: {error} ({errorCode}).',
      aadsts: [501661, 50166, 90061],
      fix: [certificate],
    },
    notHttps: {
      status: 'fail',
      code: 'ISS-06',
      says: 'The {document} of issuer {issuer} is at {url}, but Entra asks over https only.',
      aadsts: [501661, 50166, 90061],
      fix: [look, publish],
    },
    unusable: {
      status: 'fail',
      code: 'ISS-07',
      says: 'The {document} of issuer {issuer} {fault}, so Entra cannot use it.',
      aadsts: [501661, 50166, 90061],
      explainedBy: ['CL-01'],
      fix: [aks, look, publish],
    },
    unusableKeys: {
      status: 'fail',
      code: 'ISS-07',
      says: 'The key set of issuer {issuer} {fault}.',
      aadsts: [5002730, 7000272, 501661, 50166],
      fix: [aks, look, publish],
    },
    privateKey: {
      status: 'warn',
      code: 'ISS-07',
      says: 'The key set of issuer {issuer} holds the private half of key {kid}, with which anybody can make tokens that Entra accepts.',
      fix: [publish],
    },
  },
  run({ tokenIssuer: issuer, discovery, options, jwks, publishedKeys }, say) {
    const isAks = isAksIssuer({ state: 'present', value: issuer, origin: '' }) === true;
    const first = publicationFault(discovery, isAks);
    // The key set counts only when the document that names it can be read.
    const answer = first === null ? (jwks.state === 'present' ? jwks.value : null) : discovery;
    const url = answer && 'url' in answer ? answer.url : `${issuer.replace(/\/$/, '')}/openid/v1/jwks`;
    const document = first === null ? 'key set' : 'discovery document';
    const place = blobPlace(issuer);
    const words = {
      issuer,
      document,
      url,
      host: URL.canParse(url) ? new URL(url).hostname : url,
      account: place?.account ?? blank('storage account'),
      container: place?.container ?? blank('container'),
      blob: first === null ? 'openid/v1/jwks' : '.well-known/openid-configuration',
      file: first === null ? 'jwks.json' : 'openid-configuration.json',
      resourceGroup: blank('resource group'),
      cluster: blank('cluster name'),
    };
    const seen = (observed: string, expected: string): SayOptions => ({
      fix: [isAks ? 'aks' : 'self'],
      evidence: [
        {
          fact: first === null ? 'jwks' : 'discovery',
          path: url,
          observed,
          expected,
          labels: { observed: 'seen', expected: 'wanted' },
        },
      ],
    });
    if (answer === null) {
      return jwks.state === 'unknown'
        ? say.unknown(jwks.reason, jwks.settle)
        : say.unknown('the key set was not asked for');
    }
    if (answer.kind === 'not-asked')
      return say(
        'unusable',
        {
          ...words,
          document: 'discovery document',
          fault: answer.reason.replace(/^the discovery document /, ''),
        },
        seen('no jwks_uri', 'jwks_uri'),
      );
    const fault = first ?? publicationFault(answer, isAks) ?? { kind: 'none' as const };
    switch (fault.kind) {
      case 'none':
        break;
      case 'missing':
      case 'forbidden':
        return say(fault.kind, { ...words, status: fault.status }, seen(`HTTP ${fault.status}`, 'HTTP 200'));
      case 'notPublic':
        if (options.allowPrivateIssuer && isAllowedPrivate(fault.why))
          return say.unknown(`${fault.host} is allowed, but was not asked`, `curl -sS ${url}`);
        if (first === null)
          return say(
            'unusable',
            { ...words, fault: `is at ${url}, ${WHY[fault.why]} that Entra cannot reach` },
            seen(url, 'a public address'),
          );
        return say(
          'notPublic',
          { ...words, host: fault.host, why: WHY[fault.why] },
          seen(fault.host, 'a public address'),
        );
      case 'untrusted':
        return say('untrusted', { ...words, ...fault }, seen(fault.errorCode, 'a trusted certificate'));
      case 'notHttps':
        return say('notHttps', words, seen(url, 'https'));
      case 'unusable':
        return say('unusable', { ...words, fault: fault.fault }, seen(fault.fault, 'a JSON object'));
      case 'unclear':
        return say.unknown(`${fault.reason} (from here)`, `curl -sS ${url}`);
    }
    if (publishedKeys.state !== 'present') return say.unknown('the published keys could not be read');
    const { keys, problems } = publishedKeys.value;
    const keyFault = keySetFault(publishedKeys.value);
    if (keyFault !== null)
      return say('unusableKeys', { ...words, fault: keyFault }, seen(keyFault, 'an RSA key for RS256'));
    const leaked = problems.find(({ kind }) => kind === 'private');
    if (leaked)
      return say(
        'privateKey',
        { ...words, kid: leaked.kid ?? '' },
        seen('private members', 'public keys only'),
      );
    return say('readable', { issuer, count: String(keys.length) });
  },
});
export default check;
