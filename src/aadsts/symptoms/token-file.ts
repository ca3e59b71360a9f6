import { NOT_INJECTED } from './not-wired.ts';
import type { Symptom } from './entry.ts';

/** Where the webhook puts the token, before and since its version 1.6, and where old operators put it. */
const TOKEN_PATH = '(?<path>/var/run/secrets/(?:azure/(?:tokens|wi)|tokens)/[^\\s\'":]{0,120})';

/** The same file in a Windows container; escapes of its backslashes are undone by halves, so it fills no field. */
const WINDOWS_PATH = '[A-Z]:\\\\{1,8}var\\\\{1,8}run\\\\{1,8}secrets[^\\n"\']{0,80}azure-identity-token';

/** The SDK has settings, but cannot read the token file they name. */
export const TOKEN_FILE: readonly Symptom[] = [
  {
    kind: 'token-path-empty',
    role: 'decisive',
    triggers: ['open :', 'service account token'],
    patterns: [
      'service account token[^\\n]{0,160}?open ?: no such file',
      'open : no such file or directory',
      'open : The system cannot find the file',
    ],
    near: 'token|azure|identity|assertion|credential|msal',
    wordings: [
      'failed to read service account token: open : no such file or directory',
      '"failed to read the service account token from the filesystem" err="open : no such file or directory"',
      'error reading service account token - open : no such file or directory',
    ],
    meaning:
      'The program tried to open a token file with an empty name: AZURE_FEDERATED_TOKEN_FILE is unset, so the webhook did not touch this pod.',
    causes: NOT_INJECTED,
    sources: [
      { url: 'https://github.com/Azure/azure-workload-identity/issues/488', read: '2026-09' },
      { url: 'https://github.com/kedacore/keda/issues/3977', read: '2026-09' },
    ],
  },
  {
    kind: 'token-file-missing',
    role: 'decisive',
    triggers: ['azure-identity-token', '/var/run/secrets/azure', '/var/run/secrets/tokens'],
    patterns: [
      `(?:open|stat|read|lstat) ["']?${TOKEN_PATH}["']{0,3}: (?:no such file|The system cannot find)`,
      `No such file or directory:? \\(?["']?${TOKEN_PATH}`,
      `no such file or directory, (?:open|stat) ["']?${TOKEN_PATH}`,
      `Could not find (?:a part of the path|file) ["']?${TOKEN_PATH}`,
      `(?:NoSuchFileException|FileNotFoundException):? ["']?${TOKEN_PATH}`,
      `${TOKEN_PATH}["']{0,3}:? (?:no such file|does not exist|not found)`,
      `open ${WINDOWS_PATH}: The system cannot find`,
      `Could not find (?:a part of the path|file) ["']?${WINDOWS_PATH}`,
    ],
    wordings: [
      'open /var/run/secrets/azure/tokens/azure-identity-token: no such file or directory',
      "FileNotFoundError: [Errno 2] No such file or directory: '/var/run/secrets/azure/wi/token/azure-identity-token'",
      "Error: ENOENT: no such file or directory, open '/var/run/secrets/azure/tokens/azure-identity-token'",
      "System.IO.DirectoryNotFoundException: Could not find a part of the path '/var/run/secrets/azure/tokens/azure-identity-token'.",
      String.raw`open C:\var\run\secrets\azure\tokens\azure-identity-token: The system cannot find the path specified.`,
      'java.nio.file.NoSuchFileException: /var/run/secrets/azure/tokens/azure-identity-token',
    ],
    meaning:
      'The variables point at a token file that is not there. The volume was not mounted (hand-made variables, a virtual node), or the path is the one of another webhook version.',
    causes: [
      { code: 'POD-09', likelihood: 'likely' },
      { code: 'WH-15', likelihood: 'possible' },
      { code: 'SDK-09', likelihood: 'possible' },
      { code: 'CL-08', likelihood: 'possible' },
      { code: 'POD-04', likelihood: 'unlikely' },
      { code: 'POD-01', likelihood: 'possible' },
    ],
    sources: [
      { url: 'https://github.com/virtual-kubelet/azure-aci/issues/189', read: '2026-09' },
      {
        url: 'https://github.com/open-telemetry/opentelemetry-collector-contrib/issues/41071',
        read: '2026-09',
      },
      { url: 'https://github.com/Azure/AKS/issues/5541', read: '2026-09' },
    ],
  },
  {
    kind: 'token-file-unreadable',
    role: 'decisive',
    triggers: ['azure-identity-token', '/var/run/secrets/azure', '/var/run/secrets/tokens'],
    patterns: [
      `${TOKEN_PATH}["']{0,3}:? permission denied`,
      `permission denied[:,]? (?:open )?\\(?["']?${TOKEN_PATH}`,
      `(?:AccessDeniedException:|Access to the path) ["']?${TOKEN_PATH}`,
      'azure-identity-token["\']{0,3}:? permission denied',
    ],
    wordings: [
      'open /var/run/secrets/azure/tokens/azure-identity-token: permission denied',
      "PermissionError: [Errno 13] Permission denied: '/var/run/secrets/azure/tokens/azure-identity-token'",
      "Error: EACCES: permission denied, open '/var/run/secrets/azure/wi/token/azure-identity-token'",
      "System.UnauthorizedAccessException: Access to the path '/var/run/secrets/azure/tokens/azure-identity-token' is denied.",
    ],
    meaning:
      'The token file is there, but the process may not read it: the file belongs to another user id than the one the process runs under.',
    causes: [{ code: 'POD-21', likelihood: 'certain' }],
    sources: [
      { url: 'https://azure.github.io/azure-workload-identity/docs/known-issues.html', read: '2026-09' },
      { url: 'https://github.com/kubernetes/website/issues/32351', read: '2026-09' },
    ],
  },
  {
    kind: 'csi-token-missing',
    role: 'decisive',
    triggers: ['service account tokens not found', 'workload identity tokens', 'nodepublishsecretref'],
    patterns: [
      'service account tokens not found',
      'failed to parse workload identity tokens',
      'nodePublishSecretRef secret is not set',
    ],
    wordings: [
      'failed to parse workload identity tokens, error: service account tokens not found',
      'failed to initialize auth: nodePublishSecretRef secret is not set for service principal mode',
    ],
    meaning:
      'The Secrets Store CSI driver got no service account token from the kubelet, because its CSIDriver object requests none with the exchange audience. The driver uses neither webhook nor pod label.',
    causes: [
      { code: 'OP-07', likelihood: 'likely' },
      {
        code: 'SA-02',
        likelihood: 'unlikely',
        confirm:
          'kubectl get secretproviderclass -n {namespace} -o yaml\nclientID has to be the client id of the identity.',
        fix: 'Set clientID in the SecretProviderClass and leave usePodIdentity and useVMManagedIdentity at "false".',
      },
    ],
    sources: [
      {
        url: 'https://github.com/Azure/secrets-store-csi-driver-provider-azure/issues/1022',
        read: '2026-09',
      },
      {
        url: 'https://github.com/Azure/secrets-store-csi-driver-provider-azure/issues/1290',
        read: '2026-09',
      },
    ],
  },
  {
    kind: 'token-mount-failed',
    role: 'decisive',
    triggers: ['mountvolume.setup failed', 'azure-workload-identity-reserved', 'azure-identity-token'],
    patterns: [
      'MountVolume\\.SetUp failed for volume ["\']{0,3}(?:azure-identity-token|azure-workload-identity-reserved)[^\\n]{0,200}',
      'failed to fetch token: (?:serviceaccounts|Unauthorized|Post )',
    ],
    wordings: [
      'MountVolume.SetUp failed for volume "azure-identity-token" : failed to fetch token: serviceaccounts "web" not found',
    ],
    meaning:
      'The kubelet could not put the token into the pod: the service account is gone, the API server did not answer, or the CA ConfigMap of an identity binding is missing.',
    causes: [
      { code: 'SA-12', likelihood: 'likely' },
      { code: 'TOK-07', likelihood: 'likely' },
      { code: 'IB-07', likelihood: 'possible' },
    ],
    sources: [
      {
        url: 'https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/token/token_manager.go',
        read: '2026-09',
      },
    ],
  },
];
