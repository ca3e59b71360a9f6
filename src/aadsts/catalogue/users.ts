import type { CatalogueEntry } from './entry.ts';

const errorCodes = {
  url: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
  read: '2026-09',
};

/** Codes only people meet. A pod that shows one uses a person's account; otherwise the text is about something else. */
export const USERS: readonly CatalogueEntry[] = [
  {
    codes: [50076, 50079, 50158, 50072, 50074, 50078, 50125, 500121],
    about: 'user',
    meaning:
      "A person has to pass multi-factor or another extra check. No workload identity is asked for that, so this has nothing to do with the pod's token.",
    wordings: [
      {
        text: "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{resource}'.",
      },
    ],
    causes: [],
    sources: [{ url: 'https://github.com/Azure/azure-cli/issues/31300', read: '2026-09' }, errorCodes],
  },
  {
    codes: [50020, 50034, 50126, 50053, 50055, 50056, 50057, 50105, 51004, 90072],
    about: 'user',
    meaning:
      'A user account is unknown, locked, not admitted, or its password is wrong. The program signs in as a person, not as a workload.',
    wordings: [
      { text: 'The user account does not exist in the directory.' },
      { text: 'Error validating credentials due to invalid username or password.' },
    ],
    causes: [],
    sources: [
      { url: 'https://github.com/ansible-collections/azure/issues/548', read: '2026-09' },
      errorCodes,
    ],
  },
  {
    codes: [50173, 54005, 700082, 70043, 70000, 70008, 700084, 50058, 50089, 50132, 50133, 16000],
    about: 'user',
    meaning:
      'The session, authorization code or refresh token of a person has ended; somebody has to sign in again. Workload identities have no refresh tokens.',
    wordings: [
      {
        text: 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
      },
      { text: 'The refresh token has expired due to inactivity.' },
    ],
    causes: [],
    sources: [{ url: 'https://github.com/kontron/redmine_oauth/issues/59', read: '2026-09' }, errorCodes],
  },
  {
    codes: [50005, 50097, 50129, 53000, 53001, 53002, 53004, 530003],
    about: 'user',
    meaning:
      'Conditional Access refuses the device or platform a person signs in from. It can stop the administrator who creates a federated credential, never the pod that uses it.',
    wordings: [],
    causes: [],
    sources: [
      { url: 'https://azure.github.io/azure-workload-identity/docs/known-issues.html', read: '2026-09' },
      errorCodes,
    ],
  },
  {
    codes: [
      50199, 50011, 500112, 500113, 50140, 50144, 501481, 65004, 90094, 700054, 70016, 70018, 70019, 9002325,
      9002326, 9002327, 75005, 75011, 750054,
    ],
    about: 'user',
    meaning:
      'An interactive sign-in did not come to its end: a question left open, a redirect address, a declined or missing consent. Workloads have no such steps.',
    wordings: [
      {
        text: 'For security reasons, user confirmation is required for this request. Please repeat the request allowing user interaction.',
      },
    ],
    causes: [],
    sources: [errorCodes],
  },
];
