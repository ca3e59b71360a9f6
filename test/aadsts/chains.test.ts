import { describe, expect, test } from 'vitest';

import { candidateCauses } from '../../src/aadsts/candidate-causes.ts';
import { explainText } from '../../src/aadsts/explain-text.ts';
import { SUBJECT, TAIL, WRONG_SUBJECT } from './sentence.ts';

const name = (error: { code: number | null; kind?: string; decides?: false }): string =>
  `${error.code ?? error.kind}${error.decides === false ? ' (overruled)' : ''}`;

describe('credential chains', () => {
  test('Go: the code of the federated member decides, the others are noise', () => {
    const { errors } = explainText(
      `DefaultAzureCredential: failed to acquire a token.\nAttempted credentials:\n\tEnvironmentCredential: missing environment variable AZURE_CLIENT_SECRET\n\tWorkloadIdentityCredential authentication failed\n\tRESPONSE 401 Unauthorized\n\t{"error":"invalid_client","error_description":"${WRONG_SUBJECT}"}\n\tManagedIdentityCredential: no default identity is assigned to this resource\n\tAzureCLICredential: fork/exec /bin/sh: no such file or directory`,
    );
    expect(errors.map(name)).toEqual([
      '700213',
      'environment-credential-unavailable (overruled)',
      'imds-identity-not-found (overruled)',
      'developer-credential-unavailable (overruled)',
    ]);
  });

  test('Python: the code of EnvironmentCredential is overruled by the federated member', () => {
    const { errors } = explainText(
      `DefaultAzureCredential failed to retrieve a token from the included credentials.\nAttempted credentials:\n\tEnvironmentCredential: Authentication failed: AADSTS7000222: The provided client secret keys for app 'x' are expired. ${TAIL.replaceAll('5555', '7777')}\n\tWorkloadIdentityCredential: Microsoft Entra ID error '(invalid_client) ${WRONG_SUBJECT}'\n\tAzureCliCredential: Azure CLI not found on path`,
    );
    expect(errors.map(name)).toEqual([
      '700213',
      '7000222 (overruled)',
      'developer-credential-unavailable (overruled)',
    ]);
  });

  test('JavaScript: without a code the member that says what is missing decides', () => {
    const { errors } = explainText(
      "AggregateAuthenticationError: ChainedTokenCredential authentication failed.\nCredentialUnavailableError: EnvironmentCredential is unavailable. No underlying credential could be used.\nCredentialUnavailableError: WorkloadIdentityCredential: is unavailable. tenantId, clientId, and federatedTokenFilePath are required parameters.\nCredentialUnavailableError: ManagedIdentityCredential: The managed identity endpoint is indicating there's no available identity. Message: undefined Status code: 400",
    );
    expect(errors.map(name)).toEqual([
      'workload-identity-not-configured',
      'environment-credential-unavailable (overruled)',
      'imds-identity-not-found (overruled)',
    ]);
    expect([...candidateCauses(errors).codes]).toContain('POD-01');
  });

  test('a program that logs each member as a record of its own: what is expected to fail stands last', () => {
    const line = (member: string, text: string): string =>
      `2026-03-01T12:00:00.000Z ERROR 1 --- [main] ${member} : Azure Identity => ERROR in getToken() call: ${text}`;
    const { errors } = explainText(
      [
        line(
          'EnvironmentCredential',
          'EnvironmentCredential authentication unavailable. Environment variables are not fully configured.',
        ),
        line(
          'WorkloadIdentityCredential',
          'WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured.',
        ),
        line('ManagedIdentityCredential', 'Managed Identity authentication is not available.'),
      ].join('\n'),
    );
    expect(errors.map(name)).toEqual([
      'workload-identity-not-configured',
      'managed-identity-unavailable',
      'environment-credential-unavailable (overruled)',
    ]);
  });

  test('a refused token request without its body says that Entra answered, and nothing about roles or the pod', () => {
    const { errors } = explainText(
      'WorkloadIdentityCredential authentication failed.\nPOST https://login.microsoftonline.com/44444444-4444-4444-8444-444444444444/oauth2/v2.0/token\n----\nRESPONSE 401: 401 Unauthorized\n----\n',
    );
    expect(errors.map(name)).toEqual(['authority-answer-swallowed']);
    expect([...candidateCauses(errors).codes].filter((code) => /^(?:RBAC|POD)/.test(code))).toEqual([]);
    expect(explainText('[error] [azure_kusto] failed to get token, HTTP status=401').errors).toEqual([]);
  });

  test('a chain without a federated member falls to the metadata service', () => {
    const { errors } = explainText(
      'time="2026-03-01T12:00:00Z" level=error msg="DefaultAzureCredential: failed to acquire a token.\\nAttempted credentials:\\n\\tEnvironmentCredential: missing environment variable AZURE_TENANT_ID\\n\\tManagedIdentityCredential: no default identity is assigned to this resource"',
    );
    expect(errors.map(name)).toEqual([
      'imds-identity-not-found',
      'environment-credential-unavailable (overruled)',
    ]);
  });

  test('the words around a chain are recognised when nothing else is there', () => {
    expect(explainText('DefaultAzureCredential: failed to acquire a token.').errors.map(name)).toEqual([
      'credential-chain-exhausted',
    ]);
  });

  test('an error after the chain stands by itself', () => {
    const { errors } = explainText(
      `time="2026-03-01T12:00:00Z" msg="DefaultAzureCredential: failed to acquire a token.\\n\\tEnvironmentCredential: missing environment variable AZURE_TENANT_ID\\n\\tManagedIdentityCredential: no default identity is assigned to this resource"\ntime="2026-03-01T12:00:01Z" msg="${WRONG_SUBJECT}"`,
    );
    expect(errors.map(name)).toEqual([
      '700213',
      'imds-identity-not-found',
      'environment-credential-unavailable (overruled)',
    ]);
  });
});

describe('candidate causes', () => {
  test('take the deciding errors, with older and newer numbers', () => {
    const { errors } = explainText(WRONG_SUBJECT);
    const { codes, aadsts } = candidateCauses(errors);
    expect([...aadsts]).toEqual([700213, 70021, 7002138]);
    expect(codes.has('FIC-05')).toBe(true);
    expect(codes.has('TOK-05')).toBe(false);
  });

  test('leave out what the text makes unlikely, and everything unrelated', () => {
    const keda = explainText(
      WRONG_SUBJECT.replace(SUBJECT, 'system:serviceaccount:keda:keda-operator'),
    ).errors;
    expect(candidateCauses(keda).codes.has('OP-01')).toBe(true);
    expect(candidateCauses(keda).codes.has('SA-07')).toBe(false);
    const user = explainText('AADSTS50034: The user account does not exist in the directory.').errors;
    expect(candidateCauses(user)).toEqual({ codes: new Set(), aadsts: new Set() });
  });
});

describe('unrelated', () => {
  const policy =
    'AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.';
  const forbidden = `failed to read account: RESPONSE 403: 403 Forbidden ERROR CODE: AuthorizationFailed The client 'a' with object id '22222222-2222-4222-8222-222222222222' does not have authorization to perform action 'Microsoft.Storage/storageAccounts/read' over scope '/subscriptions/s'`;

  test.each([
    ['a user-flow code', 'AADSTS50076: you must use multi-factor authentication', true],
    [
      'a policy on a person at a command line',
      `${policy}\nRun the command below to authenticate interactively: az login`,
      true,
    ],
    ['the same policy on a workload', `WorkloadIdentityCredential: ${policy}`, false],
    ['the same policy without any evidence', policy, false],
    [
      'a sign-in page in Spanish',
      "Iniciar sesión\nLo sentimos, tenemos problemas para iniciar su sesión.\nAADSTS900021: Requested tenant identifier '00000000-0000-0000-0000-000000000000' is not valid.",
      true,
    ],
    [
      'a sign-in page in German',
      "Anmelden\nLeider können wir Sie nicht anmelden.\nAADSTS700016: Application with identifier 'x' was not found in the directory 'y'.",
      true,
    ],
    [
      'the same code from a pod',
      "FromAssertion(): AADSTS700016: Application with identifier 'x' was not found in the directory 'y'.",
      false,
    ],
    [
      'a federation code beside a hint to sign in',
      `${WRONG_SUBJECT}\nInteractive authentication is needed. Please run:\naz login`,
      false,
    ],
    [
      'a refused call the program logs as information',
      `time="2026-03-01T12:00:00Z" level=info msg="${forbidden}"`,
      true,
    ],
    ['the same call logged as an error', `time="2026-03-01T12:00:00Z" level=error msg="${forbidden}"`, false],
    [
      'a member a Python chain skipped',
      'EnvironmentCredential.get_token failed: EnvironmentCredential authentication unavailable. Environment variables are not fully configured.\nDefaultAzureCredential acquired a token from WorkloadIdentityCredential',
      true,
    ],
    [
      'a member a Go chain skipped',
      'Identity: EnvironmentCredential: missing environment variable AZURE_CLIENT_SECRET\nIdentity: DefaultAzureCredential authenticated with WorkloadIdentityCredential',
      true,
    ],
    [
      'a workload identity that was skipped in favour of another identity',
      'WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured.\nDefaultAzureCredential acquired a token from ManagedIdentityCredential',
      false,
    ],
    [
      'a refusal of azcopy, which prints everything as information',
      'INFO: Authentication failed, it is either not correct, or expired HEAD https://shop.blob.core.windows.net/in\nRESPONSE 403: 403 Forbidden\nERROR CODE: AuthorizationPermissionMismatch',
      false,
    ],
    [
      'a chain that went on',
      'ManagedIdentityCredential.GetToken was unable to retrieve an access token. Exception: ManagedIdentityCredential authentication unavailable. No Managed Identity endpoint found.\nAzureCliCredential.GetToken invoked.',
      true,
    ],
  ])('%s', (_, text, unrelated) => {
    const { errors } = explainText(text);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.map((error) => error.unrelated)).toEqual(errors.map(() => unrelated));
    expect(errors.every((error) => error.causes.length === 0)).toBe(unrelated);
  });
});
