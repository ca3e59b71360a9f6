import { NOT_INJECTED } from './not-wired.ts';
import type { Symptom } from './entry.ts';

/** Members of a credential chain that are expected to fail in a pod, and the words around a chain. */
export const CHAIN: readonly Symptom[] = [
  {
    kind: 'environment-credential-unavailable',
    role: 'noise',
    triggers: ['environmentcredential', 'missing environment variable'],
    patterns: [
      'EnvironmentCredential:? (?:is |authentication )?unavailable',
      'EnvironmentCredential:? (?:missing environment variable|incomplete environment)[^\\n]{0,20}?(?<parameter>AZURE_[A-Z_]{1,40})?',
      'Environment variables are not fully configured',
    ],
    wordings: [
      'EnvironmentCredential: missing environment variable AZURE_TENANT_ID',
      'EnvironmentCredential authentication unavailable. Environment variables are not fully configured.',
      'CredentialUnavailableError: EnvironmentCredential is unavailable. No underlying credential could be used.',
    ],
    meaning:
      'No secret or certificate is set in the environment, which is right for workload identity. This member of the chain is noise; look at the others.',
    causes: [{ code: 'POD-01', likelihood: 'possible' }],
    sources: [{ url: 'https://github.com/velero-io/velero/issues/6510', read: '2026-09' }],
  },
  {
    kind: 'developer-credential-unavailable',
    role: 'noise',
    triggers: [
      'clicredential',
      'azure cli',
      'exec: "az"',
      'powershellcredential',
      'visualstudio',
      'sharedtokencache',
      'intellijcredential',
      'brokercredential',
    ],
    patterns: [
      '(?:Azure(?:Developer)?CLI|AzurePowerShell|VisualStudio(?:Code)?|SharedTokenCache|IntelliJ|Broker|InteractiveBrowser(?:Broker)?)Credential:? (?:is |authentication )?(?:unavailable|failed|fork|exec|not found|Azure CLI|az|PowerShell|To mitigate|Please|Operating|Process|no )[^\\n]{0,60}',
      'exec: \\\\?"?az\\\\?"?: executable file not found',
      'Azure CLI (?:could not be found|not installed|not found)',
    ],
    wordings: [
      'AzureCLICredential: fork/exec /bin/sh: no such file or directory',
      'exec: "az": executable file not found in $PATH',
      "Azure CLI could not be found. Please visit https://aka.ms/azure-cli for installation instructions and then, once installed, authenticate to your Azure account using 'az login'.",
    ],
    meaning:
      'A developer tool at the end of the chain is not installed in the container, which is normal. This member is noise; look at the ones before it.',
    causes: [
      { code: 'POD-01', likelihood: 'possible' },
      { code: 'SDK-01', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/fluxcd/kustomize-controller/issues/878', read: '2026-09' }],
  },
  {
    kind: 'credential-chain-exhausted',
    role: 'wrapper',
    triggers: [
      'defaultazurecredential',
      'chainedtokencredential',
      'workloadidentitycredential',
      'clientassertioncredential',
    ],
    patterns: [
      '(?:DefaultAzureCredential|ChainedTokenCredential):? (?:failed to (?:acquire|retrieve) a token|authentication failed)',
      '(?:WorkloadIdentityCredential|ClientAssertionCredential):? authentication failed',
    ],
    wordings: [
      'DefaultAzureCredential failed to retrieve a token from the included credentials.',
      'ChainedTokenCredential: failed to acquire a token.',
    ],
    meaning:
      'A credential chain ended without a token; the text does not say why. The reason stands beside the member WorkloadIdentityCredential in the full message.',
    causes: NOT_INJECTED,
    sources: [{ url: 'https://github.com/Azure/azure-sdk-for-go', read: '2026-09' }],
  },
];
