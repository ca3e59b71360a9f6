import {
  blank,
  defineCheck,
  fetchCommand,
  isAksIssuer,
  isAllowedPrivate,
  keySetFault,
  publicationFault,
  PUBLISH_DOCUMENT,
  PUBLISH_ISSUER,
  PUBLISH_KEYS,
  publishFix,
  publishWords,
  type Check,
  type SayOptions,
} from '../../src/check.ts';

const newKey = {
  id: 'new-key',
  command: 'openssl genrsa -out sa-signer.key 2048',
  why: 'makes a new RSA key for kube-apiserver (--service-account-signing-key-file, and its public half as --service-account-key-file)',
  actor: 'cluster admin',
  restarts: true,
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
  orUnknown: ['jwks', 'publishedKeys', 'aksCluster', 'target'],
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
      title: 'The {document} cannot be read',
      says: 'The {document} of issuer {issuer} answers with HTTP {status}, so Entra cannot read it.',
      aadsts: [501661, 50166, 90061],
      explainedBy: ['CL-01'],
      fix: PUBLISH_ISSUER,
    },
    notPublic: {
      status: 'fail',
      code: 'ISS-01',
      title: 'The issuer has no public address',
      says: 'Issuer {issuer} is at {host}, {why} that Entra cannot reach from the internet.',
      aadsts: [501661, 50166, 90061],
      explainedBy: ['CL-01', 'CL-10'],
      fix: PUBLISH_ISSUER,
    },
    forbidden: {
      status: 'fail',
      code: 'ISS-05',
      title: 'The {document} is not public',
      says: 'The {document} of issuer {issuer} answers with HTTP {status} to anybody without a sign-in, and Entra has none.',
      aadsts: [501661, 50166, 90061],
      explainedBy: ['CL-01'],
      fix: [
        ...PUBLISH_ISSUER,
        {
          id: 'open',
          command:
            'az storage account update -n {account} -g {storageGroup} --allow-blob-public-access true --public-network-access Enabled --default-action Allow && az storage container set-permission --account-name {account} -n {container} --public-access blob',
          why: 'lets everybody read the two documents, which hold public keys only; elsewhere, open them in the way that place has',
          actor: 'Azure admin',
          restarts: false,
        },
      ],
    },
    untrusted: {
      status: 'fail',
      code: 'ISS-06',
      title: 'The certificate of the issuer is not trusted',
      says: 'The host of the {document} of issuer {issuer} has no certificate that a public client trusts: {error} ({errorCode}).',
      aadsts: [501661, 50166, 90061],
      fix: [
        {
          command:
            'openssl s_client -connect {host}:443 -servername {host} < /dev/null | openssl x509 -noout -issuer -subject -enddate',
          why: 'shows the certificate, which must come from a public authority, name the host and be in date',
          actor: 'network admin',
          restarts: false,
        },
      ],
    },
    notHttps: {
      status: 'fail',
      code: 'ISS-06',
      title: 'The {document} is not served over https',
      says: 'The {document} of issuer {issuer} is at {url}, but Entra asks over https only.',
      aadsts: [501661, 50166, 90061],
      fix: PUBLISH_ISSUER,
    },
    unusable: {
      status: 'fail',
      code: 'ISS-07',
      title: 'The {document} is of no use to Entra',
      says: 'The {document} of issuer {issuer} {fault}, so Entra cannot use it.',
      aadsts: [501661, 50166, 90061],
      explainedBy: ['CL-01'],
      fix: PUBLISH_ISSUER,
    },
    unusableKeys: {
      status: 'fail',
      code: 'ISS-07',
      title: 'The key set is of no use to Entra',
      says: 'The key set of issuer {issuer} {fault}.',
      aadsts: [5002730, 7000272, 501661, 50166],
      explainedBy: ['TOK-09'],
      fix: [newKey, ...PUBLISH_ISSUER],
    },
    privateKey: {
      status: 'warn',
      code: 'ISS-07',
      title: 'The private key {kid} is published',
      says: 'The key set of issuer {issuer} holds the private half of key {kid}, with which anybody can make tokens that Entra accepts.',
      fix: [newKey, ...PUBLISH_ISSUER],
    },
  },
  run({ tokenIssuer: issuer, discovery, options, jwks, publishedKeys, aksCluster, target }, say) {
    const isAks = isAksIssuer({ state: 'present', value: issuer, origin: '' }) === true;
    const first = publicationFault(discovery, isAks);
    // The key set counts only when the document that names it can be read.
    const answer = first === null ? (jwks.state === 'present' ? jwks.value : null) : discovery;
    if (answer === null) {
      return jwks.state === 'unknown'
        ? say.unknown(jwks.reason, jwks.settle)
        : say.unknown('the key set was not asked for');
    }
    const where = first === null ? 'openid/v1/jwks' : '.well-known/openid-configuration';
    const url = 'url' in answer ? answer.url : `${issuer.replace(/\/$/, '')}/${where}`;
    const words = {
      ...publishWords(issuer, aksCluster),
      storageGroup: blank('resource group'),
      issuer,
      document: first === null ? 'key set' : 'discovery document',
      url,
      host: URL.canParse(url) ? new URL(url).hostname : url,
    };
    const everything = [...PUBLISH_DOCUMENT, ...PUBLISH_KEYS];
    const seen = (observed: string, expected: string, fix: readonly string[]): SayOptions => ({
      fix: publishFix(target, isAks, fix),
      evidence: [
        {
          fact: first === null ? 'jwks' : 'discovery',
          path: where,
          observed,
          expected,
          labels: { observed: 'seen', expected: 'wanted' },
        },
      ],
    });
    if (answer.kind === 'not-asked') {
      const named = { ...words, document: 'discovery document', fault: 'names no jwks_uri' };
      return say('unusable', named, seen('no jwks_uri', 'the address of the key set', everything));
    }
    const missing =
      first === null ? PUBLISH_KEYS : discovery.kind === 'bad-url' ? ['flag', 'keys'] : everything;
    const fault = first ?? publicationFault(answer, isAks) ?? { kind: 'none' as const };
    switch (fault.kind) {
      case 'none':
        break;
      case 'missing':
        return say(
          'missing',
          { ...words, status: fault.status },
          seen(`HTTP ${fault.status}`, 'HTTP 200', missing),
        );
      case 'forbidden':
        return say(
          'forbidden',
          { ...words, status: fault.status },
          seen(`HTTP ${fault.status}`, 'HTTP 200', ['open']),
        );
      case 'notPublic': {
        if (options.allowPrivateIssuer && isAllowedPrivate(fault.why))
          return say.unknown(`${fault.host} is allowed, but was not asked`, fetchCommand(url));
        const why = WHY[fault.why];
        const hidden = `is at ${url}, ${why} that Entra cannot reach`;
        return first === null
          ? say('unusable', { ...words, fault: hidden }, seen(url, 'a public address', everything))
          : say(
              'notPublic',
              { ...words, host: fault.host, why },
              seen(fault.host, 'a public address', ['flag', 'keys']),
            );
      }
      case 'untrusted':
        return say('untrusted', { ...words, ...fault }, seen(fault.errorCode, 'a trusted certificate', []));
      case 'notHttps':
        return say('notHttps', words, seen(url, 'https', first === null ? everything : ['flag', 'keys']));
      case 'unusable':
        return say('unusable', { ...words, fault: fault.fault }, seen(fault.fault, 'a JSON object', missing));
      case 'unclear':
        return say.unknown(fault.reason, fetchCommand(url));
    }
    if (publishedKeys.state !== 'present') return say.unknown('the published keys could not be read');
    const { keys, problems } = publishedKeys.value;
    const renew = ['new-key', ...PUBLISH_KEYS];
    const keyFault = keySetFault(publishedKeys.value);
    if (keyFault !== null) {
      const fix = keys.length === 0 ? PUBLISH_KEYS : renew;
      return say('unusableKeys', { ...words, fault: keyFault }, seen(keyFault, 'an RSA key for RS256', fix));
    }
    const leaked = problems.find(({ kind }) => kind === 'private');
    if (leaked)
      return say(
        'privateKey',
        { ...words, kid: leaked.kid ?? '' },
        seen('private members', 'public keys only', renew),
      );
    return say('readable', { issuer, count: String(keys.length) });
  },
});
export default check;
