import type { PossibleCause } from '../catalogue/entry.ts';
import type { Symptom } from './entry.ts';

/** The program asked the node's metadata service, where the federated token plays no part. */
const FELL_BACK: readonly PossibleCause[] = [
  { code: 'POD-01', likelihood: 'likely' },
  { code: 'SDK-03', likelihood: 'likely' },
  { code: 'NET-05', likelihood: 'possible' },
  { code: 'SDK-01', likelihood: 'possible' },
  { code: 'POD-03', likelihood: 'possible' },
  { code: 'CL-02', likelihood: 'possible' },
  { code: 'OP-05', likelihood: 'unlikely' },
];

/** Answers of IMDS, of aad-pod-identity that intercepts it, and of the migration sidecar. */
export const MANAGED_IDENTITY: readonly Symptom[] = [
  {
    kind: 'imds-multiple-identities',
    role: 'member',
    triggers: ['multiple user assigned'],
    patterns: ['Multiple user assigned identities exist'],
    wordings: [
      'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
    ],
    meaning:
      'The request went to the metadata service of a node that has several identities, and named none. The program did not use the federated token at all.',
    causes: FELL_BACK,
    sources: [
      { url: 'https://github.com/velero-io/velero/issues/8348', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-workload-identity/issues/699', read: '2026-09' },
    ],
  },
  {
    kind: 'imds-identity-not-found',
    role: 'member',
    triggers: [
      'identity not found',
      'assigned to this resource',
      'available identity',
      'identity assigned',
      "isn't assigned",
    ],
    patterns: [
      'error_description":? ?"?Identity not found',
      '\\bIdentity not found\\b',
      "requested identity (?:isn't|isn.{1,6}t|is not|has not been) assigned to this resource",
      'no default identity is assigned',
      "indicating there's no available identity",
    ],
    near: 'azure|imds|169\\.254|managed.?identit|\\bmsi\\b|invalid_request|assigned|available identity|metadata/identity',
    wordings: [
      '{"error":"invalid_request","error_description":"Identity not found"}',
      "ManagedIdentityCredential authentication failed. the requested identity isn't assigned to this resource",
      'ManagedIdentityCredential: no default identity is assigned to this resource',
      "ManagedIdentityCredential: The managed identity endpoint is indicating there's no available identity. Message: undefined Status code: 400",
      'The requested identity has not been assigned to this resource.',
    ],
    meaning:
      'The request went to the metadata service of the node (IMDS), and the node does not have this identity. The federated token was not used: the pod is not wired, or the program uses the wrong credential.',
    causes: FELL_BACK,
    sources: [
      { url: 'https://github.com/cert-manager/website/issues/328', read: '2026-09' },
      { url: 'https://github.com/kubernetes/autoscaler/issues/6934', read: '2026-09' },
      { url: 'https://github.com/vmware-tanzu/helm-charts/issues/651', read: '2026-09' },
    ],
  },
  {
    kind: 'pod-identity-nmi',
    role: 'decisive',
    triggers: [
      'azure identity found',
      'mic pod logs',
      'assigned identities for pod',
      'azureassignedidentity',
    ],
    patterns: [
      'no azure identity found for request clientID',
      'Check MIC pod logs',
      'getting assigned identities for pod',
      'no AzureAssignedIdentity found for pod',
    ],
    wordings: [
      'no azure identity found for request clientID 0000',
      'getting assigned identities for pod shop/web in CREATED state failed after 16 attempts, retry duration [5]s, error: <nil>. Check MIC pod logs for identity assignment errors',
    ],
    meaning:
      "The old aad-pod-identity (NMI) intercepted a request for the node's metadata service. The program still asks for a managed identity in the old way.",
    causes: [
      { code: 'CL-14', likelihood: 'certain' },
      { code: 'SDK-01', likelihood: 'likely' },
      { code: 'SDK-03', likelihood: 'likely' },
      { code: 'POD-01', likelihood: 'possible' },
    ],
    sources: [
      { url: 'https://github.com/Azure/azure-workload-identity/issues/725', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-workload-identity/issues/995', read: '2026-09' },
    ],
  },
  {
    kind: 'app-authentication-library',
    role: 'decisive',
    triggers: ['azureservicetokenprovider', 'managed service identity'],
    patterns: ['AzureServiceTokenProviderException', 'Tried to get token using Managed Service Identity'],
    wordings: [
      'Microsoft.Azure.Services.AppAuthentication.AzureServiceTokenProviderException: Parameters: Connection String: [No connection string specified], Resource: https://vault.azure.net, Authority: . Exception Message: Tried to get token using Managed Service Identity. Access token could not be acquired.',
    ],
    meaning:
      "The program uses Microsoft.Azure.Services.AppAuthentication, a library from before workload identity that only knows the node's metadata service.",
    causes: [
      { code: 'SDK-01', likelihood: 'certain' },
      { code: 'CL-14', likelihood: 'unlikely' },
    ],
    sources: [{ url: 'https://github.com/Azure/azure-workload-identity/issues/1115', read: '2026-09' }],
  },
  {
    kind: 'proxy-sidecar-client-id-missing',
    role: 'decisive',
    triggers: ['client_id parameter'],
    patterns: ['client_id parameter or AZURE_CLIENT_ID environment variable'],
    wordings: ['The client_id parameter or AZURE_CLIENT_ID environment variable must be set'],
    meaning: 'The proxy sidecar was asked for a token without a client id, and has none itself.',
    causes: [
      { code: 'POD-18', likelihood: 'certain' },
      { code: 'SA-01', likelihood: 'likely' },
    ],
    sources: [{ url: 'https://github.com/Azure/azure-workload-identity/issues/651', read: '2026-09' }],
  },
  {
    kind: 'proxy-sidecar-imds-unreachable',
    role: 'decisive',
    triggers: ['pkg/proxy/proxy.go', '"logger":"proxy"', 'azwi-proxy'],
    patterns: [
      '(?:pkg/proxy/proxy\\.go|"logger":"proxy"|azwi-proxy)[^\\n]{0,800}169\\.254\\.169\\.254[^\\n]{0,300}(?:connection refused|timeout|no route)',
    ],
    wordings: [
      '{"level":"error","logger":"proxy","caller":"/workspace/pkg/proxy/proxy.go:172","message":"failed executing request","error":"Get \\"http://169.254.169.254:80/metadata/instance\\": dial tcp 169.254.169.254:80: connect: connection refused"}',
    ],
    meaning:
      "The proxy sidecar passed on a metadata request that asks for no token, and the node's metadata service cannot be reached. The sidecar only helps with token requests of old clients.",
    causes: [
      { code: 'POD-28', likelihood: 'certain' },
      { code: 'POD-14', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/Azure/azure-workload-identity/issues/1135', read: '2026-09' }],
  },
  {
    kind: 'managed-identity-unavailable',
    role: 'member',
    triggers: [
      'managedidentitycredential',
      'managed identity',
      '169.254.169.254',
      'imds endpoint',
      'token from imds',
    ],
    patterns: [
      'ManagedIdentityCredential:? (?:is |authentication )?(?:unavailable|failed|timed out)',
      'No Managed Identity endpoint found',
      'no response from the IMDS endpoint',
      'Managed Identity authentication is not available',
      'managed identity (?:timed out|authentication failed)',
      '169\\.254\\.169\\.254[^\\n]{0,300}(?:timeout|deadline exceeded|connection refused|no route to host|unreachable|timed out)',
      "Couldn't acquire access token from IMDS",
      'response code: 40[0-9] for URL: http://169\\.254\\.169\\.254/metadata/identity',
    ],
    unless:
      '169\\.254\\.169\\.254(?::80)?/(?:latest|computeMetadata|openstack)|\\bEC2|ec2imds|awssdk|aws-sdk',
    wordings: [
      "Couldn't acquire access token from IMDS, verify your objectId, clientId or msiResourceId",
      'ManagedIdentityCredential authentication unavailable, no response from the IMDS endpoint.',
      'ManagedIdentityCredential authentication unavailable. No Managed Identity endpoint found.',
      'Managed Identity authentication is not available.',
      'Get "http://169.254.169.254/metadata/identity/oauth2/token": dial tcp 169.254.169.254:80: i/o timeout',
    ],
    meaning:
      "The program asked the node's metadata service for a managed identity and got none. That is not the way of workload identity: the credential for the federated token was skipped or never tried.",
    causes: FELL_BACK,
    sources: [
      { url: 'https://github.com/Azure/azure-sdk-for-java/issues/36976', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-workload-identity/issues/728', read: '2026-09' },
    ],
  },
];
