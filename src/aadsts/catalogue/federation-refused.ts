import type { CatalogueEntry } from './entry.ts';

const pipelines = {
  url: 'https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity',
  read: '2026-09',
};
const ownReport = { url: 'https://login.microsoftonline.com/error?code=700222', read: '2026-09' };

/** The client cannot be federated with this kind of token at all, whatever its credentials say. */
export const FEDERATION_REFUSED: readonly CatalogueEntry[] = [
  {
    codes: [70025],
    about: 'federation',
    meaning: 'The client exists, but it has no federated credential at all.',
    wordings: [
      {
        text: "The client '{appId}'(orders-mi) has no configured federated identity credentials.",
        seen: '2026-04 –',
      },
    ],
    causes: [
      { code: 'FIC-01', likelihood: 'certain' },
      { code: 'FIC-10', likelihood: 'likely' },
      { code: 'POD-07', likelihood: 'possible' },
      { code: 'SA-11', likelihood: 'possible' },
      { code: 'FIC-19', likelihood: 'possible' },
    ],
    related: [7000226, 70021],
    sources: [
      { url: 'https://github.com/Azure/terraform-provider-azapi/issues/1097', read: '2026-09' },
      pipelines,
    ],
  },
  {
    codes: [7000226],
    about: 'federation',
    meaning:
      'Entra found no federated credential on the application that could judge the token. Seen when a credential of another tenant was expected to serve.',
    wordings: [
      {
        text: 'No federated identity credential policy found on application ({appId}). The client_assertion',
      },
    ],
    causes: [
      { code: 'FIC-01', likelihood: 'likely' },
      { code: 'FIC-10', likelihood: 'likely' },
    ],
    related: [70025],
    sources: [{ url: 'https://login.microsoftonline.com/error?code=7000226', read: '2026-09' }],
  },
  {
    codes: [700223],
    about: 'federation',
    meaning:
      'Federation with this issuer is not allowed for this client. The code has two readings: the client id belongs to a first-party (Microsoft) application, or a policy of the tenant limits federation.',
    wordings: [
      {
        text: 'Only AAD-issued tokens may be used for first-party application federated identity flows',
        seen: '2024-05 –',
      },
      { text: 'Workload identity federation is constrained or disabled on the tenant' },
    ],
    causes: [
      { code: 'ENT-06', likelihood: 'possible' },
      { code: 'SA-05', likelihood: 'possible' },
    ],
    related: [700238, 7002381],
    sources: [
      { url: 'https://github.com/Azure/azure-workload-identity/issues/1274', read: '2026-09' },
      pipelines,
    ],
  },
  {
    codes: [700238],
    about: 'federation',
    meaning: 'The tenant does not allow the issuer of this token for this type of identity.',
    wordings: [],
    causes: [{ code: 'ENT-06', likelihood: 'likely' }],
    related: [700223, 7002381],
    sources: [pipelines],
  },
  {
    codes: [7002381],
    about: 'federation',
    meaning:
      'A policy of the tenant demands an "enterprise" claim that the token lacks or fills differently; the federated credential itself is right. Known from CI issuers, not from Kubernetes.',
    wordings: [
      {
        text: "Federated identity credentials issued by '{issuer}' for applications or managed identities registered in this tenant must contain the enterprise claim with value acme but actual value is ''.",
        seen: '2026-05 –',
      },
    ],
    causes: [{ code: 'ENT-06', likelihood: 'certain' }],
    related: [700238, 700223],
    sources: [{ url: 'https://github.com/radius-project/radius/pull/12699', read: '2026-09' }],
  },
  {
    codes: [700222],
    about: 'federation',
    meaning:
      'The token sent as assertion was issued by Entra itself; the projected service account token has to be sent instead.',
    wordings: [{ text: 'AAD-issued tokens may not be used for federated identity flows.' }],
    causes: [
      { code: 'ENT-09', likelihood: 'certain' },
      { code: 'SDK-03', likelihood: 'possible' },
    ],
    related: [700226, 700229, 700231, 700236],
    sources: [
      { url: 'https://github.com/AzureAD/microsoft-identity-web/issues/2519', read: '2026-09' },
      { url: 'https://github.com/MicrosoftDocs/azure-docs/issues/90276', read: '2026-09' },
    ],
  },
  {
    codes: [700226],
    about: 'federation',
    meaning:
      'With Entra as the issuer only tokens of managed identities may serve as assertion, and this was the token of an application.',
    wordings: [{ text: 'Only MSI tokens may be used as Federated Identity Credentials for AAD issuer.' }],
    causes: [{ code: 'ENT-09', likelihood: 'certain' }],
    related: [700222, 700229],
    sources: [ownReport],
  },
  {
    codes: [700227],
    about: 'federation',
    meaning:
      'The audience of an Entra-issued assertion is not acceptable. Seen when the issuer of the credential was written in its sts.windows.net form.',
    wordings: [{ text: 'Forbidden token audience' }],
    causes: [
      { code: 'ENT-09', likelihood: 'likely' },
      { code: 'FIC-08', likelihood: 'possible' },
      { code: 'FIC-02', likelihood: 'possible' },
    ],
    related: [700222, 700229],
    sources: [ownReport],
  },
  {
    codes: [700229],
    about: 'federation',
    meaning: 'A token issued to a user was sent as assertion; Entra takes only app-only tokens there.',
    wordings: [
      {
        text: 'Forbidden token type. Only app-only tokens may be used as Federated Identity Credentials for AAD issuer.',
      },
    ],
    causes: [{ code: 'ENT-09', likelihood: 'certain' }],
    related: [700222, 700226],
    sources: [
      { url: 'https://github.com/MicrosoftDocs/azure-docs/issues/109083', read: '2026-09' },
      { url: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes', read: '2026-09' },
    ],
  },
  {
    codes: [700231],
    about: 'federation',
    meaning:
      'The token sent as assertion was itself obtained through a federated credential, and Entra refuses such a second hop. The target has to trust the cluster directly.',
    wordings: [
      {
        text: 'Token obtained using another federated identity credential may not be used as federated identity credential.',
      },
    ],
    causes: [
      {
        code: 'ENT-09',
        likelihood: 'certain',
        confirm: 'The message proves it: service account token → identity token → second exchange.',
        fix: 'Give the target application its own federated credential for the cluster and exchange the service account token there:\naz ad app federated-credential create --id {clientId} --parameters \'{"name":"NAME","issuer":"ISSUER","subject":"SUBJECT","audiences":["AUDIENCE"]}\'',
      },
      { code: 'FIC-10', likelihood: 'possible' },
    ],
    related: [700222],
    sources: [{ url: 'https://github.com/Azure/azure-workload-identity/issues/1363', read: '2026-09' }],
  },
  {
    codes: [700236],
    about: 'federation',
    meaning: 'This tenant does not take Entra tokens of the other tenant as assertions.',
    wordings: [
      {
        text: "Entra ID tokens issued by issuer '{issuer}' may not be used for federated identity credential flows for applications or managed identities registered in this tenant.",
      },
    ],
    causes: [
      { code: 'ENT-09', likelihood: 'certain' },
      { code: 'ENT-06', likelihood: 'possible' },
    ],
    related: [700222],
    sources: [
      {
        url: 'https://learn.microsoft.com/answers/questions/2139753/aadsts700236-entra-id-tokens-issued-by-issuer-http',
        read: '2026-09',
      },
    ],
  },
  {
    codes: [70052],
    about: 'federation',
    meaning:
      'The client is a multi-tenant application, and the issuer used here works only for managed identities, single-tenant applications and service accounts. Known from Azure DevOps, not from Kubernetes.',
    wordings: [
      { text: 'The identity must be a managed identity, a single tenant app, or a service account' },
    ],
    causes: [{ code: 'ENT-06', likelihood: 'likely' }],
    sources: [pipelines],
  },
  {
    codes: [7002241, 700233, 700234, 700235, 700237],
    about: 'federation',
    meaning:
      'A flexible federated credential (claims matching expression) cannot be used: its issuer is not on the supported list, or the expression does not parse or evaluate. Kubernetes issuers are not supported there.',
    wordings: [],
    causes: [{ code: 'FIC-18', likelihood: 'likely' }],
    related: [7002131],
    sources: [{ url: 'https://github.com/Azure/AKS/issues/4688', read: '2026-09' }],
  },
];
