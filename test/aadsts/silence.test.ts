import { describe, expect, test } from 'vitest';

import { explainText } from '../../src/aadsts/explain-text.ts';
import { SUBJECT, TAIL } from './sentence.ts';

/** Texts that look like something and are nothing. */
const NOTHING: Readonly<Record<string, string>> = {
  'an empty text': '',
  'a code in an address only': 'See https://login.microsoftonline.com/error?code=70021 for details.',
  'a code in the name of a page':
    'https://learn.microsoft.com/answers/questions/1/aadsts700236-entra-id-tokens and https://x.example/AADSTS70021-fix',
  'an address in JSON': '{"error_uri":"https://login.microsoftonline.com/error?code=700213"}',
  'the word without digits': 'AADSTS errors are listed in the documentation.',
  'too few and too many digits': 'AADSTS123 AADSTS1234567890',
  'the portal’s bare number': 'Sign-in error code\n\n70021\n\nFailure reason',
  'another webhook':
    'admission webhook "validation.gatekeeper.sh" denied the request: hostNetwork is not allowed',
  'another call that timed out':
    'failed calling webhook "mutate.example.io": Post "https://x.svc:443/m": context deadline exceeded',
  'a missing file of somebody else': 'open /etc/app/config.yaml: no such file or directory',
  'another host that is unreachable': 'dial tcp: lookup postgres.shop.svc on 10.0.0.10:53: no such host',
  'a healthy start':
    'time="2026-03-01T12:00:00Z" level=info msg="acquired token" credential=WorkloadIdentityCredential',
  'a cloud of somebody else': 'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity',
  'the metadata service of another cloud':
    'NoCredentialProviders: no valid providers in chain\ncaused by: EC2RoleRequestError: no EC2 instance role found\ncaused by: RequestError: send request failed\ncaused by: Get "http://169.254.169.254/latest/meta-data/iam/security-credentials/": dial tcp 169.254.169.254:80: i/o timeout',
  'another identity provider that refuses a client':
    'POST https://sso.shop.example/realms/shop/token {"error":"invalid_client","error_description":"Invalid client credentials"} status=401',
  'a 403 of Azure DevOps':
    'remote: TF401019: the repository does not exist. status=403 https://dev.azure.com/shop',
  'a 403 of a web server': '10.0.0.8 - "GET /admin HTTP/1.1" 403 153 "-" "curl/8.5" status=403',
  'a 401 of another API': 'level=warn msg="request failed" url=https://api.shop.example/orders status=401',
  'a proxy before somebody else':
    'failed to fetch https://charts.shop.example/index.yaml: proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused',
  'a proxy before a package index':
    "pip._vendor.urllib3: connection broken by 'ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication Required'))': /simple/flask/",
  'a file without a name of another program': 'ERROR config: open : no such file or directory',
  'an identity of another system': 'com.shop.users.UserService: Identity not found for user 4711',
};

describe('near misses stay silent', () => {
  test.each(Object.entries(NOTHING))('%s', (_, text) => {
    expect(explainText(text).errors).toEqual([]);
  });
});

/** Values somebody took out. */
const MASKS = [
  '***',
  '<redacted>',
  'REDACTED',
  '[redacted]',
  '...',
  '{tenant-id}',
  '<TENANT_ID>',
  'XXXX-REDACTED-XXXX',
  'IDHERE',
  '<your-client-id>',
  '********',
  '$(clientId)',
  '${CLIENT_ID}',
  '[masked]',
];

describe('masked values are absent', () => {
  test.each(MASKS)('%s', (mask) => {
    const { errors } = explainText(
      `POST https://login.microsoftonline.com/${mask}/oauth2/v2.0/token\nAADSTS700016: Application with identifier '${mask}' was not found in the directory '${mask}'. Trace ID: ${mask} Correlation ID: ${mask} Timestamp: ${mask}`,
    );
    expect(errors).toMatchObject([{ code: 700016, fields: {} }]);
    expect(errors[0]?.fields).toEqual({});
  });

  test('a value that is masked in part is kept, and nothing is concluded from it', () => {
    const { errors } = explainText(
      `AADSTS700211: No matching federated identity record found for presented assertion issuer 'https://oidc.prod-aks.azure.com/87...a6'. ${TAIL}`,
    );
    expect(errors[0]?.fields.issuer).toBe('https://oidc.prod-aks.azure.com/87...a6');
    expect(errors[0]?.causes.flatMap((cause) => cause.fix).join('\n')).not.toContain('87...a6');
  });

  test('crosses in place of ids in the tail are absent', () => {
    const { errors } = explainText(
      'AADSTS50027: JWT token is invalid or malformed. Trace ID: xx Correlation ID: xxxxxxxx Timestamp: xx',
    );
    expect(errors[0]?.fields).toEqual({});
  });
});

describe('secrets never become values', () => {
  const jwt = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQifQ', 'c2lnbmF0dXJl'].join(
    '.',
  );

  test.each([
    [
      'a token as client id',
      `AADSTS700016: Application with identifier '${jwt}' was not found in the directory 'Contoso'.`,
    ],
    [
      'a secret as tenant',
      "AADSTS900023: Specified tenant identifier 'client_secret=hunter2-hunter2' is neither a valid DNS name, nor a valid external domain.",
    ],
    [
      'a secret of an application',
      `AADSTS700016: Application with identifier 'abc8Q~abcdefghijklmnopqrstuvwxyz0123456789' was not found in the directory 'Contoso'.`,
    ],
  ])('%s', (_, text) => {
    const document = JSON.stringify(explainText(text));
    expect(document).not.toContain('eyJ');
    expect(document).not.toContain('hunter2');
    expect(document).not.toContain('8Q~');
  });

  test('a token beside an error does not show anywhere', () => {
    const document = JSON.stringify(
      explainText(
        `client_assertion=${jwt}&client_secret=hunter2\nAADSTS700213: No matching federated identity record found for presented assertion subject '${SUBJECT}'. ${TAIL}`,
      ),
    );
    expect(document).toContain(SUBJECT);
    expect(document).not.toContain('eyJ');
    expect(document).not.toContain('hunter2');
  });
});

describe('people who sign in are told apart', () => {
  const UNRELATED: Readonly<Record<string, string>> = {
    'a redirect address that is missing': `AADSTS500113: No reply address is registered for the application. ${TAIL}`,
    'a single-page application': `AADSTS9002326: Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. ${TAIL}`,
    'a device that is not managed': `AADSTS530003: Your device is required to be managed to access this resource. ${TAIL}`,
    'consent that only a person can give': `AADSTS65001: The user or administrator has not consented to use the application with ID '33333333-3333-4333-8333-333333333333' named 'portal'. Send an interactive authorization request for this user and resource. ${TAIL}`,
    'a device code': `To sign in, open https://microsoft.com/devicelogin\nAADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'. ${TAIL}`,
    'the secret of a web application': `oauthproxy.go:831 Error redeeming code during OAuth2 callback: "AADSTS7000215: Invalid client secret provided. ${TAIL}"`,
  };

  test.each(Object.entries(UNRELATED))('%s', (_, text) => {
    expect(explainText(text).errors).toMatchObject([{ unrelated: true, causes: [] }]);
  });

  test('a hint to sign in behind a member with a secret is no person', () => {
    const { errors } = explainText(
      `DefaultAzureCredential failed to retrieve a token from the included credentials.\nAttempted credentials:\n\tEnvironmentCredential: Authentication failed: AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'. ${TAIL}\n\tAzureDeveloperCliCredential: not found; authenticate to your Azure account using 'az login'.`,
    );
    expect(errors[0]).toMatchObject({ code: 7000218, unrelated: false });
  });
});
