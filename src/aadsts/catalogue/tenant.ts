import type { CatalogueEntry } from './entry.ts';

const errorCodes = {
  url: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
  read: '2026-09',
};

/** The directory or the cloud the request was sent to. */
export const TENANT: readonly CatalogueEntry[] = [
  {
    codes: [90002],
    about: 'shared',
    meaning:
      "There is no such tenant in this cloud. The tenant id is mistyped or overridden by the tool's own config, or the request went to another cloud's authority.",
    wordings: [
      {
        text: "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
        seen: '2022 –',
      },
      {
        text: "Tenant '{tenant}' not found. This may happen if there are no active subscriptions for the tenant. Check to make sure you have the correct tenant ID. Check with your subscription administrator.",
        seen: '2019 – 2021',
      },
    ],
    causes: [
      { code: 'ENT-02', likelihood: 'likely' },
      { code: 'SA-06', likelihood: 'likely' },
      { code: 'POD-08', likelihood: 'possible' },
      { code: 'WH-05', likelihood: 'possible' },
      { code: 'WH-06', likelihood: 'possible' },
      { code: 'SA-04', likelihood: 'possible' },
      { code: 'OP-05', likelihood: 'unlikely' },
    ],
    related: [900023],
    sources: [
      { url: 'https://github.com/kubernetes-sigs/external-dns/pull/4418', read: '2026-09' },
      { url: 'https://github.com/james-gould/azure-keyvault-emulator/issues/324', read: '2026-09' },
      errorCodes,
    ],
  },
  {
    codes: [900023],
    about: 'shared',
    meaning:
      'What was sent as tenant is neither a GUID nor a domain. Blanks, quotes, an unfilled placeholder or a piece of a URL end here.',
    wordings: [
      {
        text: "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
        seen: '2020 –',
      },
    ],
    causes: [
      { code: 'SA-06', likelihood: 'likely' },
      { code: 'SA-04', likelihood: 'likely' },
      { code: 'POD-08', likelihood: 'possible' },
      { code: 'ENT-02', likelihood: 'possible' },
      { code: 'WH-05', likelihood: 'possible' },
    ],
    related: [90002, 900021],
    sources: [
      { url: 'https://github.com/microsoft/aspire/issues/4253', read: '2026-09' },
      { url: 'https://github.com/caddy-dns/azure/issues/3', read: '2026-09' },
    ],
  },
  {
    codes: [900021],
    about: 'shared',
    meaning: 'The tenant id is all zeros: a value that was never set became an empty GUID.',
    wordings: [
      {
        text: "Requested tenant identifier '{tenant}' is not valid. Tenant identifiers may not be an empty GUID.",
      },
    ],
    causes: [
      { code: 'SA-06', likelihood: 'likely' },
      { code: 'POD-08', likelihood: 'likely' },
      { code: 'WH-04', likelihood: 'possible' },
    ],
    related: [900023],
    sources: [errorCodes],
  },
  {
    codes: [90019, 50059, 50128],
    about: 'shared',
    meaning: 'The request named no tenant: the authority is "common" or "organizations", or empty.',
    wordings: [
      {
        text: 'No tenant-identifying information found in either the request or implied by any provided credentials.',
      },
    ],
    causes: [
      { code: 'SA-06', likelihood: 'likely' },
      { code: 'POD-08', likelihood: 'likely' },
      { code: 'POD-01', likelihood: 'possible' },
    ],
    related: [9001023],
    sources: [errorCodes],
  },
  {
    codes: [9001023, 90124, 90130],
    about: 'shared',
    meaning:
      'A workload cannot sign in through /common, /organizations or /consumers; the authority has to name the tenant.',
    wordings: [{ text: 'The grant type is not supported over the /common or /consumers endpoints.' }],
    causes: [
      { code: 'SA-06', likelihood: 'likely' },
      { code: 'POD-08', likelihood: 'likely' },
    ],
    related: [90019],
    sources: [errorCodes],
  },
  {
    codes: [90038, 900432, 900439, 50049],
    about: 'shared',
    meaning:
      'Tenant and authority belong to different clouds. AZURE_AUTHORITY_HOST has to be the host of the cloud the tenant lives in.',
    wordings: [],
    causes: [
      { code: 'WH-06', likelihood: 'likely' },
      { code: 'POD-08', likelihood: 'likely' },
    ],
    related: [900382],
    sources: [errorCodes],
  },
  {
    codes: [900382],
    about: 'shared',
    meaning:
      'A confidential client tried to sign in across clouds. Authority host and tenant disagree, or the cloud does not let this federation pass.',
    wordings: [{ text: 'Confidential Client is not supported in Cross Cloud request.' }],
    causes: [
      { code: 'WH-06', likelihood: 'likely' },
      { code: 'POD-08', likelihood: 'likely' },
      { code: 'ENT-06', likelihood: 'possible' },
    ],
    related: [90038],
    sources: [
      errorCodes,
      {
        url: 'https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity',
        read: '2026-09',
      },
    ],
  },
  {
    codes: [5000225, 5000224, 5000229],
    about: 'shared',
    meaning:
      'The tenant as a whole is blocked (inactive, under suspicion, or temporary). Only its administrators and Microsoft can change that.',
    wordings: [],
    causes: [
      {
        code: 'ENT-02',
        likelihood: 'possible',
        confirm: 'Sign in to the Azure portal of this tenant: the same block shows there.',
        fix: 'Have an administrator of the tenant open a case with Microsoft.',
      },
    ],
    sources: [errorCodes],
  },
];
