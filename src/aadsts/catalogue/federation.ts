import type { CatalogueEntry, PossibleCause } from './entry.ts';

const LINK = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation';
const considerations = {
  url: 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations',
  read: '2026-09',
};
const pipelines = {
  url: 'https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity',
  read: '2026-09',
};

/** A record that looks right can still be refused: too young, damaged, or now and then for no visible reason. */
const NOT_THE_VALUES: readonly PossibleCause[] = [
  { code: 'FIC-11', likelihood: 'possible' },
  { code: 'FIC-12', likelihood: 'possible' },
];

/** No federated credential of the client matches the token that was presented. */
export const FEDERATION: readonly CatalogueEntry[] = [
  {
    codes: [70021],
    about: 'federation',
    meaning:
      'No federated credential of this client matches the token. This older code prints issuer, subject and audience together, so any of the three may be the one that differs.',
    wordings: [
      {
        text: "No matching federated identity record found for presented assertion. Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: '{audience}'.",
        seen: '2022-01 – 2023-10',
      },
      {
        text: `No matching federated identity record found for presented assertion. Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: '{audience}'. https://docs.microsoft.com/en-us/azure/active-directory/develop/workload-identity-federation`,
        seen: '2022-10 – 2023-10',
      },
    ],
    causes: [
      { code: 'FIC-01', likelihood: 'likely' },
      { code: 'FIC-05', likelihood: 'likely' },
      { code: 'FIC-03', likelihood: 'possible' },
      { code: 'FIC-10', likelihood: 'possible' },
      { code: 'FIC-02', likelihood: 'possible' },
      { code: 'CL-05', likelihood: 'possible' },
      { code: 'FIC-08', likelihood: 'possible' },
      { code: 'FIC-09', likelihood: 'possible' },
      ...NOT_THE_VALUES,
    ],
    related: [700211, 700212, 700213],
    sources: [
      { url: 'https://github.com/Azure/azure-workload-identity/issues/340', read: '2026-09' },
      { url: 'https://github.com/external-secrets/external-secrets/issues/2783', read: '2026-09' },
      pipelines,
    ],
  },
  {
    codes: [700211],
    about: 'federation',
    meaning:
      'No federated credential of this client names the issuer that signed the token. The other two claims are not printed and may be wrong as well.',
    wordings: [
      {
        text: `No matching federated identity record found for presented assertion issuer '{issuer}'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${LINK}`,
        seen: '2023-12 –',
      },
    ],
    causes: [
      { code: 'FIC-03', likelihood: 'likely' },
      { code: 'FIC-02', likelihood: 'likely' },
      { code: 'FIC-01', likelihood: 'likely' },
      { code: 'FIC-10', likelihood: 'possible' },
      { code: 'CL-05', likelihood: 'possible' },
      { code: 'FIC-04', likelihood: 'possible' },
      { code: 'CL-01', likelihood: 'possible' },
      { code: 'CL-10', likelihood: 'unlikely' },
      { code: 'CL-11', likelihood: 'unlikely' },
      { code: 'FIC-17', likelihood: 'possible' },
      { code: 'FIC-09', likelihood: 'possible' },
      ...NOT_THE_VALUES,
    ],
    related: [70021, 700212, 700213],
    sources: [
      { url: 'https://github.com/Azure/azure-workload-identity/issues/1200', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-workload-identity/issues/1700', read: '2026-09' },
      considerations,
    ],
  },
  {
    codes: [700212],
    about: 'federation',
    meaning:
      'No federated credential of this client expects the audience of the token. Either another token than the projected one was sent, or credential and token disagree about the audience.',
    wordings: [
      {
        text: `No matching federated identity record found for presented assertion audience '{audience}'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${LINK}`,
        seen: '2024-04 –',
      },
    ],
    causes: [
      { code: 'TOK-01', likelihood: 'likely' },
      { code: 'FIC-08', likelihood: 'likely' },
      { code: 'TOK-02', likelihood: 'possible' },
      { code: 'IB-01', likelihood: 'possible' },
      { code: 'WH-13', likelihood: 'possible' },
      { code: 'TOK-04', likelihood: 'possible' },
      { code: 'FIC-01', likelihood: 'possible' },
    ],
    related: [70021, 7002121],
    sources: [
      { url: 'https://github.com/AthenZ/athenz', read: '2026-09' },
      { url: 'https://github.com/Azure/login/issues/452', read: '2026-09' },
    ],
  },
  {
    codes: [7002121],
    about: 'federation',
    meaning:
      'The audience of the token matches no federated credential, and the token seems to be one that Entra issued. A service account token was expected here.',
    wordings: [
      {
        text: `No matching federated identity record found for presented assertion audience '{audience}'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${LINK}`,
        seen: '2024-12 –',
      },
    ],
    causes: [
      { code: 'ENT-09', likelihood: 'likely' },
      { code: 'FIC-08', likelihood: 'possible' },
    ],
    related: [700212],
    sources: [considerations],
  },
  {
    codes: [700213],
    about: 'federation',
    meaning:
      'No federated credential of this client names the service account (subject) of the token. Upper and lower case count, and the other two claims are not printed.',
    wordings: [
      {
        text: `No matching federated identity record found for presented assertion subject '{subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${LINK}`,
        seen: '2023-12 –',
      },
      {
        text: `No matching federated identity record found for presented assertion subject '{subject}'. Please note that matching is done using a case-sensitive comparison. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${LINK}`,
        seen: '2024-08 –',
      },
    ],
    causes: [
      { code: 'FIC-05', likelihood: 'likely' },
      { code: 'FIC-01', likelihood: 'likely' },
      { code: 'FIC-10', likelihood: 'likely' },
      { code: 'SA-07', likelihood: 'possible' },
      { code: 'FIC-07', likelihood: 'possible' },
      { code: 'FIC-06', likelihood: 'possible' },
      { code: 'OP-01', likelihood: 'unlikely' },
      { code: 'TOK-11', likelihood: 'possible' },
      { code: 'SA-11', likelihood: 'possible' },
      { code: 'POD-07', likelihood: 'possible' },
      { code: 'FIC-09', likelihood: 'possible' },
      ...NOT_THE_VALUES,
    ],
    related: [70021, 7002138],
    sources: [
      { url: 'https://github.com/kedacore/keda/issues/8152', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-workload-identity/issues/1200', read: '2026-09' },
      pipelines,
    ],
  },
  {
    codes: [7002131],
    about: 'federation',
    meaning:
      'Neither a plain nor a flexible federated credential of this app matches the subject. Flexible credentials (claims matching expressions) do not support Kubernetes issuers.',
    wordings: [
      {
        text: `No matching federated identity record found for presented assertion subject '{subject}' or no federated identity credential expression matched. Please check your federated identity credential Subject, Expression, Audience and Issuer against the presented assertion. ${LINK}`,
        seen: '2026-02 –',
      },
    ],
    causes: [
      { code: 'FIC-05', likelihood: 'likely' },
      { code: 'FIC-18', likelihood: 'likely' },
      { code: 'FIC-10', likelihood: 'possible' },
      { code: 'ENT-09', likelihood: 'possible' },
      { code: 'FIC-07', likelihood: 'possible' },
    ],
    related: [700213],
    sources: [
      { url: 'https://github.com/dotnet/dnceng/issues/6455', read: '2026-09' },
      { url: 'https://github.com/Azure/AKS/issues/4688', read: '2026-09' },
    ],
  },
  {
    codes: [7002137],
    about: 'federation',
    meaning:
      'A Microsoft service presented its own subject (it starts with /eid1/) and no credential names it. This is federation of a Microsoft service such as the Bot Service, not of a Kubernetes service account.',
    wordings: [
      {
        text: "No matching federated identity record found for presented assertion subject '{subject}'. Please make sure the federated identity credential Subject is '/eid1/c/pub/t/{tenantId}/a/app/uid'.",
        seen: '2025-07 –',
      },
    ],
    causes: [
      { code: 'FIC-05', likelihood: 'likely' },
      { code: 'FIC-10', likelihood: 'possible' },
    ],
    related: [700213],
    sources: [{ url: 'https://github.com/microsoft/Agents/issues/202', read: '2026-09' }],
  },
  {
    codes: [7002138],
    about: 'federation',
    meaning:
      'The subject of the credential is right but for upper and lower case. Entra compares byte for byte since August 2024.',
    wordings: [
      {
        text: "No matching federated identity record found for presented assertion subject '{subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison.",
        seen: '2024-09 –',
      },
    ],
    causes: [{ code: 'FIC-06', likelihood: 'certain' }],
    related: [700213],
    sources: [
      { url: 'https://github.com/Azure/login/issues/517', read: '2026-09' },
      { url: 'https://github.com/Azure/login/issues/573', read: '2026-09' },
      {
        url: 'https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes',
        read: '2026-09',
      },
    ],
  },
];
