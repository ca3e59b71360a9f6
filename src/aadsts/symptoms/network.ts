import type { Symptom } from './entry.ts';

const AUTHORITY =
  '(?<host>login\\.(?:microsoftonline\\.(?:com|us)|chinacloudapi\\.cn|partner\\.microsoftonline\\.cn|windows\\.net|microsoft\\.com))';
const TRIGGERS = ['login.microsoft', 'login.chinacloudapi', 'login.partner.microsoft', 'login.windows.net'];
const NEAR = '[^]{0,400}?';

/** Both orders: programs name the host before the trouble or after it. */
function around(trouble: string): readonly string[] {
  return [
    `${AUTHORITY}${NEAR}(?:${trouble})`,
    `(?:${trouble})[^\\n]{0,200}?${AUTHORITY}`,
    // JavaScript and Java print the address some lines below the trouble.
    `(?:${trouble})(?:[^\\n]{0,200}\\n){0,4}?[^\\n]{0,100}?\\burl["']?\\s?[:=]\\s?["']?https?://${AUTHORITY}`,
  ];
}

/** A request to somebody else, or of a package manager: its proxy trouble says nothing about signing in. */
const OTHER_HOST =
  'https?://(?![^/\\s]{0,200}(?:microsoft|azure|windows\\.net|chinacloudapi|169\\.254\\.))[a-z0-9.-]{1,200}\\.[a-z]{2,20}\\b|pip\\._vendor|npm ERR';

const TROUBLESHOOTING = {
  url: 'https://github.com/Azure/azure-sdk-for-go/blob/main/sdk/azidentity/TROUBLESHOOTING.md',
  read: '2026-09',
};

/** The pod could not talk to the authority host; no answer of Entra is involved. */
export const NETWORK: readonly Symptom[] = [
  {
    kind: 'authority-dns',
    role: 'decisive',
    triggers: TRIGGERS,
    patterns: around(
      'no such host|ENOTFOUND|EAI_AGAIN|Name or service not known|Temporary failure in name resolution|UnknownHostException|server misbehaving|Name does not resolve|No such host is known|nodename nor servname',
    ),
    wordings: [
      'dial tcp: lookup login.microsoftonline.com on 10.0.0.10:53: no such host',
      'getaddrinfo ENOTFOUND login.microsoftonline.com',
      'java.net.UnknownHostException: login.microsoftonline.com',
    ],
    meaning: 'The name of the authority host could not be resolved from this pod.',
    causes: [
      { code: 'NET-04', likelihood: 'certain' },
      { code: 'NET-01', likelihood: 'possible' },
      { code: 'POD-08', likelihood: 'unlikely' },
    ],
    sources: [TROUBLESHOOTING],
  },
  {
    kind: 'authority-tls',
    role: 'decisive',
    triggers: TRIGGERS,
    patterns: around(
      'x509:|certificate signed by unknown authority|CERTIFICATE_VERIFY_FAILED|certificate verify failed|PKIX path building failed|SSLHandshakeException|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|self[- ]signed certificate|remote certificate is invalid|invalid peer certificate|tls: failed to verify',
    ),
    wordings: [
      'Post "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      "HTTPSConnectionPool(host='login.microsoftonline.com', port=443): Max retries exceeded with url: /t (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain')))",
    ],
    meaning:
      'The certificate the authority host showed is not trusted in this container: something inspects TLS on the way, or the image has no CA certificates.',
    causes: [
      { code: 'NET-03', likelihood: 'certain' },
      { code: 'NET-02', likelihood: 'possible' },
    ],
    sources: [TROUBLESHOOTING],
  },
  {
    kind: 'proxy-refused',
    role: 'decisive',
    triggers: ['proxy authentication required', 'proxyconnect', 'tunnel connection failed', 'proxy error'],
    patterns: [
      'Proxy Authentication Required',
      'proxyconnect tcp: [^\\n]{0,200}',
      'Tunnel connection failed: \\d{3}',
    ],
    unless: OTHER_HOST,
    wordings: [
      'Post "https://login.microsoftonline.com/t/oauth2/v2.0/token": Proxy Authentication Required',
      "OSError('Tunnel connection failed: 407 Proxy Authentication Required')",
      'proxyconnect tcp: dial tcp 10.1.2.3:3128: connect: connection refused',
    ],
    meaning: 'An HTTP proxy stands between the pod and Entra and does not let the request pass.',
    causes: [
      { code: 'NET-02', likelihood: 'certain' },
      { code: 'NET-01', likelihood: 'possible' },
    ],
    sources: [TROUBLESHOOTING],
  },
  {
    kind: 'authority-unreachable',
    role: 'decisive',
    triggers: TRIGGERS,
    patterns: around(
      'context deadline exceeded|i/o timeout|connection refused|connection reset|connection timed out|no route to host|network is unreachable|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ConnectTimeout|Connection timed out|TimeoutException|Max retries exceeded|connect timed out|Connection aborted|socket hang up|request timed out|Client\\.Timeout',
    ),
    wordings: [
      'RestError: connect ECONNREFUSED 20.190.160.1:443 {\n  "code": "REQUEST_SEND_ERROR",\n  "request": { "url": "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token" } }',
      'Post "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token": context deadline exceeded',
      'dial tcp 20.190.160.1:443: i/o timeout while calling https://login.microsoftonline.com/',
      'connect ECONNREFUSED login.microsoftonline.com:443',
    ],
    meaning:
      'The authority host did not answer this pod. Entra is not involved yet: egress, firewall, proxy or DNS of the cluster stand in the way.',
    causes: [
      { code: 'NET-01', likelihood: 'likely' },
      { code: 'NET-02', likelihood: 'possible' },
      { code: 'NET-04', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/kedacore/keda/issues/3977', read: '2026-09' }, TROUBLESHOOTING],
  },
  {
    kind: 'authority-answer-swallowed',
    role: 'decisive',
    bodyFollows: true,
    triggers: TRIGGERS,
    patterns: [
      `Server returned HTTP response code: 40[01] for URL: https?://${AUTHORITY}`,
      `(?:(?:WorkloadIdentity|ClientAssertion)Credential authentication failed\\.?[^]{0,80}?)?http call\\(https?://${AUTHORITY}[^)\\s]{0,200}/token\\)\\(POST\\) error: reply status code was 40[01]`,
      `(?:(?:WorkloadIdentity|ClientAssertion)Credential authentication failed\\.?[^]{0,80}?)?POST https?://${AUTHORITY}/[^\\s"]{0,200}/token\\b[-\\s]{1,200}RESPONSE:? 40[01]`,
    ],
    wordings: [
      'FromAssertion(): http call(https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token)(POST) error: reply status code was 401:',
      'WorkloadIdentityCredential authentication failed\nPOST https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token\n----\nRESPONSE 401 Unauthorized',
      'WorkloadIdentityCredential authentication unavailable. The request to the authority host was invalid. Additional details: Server returned HTTP response code: 400 for URL: https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token.',
      'java.io.IOException: Server returned HTTP response code: 401 for URL: https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token',
    ],
    meaning:
      'The pod is wired and Entra answered, but refused the request, and its answer with the AADSTS code is missing from the text. The code follows further down in the message or stands in the debug log of the SDK; the id behind the host in the address has to be the tenant, not the client.',
    causes: [
      { code: 'FIC-01', likelihood: 'possible' },
      { code: 'FIC-05', likelihood: 'possible' },
      { code: 'ENT-01', likelihood: 'possible' },
      { code: 'ENT-02', likelihood: 'possible' },
      { code: 'SA-06', likelihood: 'possible' },
    ],
    sources: [
      { url: 'https://github.com/Azure/azure-sdk-for-java/issues/43787', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-workload-identity/issues/727', read: '2026-09' },
    ],
  },
  {
    kind: 'authority-discovery-failed',
    role: 'wrapper',
    triggers: ['unable to resolve an endpoint', 'resolve endpoints', 'endpoints_resolution_error'],
    patterns: ['unable to resolve an endpoint', 'could not resolve endpoints', 'endpoints_resolution_error'],
    wordings: ['WorkloadIdentityCredential: unable to resolve an endpoint: server response error'],
    meaning:
      "The SDK could not read the tenant's own discovery document, which it does before any token request: wrong tenant or authority host, or no way out of the cluster.",
    causes: [
      { code: 'NET-01', likelihood: 'likely' },
      { code: 'ENT-02', likelihood: 'possible' },
      { code: 'POD-08', likelihood: 'possible' },
      { code: 'NET-02', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/kedacore/keda/issues/3977', read: '2026-09' }],
  },
];
