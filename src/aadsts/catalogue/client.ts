import type { CatalogueEntry } from './entry.ts';

const errorCodes = {
  url: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
  read: '2026-09',
};

/** The client id or the kind of credential sent with it. */
export const CLIENT: readonly CatalogueEntry[] = [
  {
    codes: [700016],
    about: 'shared',
    meaning:
      'The directory knows no application or identity with this client id. Either the id is not a client id (object id, resource id, placeholder), or the directory is not the home of the identity.',
    wordings: [
      {
        text: "Application with identifier '{appId}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
        seen: '2019 –',
      },
    ],
    causes: [
      { code: 'SA-03', likelihood: 'likely' },
      { code: 'SA-05', likelihood: 'likely' },
      { code: 'ENT-01', likelihood: 'possible' },
      { code: 'SA-06', likelihood: 'possible' },
      { code: 'WH-05', likelihood: 'possible' },
      { code: 'POD-07', likelihood: 'possible' },
      { code: 'POD-08', likelihood: 'possible' },
      { code: 'SA-02', likelihood: 'possible' },
      { code: 'SA-04', likelihood: 'possible' },
      { code: 'SA-11', likelihood: 'possible' },
    ],
    related: [70001, 700011, 7000229],
    sources: [
      { url: 'https://github.com/MicrosoftDocs/azure-docs/issues/108526', read: '2026-09' },
      { url: 'https://github.com/kedacore/keda/issues/5824', read: '2026-09' },
      errorCodes,
    ],
  },
  {
    codes: [70001, 700011],
    about: 'shared',
    meaning: 'The directory does not know this application, or it is disabled there.',
    wordings: [{ text: "Application with identifier '{appId}' was not found in the directory {tenant}" }],
    causes: [
      { code: 'SA-05', likelihood: 'likely' },
      { code: 'ENT-01', likelihood: 'likely' },
      { code: 'SA-03', likelihood: 'possible' },
      { code: 'ENT-04', likelihood: 'possible' },
    ],
    related: [700016, 7000112],
    sources: [errorCodes],
  },
  {
    codes: [7000229],
    about: 'shared',
    meaning:
      'The application is registered, but has no service principal in this tenant. Registration by an API or by Terraform does not create one by itself.',
    wordings: [
      {
        text: 'The client application {appId} is missing service principal in the tenant {tenant}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119',
        seen: '2023 –',
      },
    ],
    causes: [
      { code: 'ENT-03', likelihood: 'certain' },
      { code: 'SA-06', likelihood: 'possible' },
    ],
    related: [700016],
    sources: [
      { url: 'https://github.com/Azure/Commercial-Marketplace-SaaS-Accelerator/issues/830', read: '2026-09' },
    ],
  },
  {
    codes: [7000112],
    about: 'shared',
    meaning: 'The application is disabled in this tenant: sign-in was switched off on its service principal.',
    wordings: [{ text: "Application '{appId}'(orders) is disabled.", seen: '2019 –' }],
    causes: [{ code: 'ENT-04', likelihood: 'certain' }],
    sources: [{ url: 'https://github.com/Worklytics/psoxy/pull/74', read: '2026-09' }, errorCodes],
  },
  {
    codes: [7000110],
    about: 'shared',
    meaning:
      'The request is ambiguous about its client: an assertion was sent without a client id, or with another one.',
    wordings: [{ text: 'Request is ambiguous, multiple application identifiers found.' }],
    causes: [
      { code: 'SA-01', likelihood: 'possible' },
      { code: 'SDK-05', likelihood: 'possible' },
      { code: 'SDK-04', likelihood: 'possible' },
    ],
    sources: [errorCodes],
  },
  {
    codes: [900144, 90014],
    about: 'shared',
    meaning:
      'A required member of the token request is missing or empty. An empty client id points at AZURE_CLIENT_ID, an empty assertion at the token file.',
    wordings: [
      { text: "The request body must contain the following parameter: '{parameter}'.", seen: '2019 –' },
      { text: "The required field '{parameter}' is missing from the credential.", seen: '2018 –' },
    ],
    causes: [
      { code: 'SDK-05', likelihood: 'likely' },
      { code: 'SA-01', likelihood: 'likely' },
      { code: 'TOK-10', likelihood: 'possible' },
      { code: 'POD-07', likelihood: 'possible' },
    ],
    related: [7000218],
    sources: [
      { url: 'https://github.com/cert-manager/cert-manager/issues/5989', read: '2026-09' },
      errorCodes,
    ],
  },
  {
    codes: [7000218],
    about: 'shared',
    meaning:
      'The request carried no credential at all, neither assertion nor secret. The SDK ended in a flow that does not read the federated token.',
    wordings: [
      {
        text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        seen: '2019 –',
      },
    ],
    causes: [
      { code: 'SDK-01', likelihood: 'possible' },
      { code: 'SDK-04', likelihood: 'possible' },
      { code: 'TOK-10', likelihood: 'possible' },
      { code: 'POD-27', likelihood: 'possible' },
    ],
    related: [900144],
    sources: [errorCodes],
  },
  {
    codes: [7000215],
    about: 'credential',
    meaning:
      "A client secret was sent and is wrong; no federation took place. Some setting (AZURE_CLIENT_SECRET, a secret in the tool's own config) still wins over the federated token.",
    wordings: [
      { text: 'Invalid client secret is provided.', seen: '2019 – 2021' },
      {
        text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{appId}'.",
        seen: '2021 –',
      },
    ],
    causes: [
      { code: 'SDK-02', likelihood: 'likely' },
      { code: 'ENT-08', likelihood: 'likely' },
    ],
    related: [7000222],
    sources: [{ url: 'https://github.com/Azure/kubelogin/issues/375', read: '2026-09' }, errorCodes],
  },
  {
    codes: [7000222],
    about: 'credential',
    meaning:
      'A client secret was sent and has expired; no federation took place. The tool still uses the secret of the time before the migration.',
    wordings: [
      { text: 'The provided client secret keys are expired.', seen: '2020 –' },
      {
        text: "The provided client secret keys for app '{appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
        seen: '2021 –',
      },
    ],
    causes: [
      { code: 'SDK-02', likelihood: 'likely' },
      { code: 'ENT-08', likelihood: 'likely' },
    ],
    related: [7000215],
    sources: [errorCodes],
  },
  {
    codes: [700025],
    about: 'shared',
    meaning:
      'The application is marked as a public client, and such a client must send neither assertion nor secret.',
    wordings: [
      { text: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented." },
    ],
    causes: [
      {
        code: 'SA-05',
        likelihood: 'possible',
        confirm:
          'az ad app show --id {clientId} --query "{fallback:isFallbackPublicClient,public:publicClient}" -o json\nA value of true means that this registration was made for people on devices.',
        fix: 'Use the client id of a managed identity or of a confidential application, or switch the registration:\naz ad app update --id {clientId} --is-fallback-public-client false',
      },
    ],
    sources: [errorCodes],
  },
];
