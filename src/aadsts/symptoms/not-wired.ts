import type { PossibleCause } from '../catalogue/entry.ts';
import type { Symptom } from './entry.ts';

const GO = {
  url: 'https://github.com/Azure/azure-sdk-for-go/blob/main/sdk/azidentity/workload_identity.go',
  read: '2026-09',
};
const DOTNET = {
  url: 'https://github.com/Azure/azure-sdk-for-net/blob/main/sdk/identity/Azure.Identity/TROUBLESHOOTING.md',
  read: '2026-09',
};
const PYTHON = {
  url: 'https://github.com/Azure/azure-sdk-for-python/blob/main/sdk/identity/azure-identity/azure/identity/_credentials/workload_identity.py',
  read: '2026-09',
};
const JS = { url: 'https://github.com/Azure/azure-sdk-for-js/issues/31080', read: '2026-09' };

/** The webhook did nothing to this container, in the order of what users forget. */
export const NOT_INJECTED: readonly PossibleCause[] = [
  { code: 'POD-01', likelihood: 'likely' },
  { code: 'POD-03', likelihood: 'likely' },
  { code: 'CL-02', likelihood: 'possible' },
  { code: 'SA-07', likelihood: 'possible' },
  { code: 'POD-04', likelihood: 'possible' },
  { code: 'POD-02', likelihood: 'possible' },
  { code: 'POD-27', likelihood: 'possible' },
];

const ANNOTATION_MISSING: readonly PossibleCause[] = [
  { code: 'SA-01', likelihood: 'likely' },
  { code: 'SA-07', likelihood: 'possible' },
  ...NOT_INJECTED.filter((cause) => cause.code !== 'SA-07'),
];

/** No exchange was tried, because the pod lacks what the SDK needs. */
export const NOT_WIRED: readonly Symptom[] = [
  {
    kind: 'client-id-not-set',
    role: 'decisive',
    triggers: ['client id specified', 'clientid in the options', 'azure_client_id', 'client_id'],
    patterns: [
      'no client ID specified',
      "'client_id' is required\\. Please pass it in or set the (?<parameter>AZURE_CLIENT_ID)",
    ],
    wordings: [
      'no client ID specified. Check pod configuration or set ClientID in the options',
      "ValueError: 'client_id' is required. Please pass it in or set the AZURE_CLIENT_ID environment variable",
    ],
    meaning:
      'AZURE_CLIENT_ID is not set in this container. Either the service account has no client-id annotation, or the webhook did not touch the pod; an empty variable would pass this test.',
    causes: ANNOTATION_MISSING,
    sources: [GO, PYTHON],
  },
  {
    kind: 'tenant-id-not-set',
    role: 'decisive',
    triggers: ['tenant id specified', 'tenantid in the options', 'azure_tenant_id', 'tenant_id'],
    patterns: [
      'no tenant ID specified',
      "'tenant_id' is required\\. Please pass it in or set the (?<parameter>AZURE_TENANT_ID)",
    ],
    wordings: [
      'no tenant ID specified. Check pod configuration or set TenantID in the options',
      "ValueError: 'tenant_id' is required. Please pass it in or set the AZURE_TENANT_ID environment variable",
    ],
    meaning:
      'AZURE_TENANT_ID is not set in this container, so the webhook did not touch the pod, or the service account carries an empty tenant-id annotation.',
    causes: [...NOT_INJECTED, { code: 'SA-06', likelihood: 'possible' }],
    sources: [GO, PYTHON],
  },
  {
    kind: 'token-file-not-set',
    role: 'decisive',
    triggers: ['token file specified', 'token source specified', 'tokenfilepath', 'token_file_path'],
    patterns: [
      'no token (?:file|source) specified',
      "'token_file_path' is required\\. Please pass it in or set the (?<parameter>AZURE_FEDERATED_TOKEN_FILE)",
    ],
    wordings: [
      'no token file specified. Check pod configuration or set TokenFilePath in the options',
      'no token source specified. Check pod configuration or set GetFederatedToken or TokenFilePath in the options',
      "ValueError: 'token_file_path' is required. Please pass it in or set the AZURE_FEDERATED_TOKEN_FILE environment variable",
    ],
    meaning:
      'AZURE_FEDERATED_TOKEN_FILE is not set in this container: the webhook did not touch the pod, so no exchange was even tried.',
    causes: NOT_INJECTED,
    sources: [
      GO,
      { url: 'https://github.com/Azure/AppConfiguration-KubernetesProvider/issues/14', read: '2026-09' },
    ],
  },
  {
    kind: 'workload-identity-not-configured',
    role: 'decisive',
    triggers: [
      'workload options',
      'workloadidentitycredential',
      'federatedtokenfilepath',
      'missing required arguments',
      'azure_federated_token_file',
    ],
    patterns: [
      'workload options are not fully configured(?:.{0,400}?Missing required arguments: (?<parameter>[^\\n.]{1,120}))?',
      'WorkloadIdentityCredential:? (?:authentication |is )unavailable(?!\\. (?:The request|Connection) to the authority host)',
      'tenantId, clientId,? and federatedTokenFilePath are required parameters',
      'missing environment variables?[.:]? (?:AZURE_CLIENT_ID|AZURE_TENANT_ID|AZURE_FEDERATED_TOKEN_FILE)[^\\n]{0,100}AZURE_FEDERATED_TOKEN_FILE',
      '(?<parameter>AZURE_FEDERATED_TOKEN_FILE) (?:environment variable )?(?:is )?(?:not set|missing|undefined|must be set)',
    ],
    wordings: [
      'WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured. See the troubleshooting guide for more information. https://aka.ms/azsdk/net/identity/workloadidentitycredential/troubleshoot',
      "WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured. See the troubleshooting guide for more information: https://aka.ms/azsdk/python/identity/workloadidentitycredential/troubleshoot. Missing required arguments: 'tenant_id', 'client_id', 'token_file_path'.",
      'CredentialUnavailableError: WorkloadIdentityCredential: is unavailable. tenantId, clientId, and federatedTokenFilePath are required parameters.',
      'missing environment variables. AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE must be set',
    ],
    meaning:
      'The SDK found no workload identity settings in this container: one or more of AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE are missing. The webhook did not touch the pod, or only in part.',
    causes: [
      ...NOT_INJECTED,
      { code: 'SA-01', likelihood: 'possible' },
      { code: 'SDK-06', likelihood: 'unlikely' },
    ],
    sources: [DOTNET, PYTHON, JS],
  },
  {
    kind: 'service-account-annotation-missing',
    role: 'decisive',
    triggers: ['missing service account annotation', 'azure.workload.identity/'],
    patterns: [
      'missing service account annotation',
      'service account [^\\n]{0,100}(?:is )?missing (?:the )?annotation[^\\n]{0,20}azure\\.workload\\.identity/',
    ],
    wordings: ['missing service account annotation: azure.workload.identity/tenant-id'],
    meaning:
      'The service account a controller was told to use lacks an azure.workload.identity annotation. The controller requests the token itself, so neither webhook nor pod label play a part.',
    causes: [
      { code: 'SA-01', likelihood: 'likely' },
      { code: 'SA-06', likelihood: 'possible' },
      { code: 'OP-03', likelihood: 'likely' },
    ],
    sources: [{ url: 'https://github.com/external-secrets/external-secrets/issues/2436', read: '2026-09' }],
  },
  {
    kind: 'authority-not-https',
    role: 'decisive',
    triggers: ['authority does not', 'to use https', 'authority host', 'authorityhost'],
    patterns: [
      'Authority(?:\\([^)\\n]{0,200}\\))? does not appear to use https',
      'authority host[^\\n]{0,60}must (?:use|be) (?:an )?https',
    ],
    wordings: [
      'failed to create confidential client: the Authority(oauth2/v2.0/token) does not appear to use https',
    ],
    meaning:
      'AZURE_AUTHORITY_HOST is missing or not an https URL, so the address of the token request came out broken. In a pod that the webhook wired it is always set.',
    causes: [
      { code: 'POD-01', likelihood: 'likely' },
      { code: 'POD-03', likelihood: 'likely' },
      { code: 'POD-08', likelihood: 'possible' },
      { code: 'CL-02', likelihood: 'possible' },
      { code: 'SDK-06', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/Azure/azure-workload-identity/issues/611', read: '2026-09' }],
  },
];
