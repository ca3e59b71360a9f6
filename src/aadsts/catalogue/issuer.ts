import type { CatalogueEntry } from './entry.ts';

/** Entra could not fetch what the issuer publishes, or did not find the signing key in it. */
export const ISSUER: readonly CatalogueEntry[] = [
  {
    codes: [90061, 50166, 501661],
    about: 'federation',
    meaning:
      'Entra could not fetch the public documents of the issuer (discovery document or keys). It fetches them over the internet, so what counts is how the issuer looks from outside the cluster.',
    wordings: [{ text: 'Request to External OIDC endpoint failed.', seen: '2022-10 –' }],
    causes: [
      { code: 'ISS-01', likelihood: 'likely' },
      { code: 'ISS-05', likelihood: 'possible' },
      { code: 'CL-01', likelihood: 'possible' },
      { code: 'ISS-02', likelihood: 'possible' },
      { code: 'ISS-07', likelihood: 'possible' },
      { code: 'ISS-06', likelihood: 'possible' },
    ],
    related: [90061, 50166, 501661],
    sources: [
      { url: 'https://github.com/Azure/azure-workload-identity/issues/1130', read: '2026-09' },
      { url: 'https://github.com/Azure/AKS/issues/4029', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-cli/issues/28863', read: '2026-09' },
      { url: 'https://azure.github.io/azure-workload-identity/docs/troubleshooting.html', read: '2026-09' },
    ],
  },
  {
    codes: [7000272],
    about: 'federation',
    meaning:
      'The key that signed the token is not among the keys the issuer publishes, as Entra sees them. After a cluster was re-created or its keys changed, the published key set is often the old one.',
    wordings: [
      {
        text: "The certificate with identifier {keyId} used to sign the federated credential could not be found in the metadata of identity provider {issuer}. Please validate that your Identity Provider's metadata exposes the key used to sign the incoming token.",
        seen: '2022-10 –',
      },
      {
        text: "The certificate with identifier  used to sign the federated credential could not be found in the metadata of identity provider {issuer}. Please validate that your Identity Provider's metadata exposes the key used to sign the incoming token.",
        seen: '2022-10 –',
      },
    ],
    causes: [
      { code: 'ISS-03', likelihood: 'likely' },
      { code: 'ISS-04', likelihood: 'likely' },
      { code: 'ISS-08', likelihood: 'possible' },
      { code: 'CL-05', likelihood: 'possible' },
      { code: 'TOK-09', likelihood: 'possible' },
    ],
    related: [7000274],
    sources: [
      { url: 'https://github.com/Azure/azure-workload-identity/issues/616', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-workload-identity/issues/1232', read: '2026-09' },
    ],
  },
  {
    codes: [7000274],
    about: 'federation',
    meaning:
      'The key was found, but the signature of the token does not fit it. The token was altered on its way, or two keys share one key id.',
    wordings: [],
    causes: [
      { code: 'TOK-10', likelihood: 'possible' },
      { code: 'ISS-04', likelihood: 'possible' },
    ],
    related: [7000272],
    sources: [{ url: 'https://login.microsoftonline.com/error?code=7000274', read: '2026-09' }],
  },
];
