import type { PossibleCause } from '../catalogue/entry.ts';
import type { Symptom } from './entry.ts';

const Q = '["\'\\\\`]{0,4}';

/** How answers of Azure are told from those of anybody else: hosts, SDK words, its `ERROR CODE:` line. */
const AZURE =
  'azure|azmk8s|microsoft|\\bwindows\\.net|ERROR CODE:|Original Error:|Service (?:returned an error|request failed)|ServiceCode=';

/** Words of a request for a token, whose refusal is no matter of roles, and of hosts that are Azure only by name. */
const NO_RESOURCE =
  'login\\.(?:microsoft|windows|chinacloudapi|partner)|oauth2/|(?:get|acquire|acquiring|obtain|obtaining|refresh)(?:ing)? (?:(?:an?|the) )?(?:access |aad |oauth )?token|Refresh request failed|dev\\.azure\\.com|azure\\.github\\.io';

const ROLE_MISSING: readonly PossibleCause[] = [
  { code: 'RBAC-01', likelihood: 'likely' },
  { code: 'RBAC-03', likelihood: 'possible' },
  { code: 'RBAC-02', likelihood: 'possible' },
];

/** Sign-in worked, and the resource refused: federation is proven good. */
export const RESOURCE: readonly Symptom[] = [
  {
    kind: 'arm-authorization-failed',
    role: 'decisive',
    triggers: ['authorizationfailed', 'does not have authorization', 'to perform action'],
    patterns: [
      `client ${Q}[^'"\\n]{1,120}${Q}[^]{0,20}?with object id ${Q}(?<objectId>[^'"\\s\\\\]{1,120})${Q}[^]{0,40}?does not have (?:authorization|permission) to perform action ${Q}(?<action>[^'"\\s\\\\]{1,200})${Q}(?: over scope ${Q}(?<scope>[^'"\\s\\\\]{1,600}))?`,
      'does not have authorization to perform action',
      '\\b(?:Linked)?AuthorizationFailed\\b',
    ],
    wordings: [
      "Status=403 Code=\"AuthorizationFailed\" Message=\"The client '22222222-2222-2222-2222-222222222222' with object id '22222222-2222-2222-2222-222222222222' does not have authorization to perform action 'Microsoft.Network/dnsZones/TXT/write' over scope '/subscriptions/s/resourceGroups/dns' or the scope is invalid.\"",
    ],
    meaning:
      'Sign-in worked; Azure Resource Manager refused the call because the identity has no role for it. Nothing is wrong with the federation.',
    causes: ROLE_MISSING,
    sources: [{ url: 'https://github.com/cert-manager/cert-manager/issues/5745', read: '2026-09' }],
  },
  {
    kind: 'key-vault-rbac-forbidden',
    role: 'decisive',
    triggers: ['caller is not authorized', 'forbiddenbyrbac', 'deniedwithnovalidrbac'],
    patterns: [
      "Caller is not authorized to perform action on resource(?:[^]{0,300}?appid=(?<appId>[^;\\s'\"]{1,80});oid=(?<objectId>[^;\\s'\"]{1,80})(?:;[^\\n]{0,80}?iss=(?<issuer>[^;\\s'\"\\\\]{1,200}))?)?(?:[^]{0,200}?Action: '(?<action>[^'\\n]{1,200})')?(?:[^]{0,200}?Resource: '(?<resource>[^'\\n]{1,600})')?",
      '\\bForbiddenByRbac\\b|DeniedWithNoValidRBAC',
    ],
    wordings: [
      'Status=403 Code="Forbidden" Message="Caller is not authorized to perform action on resource.\\r\\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\\r\\nCaller: appid=22222222-2222-2222-2222-222222222222;oid=33333333-3333-3333-3333-333333333333;iss=https://sts.windows.net/11111111-1111-1111-1111-111111111111/\\r\\nAction: \'Microsoft.KeyVault/vaults/secrets/getSecret/action\'\\r\\nResource: \'/subscriptions/s/resourcegroups/shop-rg/providers/microsoft.keyvault/vaults/shop-kv\'\\r\\nAssignment: (not found)" InnerError={"code":"ForbiddenByRbac"}',
    ],
    meaning:
      'Sign-in worked; the key vault refused the call because the identity has no data role there. Nothing is wrong with the federation.',
    causes: [...ROLE_MISSING, { code: 'RBAC-04', likelihood: 'possible' }],
    sources: [
      { url: 'https://github.com/piyushsachdeva/Terraform_AKS/issues/2', read: '2026-09' },
      { url: 'https://github.com/Azure/secrets-store-csi-driver-provider-azure/issues/945', read: '2026-09' },
    ],
  },
  {
    kind: 'key-vault-access-denied',
    role: 'decisive',
    triggers: [
      'permission on key vault',
      'forbiddenbypolicy',
      'forbiddenbyfirewall',
      'client address is not authorized',
      'forbiddenbyconnection',
      'network access is disabled',
    ],
    patterns: [
      `(?:user, group or application ${Q}appid=(?<appId>[^;\\s'"]{1,80});oid=(?<objectId>[^;\\s'"]{1,80})[^\\n]{0,200}?)?does not have (?:secrets|keys|certificates|storage) [^\\n]{1,40}permission on key vault`,
      '\\bForbiddenBy(?:Policy|Firewall|Connection)\\b',
      'Public network access is disabled and request is not from a trusted service',
      'Client address is not authorized and caller is not a trusted service',
    ],
    wordings: [
      "The user, group or application 'appid=22222222-2222-2222-2222-222222222222;oid=33333333-3333-3333-3333-333333333333' does not have secrets get permission on key vault 'shop-kv;location=westeurope'.",
      'Client address is not authorized and caller is not a trusted service. InnerError={"code":"ForbiddenByFirewall"}',
    ],
    meaning:
      'Sign-in worked; access policy or firewall of the key vault refused the call. Nothing is wrong with the federation.',
    causes: [
      { code: 'RBAC-04', likelihood: 'certain' },
      { code: 'RBAC-03', likelihood: 'possible' },
    ],
    sources: [
      { url: 'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes', read: '2026-09' },
    ],
  },
  {
    kind: 'data-permission-missing',
    role: 'decisive',
    triggers: [
      'required rbac permissions',
      'are required to perform this operation',
      'authorization_requestdenied',
      'required data action',
      'access token presented',
    ],
    patterns: [
      'principal \\[(?<objectId>[^\\]\\s]{1,80})\\] does not have required RBAC permissions to perform action \\[(?<action>[^\\]\\s]{1,200})\\]',
      "'(?:Listen|Send|Manage)' claim\\(s\\) are required to perform this operation",
      '\\bAuthorization_RequestDenied\\b',
      `principal ${Q}(?<objectId>[^'"\`\\s\\\\]{1,80})${Q} lacks the required data action ${Q}(?<action>[^'"\`\\s\\\\]{1,200})`,
      'principal associated with access token presented with the incoming request does not have permission',
    ],
    wordings: [
      'Response status code does not indicate success: Forbidden (403); Reason: (Request is blocked because principal [22222222-2222-2222-2222-222222222222] does not have required RBAC permissions to perform action [Microsoft.DocumentDB/databaseAccounts/readMetadata] on resource [/].)',
      "Unauthorized access. 'Listen' claim(s) are required to perform this operation. Resource: 'sb://shop.servicebus.windows.net/orders'.",
      '{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}',
      "The principal '22222222-2222-2222-2222-222222222222' lacks the required data action 'Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action' to perform the operation.",
    ],
    meaning:
      'Sign-in worked; the service refused the call because the identity has no data role there (for Microsoft Graph: no app role). Nothing is wrong with the federation.',
    causes: ROLE_MISSING,
    sources: [
      { url: 'https://aka.ms/cosmos-native-rbac', read: '2026-09' },
      {
        url: 'https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-exceptions-latest',
        read: '2026-09',
      },
    ],
  },
  {
    kind: 'database-user-missing',
    role: 'decisive',
    triggers: ['token-identified principal'],
    patterns: ['Login failed for user [\'"\\\\]{0,4}<token-identified principal>'],
    wordings: [
      "Microsoft.Data.SqlClient.SqlException (0x80131904): Login failed for user '<token-identified principal>'.",
    ],
    meaning:
      'Sign-in worked, and Azure SQL read the token; the database has no user for this identity, or was not available just then. A user comes from CREATE USER … FROM EXTERNAL PROVIDER in that very database, not from a role on the server.',
    causes: [
      { code: 'RBAC-01', likelihood: 'likely' },
      { code: 'RBAC-03', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/dotnet/SqlClient/issues/3707', read: '2026-09' }],
  },
  {
    kind: 'storage-permission-mismatch',
    role: 'decisive',
    triggers: ['authorizationpermissionmismatch', 'using this permission'],
    patterns: [
      'AuthorizationPermissionMismatch',
      'not authorized to perform this operation using this permission',
    ],
    wordings: [
      'Code=AuthorizationPermissionMismatch, Message=This request is not authorized to perform this operation using this permission.',
    ],
    meaning:
      'Sign-in worked; the storage account refused the call because the identity has no data role (such as Storage Blob Data Reader).',
    causes: ROLE_MISSING,
    sources: [{ url: 'https://github.com/Azure/azure-storage-blob-go/issues/334', read: '2026-09' }],
  },
  {
    kind: 'storage-authorization-failure',
    role: 'decisive',
    triggers: ['authorizationfailure', 'to perform this operation.'],
    patterns: ['\\bAuthorizationFailure\\b', 'request is not authorized to perform this operation\\.'],
    wordings: [
      'RESPONSE 403: 403 This request is not authorized to perform this operation. ERROR CODE: AuthorizationFailure',
    ],
    meaning:
      'Sign-in worked; the storage account refused the call because of its network rules or a missing role.',
    causes: [
      { code: 'RBAC-04', likelihood: 'likely' },
      { code: 'RBAC-01', likelihood: 'likely' },
    ],
    sources: [{ url: 'https://github.com/grafana/helm-charts/issues/3646', read: '2026-09' }],
  },
  {
    kind: 'key-vault-wrong-audience',
    role: 'decisive',
    triggers: ['akv10022'],
    patterns: [
      'AKV10022: Invalid audience\\. Expected (?<resource>\\S{1,200}), found:? \\S{1,200}',
      'AKV10022',
    ],
    wordings: [
      'AKV10022: Invalid audience. Expected https://vault.usgovcloudapi.net, found: https://vault.azure.net.',
    ],
    meaning:
      'Sign-in worked, but the token was asked for the key vaults of another cloud. The tool has to be told its cloud (environment type).',
    causes: [
      { code: 'ENT-07', likelihood: 'certain' },
      { code: 'WH-06', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/external-secrets/external-secrets/issues/2397', read: '2026-09' }],
  },
  {
    kind: 'resource-wrong-issuer',
    role: 'decisive',
    triggers: ['akv10032', 'invalidauthenticationtokentenant', 'from the wrong issuer'],
    patterns: [
      'AKV10032: Invalid issuer',
      'InvalidAuthenticationTokenTenant',
      'access token is from the wrong issuer',
    ],
    wordings: [
      'AKV10032: Invalid issuer. Expected one of https://sts.windows.net/11111111-1111-1111-1111-111111111111/, found https://sts.windows.net/22222222-2222-2222-2222-222222222222/.',
      "InvalidAuthenticationTokenTenant: The access token is from the wrong issuer 'https://sts.windows.net/x/'.",
    ],
    meaning: 'Sign-in worked, but in another tenant than the one the resource belongs to.',
    causes: [
      { code: 'SA-06', likelihood: 'likely' },
      { code: 'WH-05', likelihood: 'possible' },
      { code: 'POD-08', likelihood: 'possible' },
    ],
    sources: [
      { url: 'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes', read: '2026-09' },
    ],
  },
  {
    kind: 'principal-not-found',
    role: 'decisive',
    triggers: ['principalnotfound', 'does not exist in the directory'],
    patterns: [
      `PrincipalNotFound[^]{0,20}?Principal ${Q}(?<objectId>[^'"\\s\\\\]{1,80})`,
      'PrincipalNotFound',
    ],
    wordings: [
      '(PrincipalNotFound) Principal 22222222222222222222222222222222 does not exist in the directory 11111111-1111-1111-1111-111111111111.',
    ],
    meaning:
      'A role assignment named a principal the directory does not know. The principal (object) id is needed there, and the client id is the usual mix-up.',
    causes: [
      { code: 'RBAC-03', likelihood: 'likely' },
      { code: 'SA-05', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/MicrosoftDocs/azure-docs/issues/115202', read: '2026-09' }],
  },
  {
    kind: 'credential-error-swallowed',
    role: 'decisive',
    triggers: ['kind=unauthorized', 'non-io error occurred'],
    patterns: ['storage error\\(kind=Unauthorized', 'non-io error occurred which will not be retried'],
    wordings: [
      'storage error(kind=Unauthorized, source=failed to fetch object, non-io error occurred which will not be retried)',
    ],
    meaning:
      'The storage library swallowed the real error. If it began about 24 hours after the start, the token was read once and kept; the debug log of the SDK shows the code.',
    causes: [
      { code: 'SDK-10', likelihood: 'likely' },
      { code: 'RBAC-01', likelihood: 'possible' },
      { code: 'TOK-05', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/quickwit-oss/quickwit/issues/6672', read: '2026-09' }],
  },
  {
    kind: 'resource-forbidden',
    role: 'wrapper',
    triggers: [
      'response 403',
      'status=403',
      'statuscode=403',
      'response 401',
      'status=401',
      'statuscode=401',
      'status: 403',
    ],
    patterns: [
      'RESPONSE 40[13]\\b',
      'Status(?:Code)?= ?40[13]\\b',
      'Service request failed\\.[^]{0,40}?Status: 403',
    ],
    near: AZURE,
    unless: NO_RESOURCE,
    wordings: [
      'RESPONSE 403: 403 Forbidden ERROR CODE: Forbidden',
      'Service returned an error. Status=403 Code="Forbidden"',
    ],
    meaning:
      'An Azure resource refused the call. If it was a data or management call (not the token endpoint), sign-in worked and a role or network rule is missing.',
    causes: [
      { code: 'RBAC-01', likelihood: 'likely' },
      { code: 'RBAC-04', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/velero-io/velero/issues/7269', read: '2026-09' }],
  },
];
