import type { CatalogueEntry } from './entry.ts';

const considerations = {
  url: 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations',
  read: '2026-09',
};
const errorCodes = {
  url: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
  read: '2026-09',
};

/** The token that was presented is itself refused: its time, its form, its signature. */
export const ASSERTION: readonly CatalogueEntry[] = [
  {
    codes: [700024],
    about: 'federation',
    meaning:
      'The token was presented outside its own validity. The usual reason is a program that read the token file once at start and kept the content, while the kubelet renewed the file.',
    wordings: [
      {
        text: 'Client assertion is not within its valid time range. Current time: {currentTime}, assertion valid from {validFrom}, expiry time of assertion {validTo}. Review the documentation at https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .',
        seen: '2023-05 – 2024-06',
      },
      {
        text: 'Client assertion is not within its valid time range. Current time: {currentTime}, assertion valid from {validFrom}, expiry time of assertion {validTo}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .',
        seen: '2024-10 –',
      },
    ],
    causes: [
      { code: 'SDK-10', likelihood: 'likely' },
      { code: 'TOK-05', likelihood: 'likely' },
      { code: 'POD-10', likelihood: 'possible' },
      { code: 'TOK-07', likelihood: 'possible' },
      { code: 'SA-12', likelihood: 'unlikely' },
      { code: 'TOK-06', likelihood: 'unlikely' },
    ],
    related: [50012, 70002],
    sources: [
      { url: 'https://github.com/risingwavelabs/risingwave/issues/17123', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-sdk-for-rust/issues/1739', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-workload-identity/issues/693', read: '2026-09' },
      {
        url: 'https://github.com/AzureAD/microsoft-authentication-library-for-java/issues/984',
        read: '2026-09',
      },
    ],
  },
  {
    codes: [50012, 70002],
    about: 'shared',
    meaning:
      'Libraries from before 2019 wrap other failures of the client credential in this pair of codes. Read the code or sentence that stands beside it.',
    wordings: [
      { text: 'Error validating credentials.', seen: '2018 – 2019' },
      { text: 'Client assertion is not within its valid time range.', seen: '2018 – 2019' },
    ],
    causes: [
      { code: 'SDK-01', likelihood: 'likely' },
      { code: 'TOK-05', likelihood: 'possible' },
    ],
    related: [700024],
    sources: [
      {
        url: 'https://github.com/Azure-Samples/active-directory-dotnet-daemon-certificate-credential/issues/46',
        read: '2026-09',
      },
    ],
  },
  {
    codes: [70023],
    about: 'federation',
    meaning:
      'The token lives longer than Entra accepts from outside, which is about 25 hours. The default API token of a pod (a year) and hand-made long tokens are refused; the webhook allows at most 86400 seconds.',
    wordings: [],
    causes: [
      { code: 'TOK-03', likelihood: 'likely' },
      { code: 'TOK-02', likelihood: 'likely' },
    ],
    sources: [
      { url: 'https://github.com/MicrosoftDocs/azure-docs/issues/86916', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-sdk-for-python/issues/32124', read: '2026-09' },
    ],
  },
  {
    codes: [50027],
    about: 'federation',
    meaning:
      'What was sent is not a JSON web token. The file is empty, holds quotes or the path in place of the content, or the token is of another kind.',
    wordings: [{ text: 'JWT token is invalid or malformed.', seen: '2024-02 –' }],
    causes: [
      { code: 'TOK-10', likelihood: 'certain' },
      { code: 'TOK-02', likelihood: 'unlikely' },
      { code: 'TOK-08', likelihood: 'possible' },
      { code: 'POD-09', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/Azure/kubelogin/issues/413', read: '2026-09' }, errorCodes],
  },
  {
    codes: [5002727],
    about: 'federation',
    meaning:
      'The header of the token carries a type that Entra does not take. A home-made issuer does that; service account tokens are fine.',
    wordings: [
      {
        text: "Invalid JWT header type specified, must be 'JWT' or 'http://openid.net/specs/jwt/1.0'.",
      },
      { text: "Invalid JWT header type specified. Allowed types: 'JWT','http://openid.net/specs/jwt/1.0'." },
    ],
    causes: [
      { code: 'TOK-09', likelihood: 'likely' },
      { code: 'TOK-10', likelihood: 'possible' },
    ],
    sources: [considerations],
  },
  {
    codes: [5002730],
    about: 'federation',
    meaning:
      'The key or algorithm that signed the token does not suit Entra, which tests RS256 only. Clusters with ECDSA service account keys end here.',
    wordings: [{ text: 'Invalid JWT token. Unsupported key for the signing algorithm.' }],
    causes: [{ code: 'TOK-09', likelihood: 'certain' }],
    sources: [considerations],
  },
  {
    codes: [5002741],
    about: 'federation',
    meaning: 'The token has a list of audiences that Entra does not take; it wants exactly one.',
    wordings: [],
    causes: [{ code: 'TOK-04', likelihood: 'likely' }],
    related: [700212],
    sources: [{ url: 'https://github.com/zitadel/oidc/issues/887', read: '2026-09' }],
  },
  {
    codes: [50048],
    about: 'federation',
    meaning:
      'Entra took the token for an assertion the client had signed itself, and looked for no federated credential. Issuer and subject of such an assertion would have to be the client id.',
    wordings: [{ text: 'Subject must match the issuer claim in the client assertion.' }],
    causes: [
      { code: 'FIC-01', likelihood: 'possible' },
      { code: 'TOK-10', likelihood: 'possible' },
      { code: 'SDK-02', likelihood: 'possible' },
    ],
    related: [700027],
    sources: [
      {
        url: 'https://github.com/AzureAD/microsoft-authentication-library-for-java/issues/430',
        read: '2026-09',
      },
    ],
  },
  {
    codes: [50013, 500131, 500133],
    about: 'shared',
    meaning:
      'The assertion of an on-behalf-of call was refused: signature, audience or time. That is the token of a user handed on by a program, not the service account token.',
    wordings: [{ text: 'Assertion failed signature validation.' }],
    causes: [{ code: 'ENT-09', likelihood: 'possible' }],
    sources: [errorCodes],
  },
  {
    codes: [700027],
    about: 'credential',
    meaning:
      'A certificate credential was used and its key is not registered on the application; no federation took place. Some certificate setting still wins over the federated token.',
    wordings: [
      {
        text: "Client assertion contains an invalid signature. [Reason - The key was not found., Thumbprint of key used by client: '{keyId}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{appId}'.",
        seen: '2022-04 –',
      },
      {
        text: 'The certificate with identifier used to sign the client assertion is not registered on application',
        seen: '2024 –',
      },
    ],
    causes: [
      { code: 'SDK-02', likelihood: 'likely' },
      { code: 'SDK-01', likelihood: 'possible' },
    ],
    related: [7000214, 7000277],
    sources: [{ url: 'https://github.com/Azure/azure-sdk-for-js/issues/21606', read: '2026-09' }, errorCodes],
  },
  {
    codes: [7000214, 1000502, 7000277],
    about: 'credential',
    meaning:
      'A certificate was used as credential and is revoked or outside its validity; no federation took place.',
    wordings: [],
    causes: [{ code: 'SDK-02', likelihood: 'likely' }],
    related: [700027],
    sources: [{ url: 'https://github.com/AzureAD/microsoft-identity-web', read: '2026-09' }],
  },
  {
    codes: [700511],
    about: 'shared',
    meaning:
      'This number goes round in lists, but no log and no page with its text was found; nothing reliable can be said about it.',
    wordings: [],
    causes: [],
    sources: [{ url: 'https://login.microsoftonline.com/error?code=700511', read: '2026-09' }],
  },
];
