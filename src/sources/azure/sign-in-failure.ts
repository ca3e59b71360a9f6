/** Why no token could be had: one clause, and the command that mends it if there is one. */
export interface SignInFailure {
  readonly kind: 'failed';
  /** Without a full stop; never a text of the library or of Entra, which may hold names and secrets. */
  readonly reason: string;
  /** Whether signing in again (`az login`) is what helps. */
  readonly login: boolean;
  /** Whether Entra or a tool answered at all: if not, none will for another tenant either. */
  readonly answered: boolean;
}

type Known = readonly [reason: string, login: boolean];

const EXPIRED: Known = ['the sign-in with Azure has expired', true];
const INTERACTION: Known = ['Entra wants the user to confirm the sign-in (MFA or Conditional Access)', true];
const WRONG_TENANT: Known = ['the signed-in user is not known in that tenant', true];
const WRONG_SECRET: Known = ["Entra refuses the caller's own client secret", false];

/** What Entra refuses the caller for, by AADSTS code. */
const REFUSALS: Readonly<Record<number, Known>> = {
  7000215: WRONG_SECRET,
  7000222: ["the caller's own client secret has expired", false],
  700027: ["Entra refuses the caller's own client certificate", false],
  700016: ["the caller's own AZURE_CLIENT_ID is not known in its AZURE_TENANT_ID", false],
  7000112: ["the caller's own application is disabled", false],
  7000229: ["the caller's own application has no service principal in its tenant", false],
  90002: ["the caller's own tenant is not known in this cloud", false],
  900023: ["the caller's own tenant is neither a GUID nor a domain", false],
  50020: WRONG_TENANT,
  50034: WRONG_TENANT,
  90072: WRONG_TENANT,
  50076: INTERACTION,
  50078: INTERACTION,
  50079: INTERACTION,
  50158: INTERACTION,
  53000: INTERACTION,
  53003: ['Conditional Access blocks the sign-in', false],
  65001: ['nobody has consented to this sign-in', true],
  50173: EXPIRED,
  700082: EXPIRED,
  700084: EXPIRED,
  70043: EXPIRED,
  70044: EXPIRED,
  50089: EXPIRED,
  700024: ["the caller's own federated token has expired", false],
};

/** What the library and the tools it starts say, by a phrase of theirs. */
const PHRASES: readonly (readonly [RegExp, Known])[] = [
  [/Azure CLI could not be found|az:? .*not found|'az' is not recognized/i, ['az is not on PATH', false]],
  [/az login|azd auth login|Connect-AzAccount/i, ['nobody is signed in with Azure any more', true]],
  [/interaction[_ ]required|multi-?factor|claims challenge/i, INTERACTION],
  [/not configured to acquire tokens for tenant/i, ['the sign-in is bound to another tenant', true]],
  [/ENOTFOUND|EAI_AGAIN/, ['the sign-in host of Azure has no address here', false]],
  [
    /ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|EPIPE|socket hang up/,
    ['the sign-in host of Azure cannot be reached', false],
  ],
  [
    /certificate|CERT_|SELF_SIGNED|UNABLE_TO_VERIFY/i,
    ['the sign-in host of Azure shows a certificate that is not trusted', false],
  ],
  [/timed? ?out|aborted|AbortError/i, ['the sign-in with Azure took too long', false]],
  [/endpoints_resolution|openid_config|network_error/i, ['the sign-in host of Azure does not answer', false]],
];

/** Whatever goes wrong there, the user asked for it by name and knows where they are. */
const NO_MANAGED_IDENTITY: Known = ['the metadata service gives no managed identity', false];

/** All error texts of a chain of credentials, of every cause below them. They stay in here. */
function texts(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const inner = 'errors' in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  const response = (error as { errorResponse?: { errorDescription?: unknown } }).errorResponse;
  const code = (error as { code?: unknown }).code;
  return [
    ...inner.flatMap((one) => texts(one, depth + 1)),
    error.name,
    error.message,
    ...(typeof response?.errorDescription === 'string' ? [response.errorDescription] : []),
    ...(typeof code === 'string' ? [code] : []),
    ...texts(error.cause, depth + 1),
  ];
}

/**
 * One sentence for an error of `@azure/identity`, for which the metadata service of the machine was asked or not.
 * Its own text is never passed on: it may hold names of users,
 * ids of tenants, what `az` printed, and a stack.
 */
export function signInFailure(error: unknown, askedMetadata: boolean): SignInFailure {
  const all = texts(error);
  const code = all.map((text) => /AADSTS(\d{4,8})/.exec(text)?.[1]).find((found) => found !== undefined);
  if (code !== undefined) {
    const [reason, login] = REFUSALS[Number(code)] ?? ['Entra refuses the sign-in of the caller', false];
    return { kind: 'failed', reason: `${reason} (AADSTS${code})`, login, answered: true };
  }
  if (askedMetadata) {
    const [reason, login] = NO_MANAGED_IDENTITY;
    return { kind: 'failed', reason, login, answered: false };
  }
  const text = all.join('\n');
  const [, [reason, login]] = PHRASES.find(([phrase]) => phrase.test(text)) ?? [
    null,
    ['the sign-in with Azure failed', true],
  ];
  return { kind: 'failed', reason, login, answered: login };
}
