import type { CatalogueEntry } from './entry.ts';

const errorCodes = {
  url: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
  read: '2026-09',
};

/** Entra accepted the token, so federation works; what was asked for is not granted. */
export const GRANT: readonly CatalogueEntry[] = [
  {
    codes: [500011],
    about: 'shared',
    meaning:
      "Federation and client id are fine, but the scope names a resource this tenant does not know. Often the URL of one instance was given in place of the resource's application id URI.",
    wordings: [
      {
        text: 'The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.',
        seen: '2019 –',
      },
    ],
    causes: [
      { code: 'ENT-07', likelihood: 'likely' },
      { code: 'WH-06', likelihood: 'unlikely' },
    ],
    related: [1002012, 70011],
    sources: [
      { url: 'https://github.com/Azure/azure-cli/issues/29113', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-sdk-for-python/issues/35951', read: '2026-09' },
    ],
  },
  {
    codes: [1002012],
    about: 'shared',
    meaning:
      'A workload has to ask for RESOURCE/.default, and this scope has another form. Client id and tenant were accepted.',
    wordings: [
      {
        text: 'The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
      },
    ],
    causes: [
      { code: 'ENT-07', likelihood: 'certain' },
      { code: 'SDK-08', likelihood: 'likely' },
    ],
    related: [70011, 500011],
    sources: [{ url: 'https://github.com/databricks/databricks-sql-nodejs/issues/226', read: '2026-09' }],
  },
  {
    codes: [70011, 28002, 700022, 700023, 50001, 90009, 901002, 650057],
    about: 'shared',
    meaning:
      'Scope or resource of the request is not acceptable: wrong form, several resources at once, a disabled resource, or the client itself.',
    wordings: [{ text: "The provided value for the input parameter 'scope' is not valid." }],
    causes: [
      { code: 'ENT-07', likelihood: 'likely' },
      { code: 'SDK-08', likelihood: 'likely' },
    ],
    related: [1002012, 500011],
    sources: [errorCodes],
  },
  {
    codes: [501051],
    about: 'shared',
    meaning:
      'The target API admits only clients that were assigned to it, and this identity has no app role there.',
    wordings: [
      {
        text: "Application '{appId}'(orders) is not assigned to a role for the application '{resource}'(Prices API).",
      },
    ],
    causes: [
      {
        code: 'RBAC-01',
        likelihood: 'certain',
        confirm:
          'az ad sp show --id {resource} --query "{required:appRoleAssignmentRequired,roles:appRoles[].value}" -o json',
        fix: 'Assign an app role of the target to the identity\'s service principal (PRINCIPAL_ID, not the client id):\naz rest --method POST --uri https://graph.microsoft.com/v1.0/servicePrincipals/PRINCIPAL_ID/appRoleAssignments --body \'{"principalId":"PRINCIPAL_ID","resourceId":"TARGET_SP_OBJECT_ID","appRoleId":"APP_ROLE_ID"}\'',
      },
    ],
    sources: [errorCodes],
  },
  {
    codes: [65001, 65005, 650052, 650056],
    about: 'shared',
    meaning:
      'Consent or permission of the application is not set up. That mostly belongs to flows with users; a workload needs the app role granted by an administrator.',
    wordings: [
      {
        text: "The user or administrator has not consented to use the application with ID '{appId}' named 'orders'.",
      },
    ],
    causes: [
      {
        code: 'ENT-07',
        likelihood: 'possible',
        confirm: 'az ad app permission list --id {clientId} -o json',
        fix: 'Grant the application permission (app role) and admin consent:\naz ad app permission admin-consent --id {clientId}',
      },
    ],
    sources: [errorCodes],
  },
  {
    codes: [53003, 530032, 53011, 530034, 530035],
    about: 'shared',
    meaning:
      'A Conditional Access policy blocks the sign-in. Policies for workload identities apply to service principals of applications; managed identities are not covered, and most such messages are about people.',
    wordings: [
      {
        text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
      },
    ],
    causes: [{ code: 'ENT-05', likelihood: 'likely' }],
    sources: [{ url: 'https://github.com/Azure/azure-cli/issues/32809', read: '2026-09' }, errorCodes],
  },
  {
    codes: [500021, 500022, 50002, 500212, 500213],
    about: 'shared',
    meaning:
      'Tenant restrictions or a cross-tenant policy refuse the sign-in. Often an egress proxy adds the restriction header to the request.',
    wordings: [],
    causes: [
      {
        code: 'NET-02',
        likelihood: 'likely',
        confirm:
          'Ask the owners of the egress proxy whether it sets Restrict-Access-To-Tenants or sec-Restrict-Tenant-Access-Policy for the authority host.',
        fix: 'Have the tenant of the identity added to the allowed tenants, or let the authority host bypass the proxy (NO_PROXY).',
      },
      { code: 'ENT-06', likelihood: 'possible' },
    ],
    sources: [errorCodes],
  },
  {
    codes: [50196, 90055, 90033, 90006, 90012, 90024, 50033, 90090],
    about: 'shared',
    meaning:
      'A passing trouble of Entra, or the client asks far too often. Retry with growing pauses; keep the token until it expires.',
    wordings: [],
    causes: [
      {
        code: 'FIC-12',
        likelihood: 'possible',
        confirm: 'Count failures against all attempts over an hour; a passing trouble fails only a part.',
        fix: 'Use one credential object per process (it caches tokens) and retry with back-off.',
      },
    ],
    sources: [errorCodes],
  },
];
