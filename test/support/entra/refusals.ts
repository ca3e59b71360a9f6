import { randomUUID } from 'node:crypto';

import type { Reply } from '../faults.ts';

interface Refusal {
  error: string;
  status: number;
  text: string;
}

const FEDERATION = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation';
const CHECK = `your federated identity credential Subject, Audience and Issuer against the presented assertion. ${FEDERATION}`;
const NO_MATCH = 'No matching federated identity record found for presented assertion';
const WRONG_TENANT =
  'This can happen if the application has not been installed by the administrator of the tenant or consented to by ' +
  'any user in the tenant. You may have sent your authentication request to the wrong tenant.';

const client = (text: string, status = 401): Refusal => ({ error: 'invalid_client', status, text });
const request = (text: string): Refusal => ({ error: 'invalid_request', status: 400, text });
const stranger = (text: string): Refusal => ({ error: 'unauthorized_client', status: 400, text });

/** What Entra answers today, by code; `{name}` stands for a value of the request. */
const REFUSALS: Record<number, Refusal> = {
  50027: request('JWT token is invalid or malformed.'),
  50059: request(
    'No tenant-identifying information found in either the request or implied by any provided credentials.',
  ),
  53003: {
    error: 'invalid_grant',
    status: 400,
    text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  },
  70003: {
    error: 'unsupported_grant_type',
    status: 400,
    text: "The app requested an unsupported grant type '{grant}'.",
  },
  70023: request(
    'External OIDC Provider token must have a lifetime of less than or equal to 1.01:00:00. Token issued at {iat}. Token expires on {exp}.',
  ),
  70025: client("The client '{client}'({name}) has no configured federated identity credentials."),
  90002: {
    error: 'invalid_tenant',
    status: 400,
    text:
      "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct " +
      'cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.',
  },
  90033: {
    error: 'temporarily_unavailable',
    status: 503,
    text: 'A transient error has occurred. Please try again.',
  },
  90055: {
    error: 'temporarily_unavailable',
    status: 429,
    text: 'The tenant request is throttled due to excessive request rate.',
  },
  500011: {
    error: 'invalid_resource',
    status: 400,
    text:
      'The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the ' +
      'application has not been installed by the administrator of the tenant or consented to by any user in the tenant. ' +
      'You might have sent your authentication request to the wrong tenant.',
  },
  501051: {
    error: 'invalid_grant',
    status: 400,
    text: "Application '{client}'({name}) is not assigned to a role for the application '{resource}'({resource}).",
  },
  501661: request('Request to External OIDC endpoint failed.'),
  700016: stranger(
    `Application with identifier '{client}' was not found in the directory '{tenant}'. ${WRONG_TENANT}`,
  ),
  700024: client(
    'Client assertion is not within its valid time range. Current time: {now}, assertion valid from {nbf}, expiry time ' +
      'of assertion {exp}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .',
  ),
  700027: client(
    "Client assertion contains an invalid signature. [Reason - The key was not found., Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{client}'.]",
  ),
  700211: client(`${NO_MATCH} issuer '{iss}'. Please check ${CHECK}`),
  700212: client(`${NO_MATCH} audience '{aud}'. Please check ${CHECK}`),
  700213: client(
    `${NO_MATCH} subject '{sub}'. Please note that matching is done using a case-sensitive comparison. Check ${CHECK}`,
  ),
  700222: client('AAD-issued tokens may not be used for federated identity flows.'),
  900021: request(
    "Requested tenant identifier '{tenant}' is not valid. Tenant identifiers may not be an empty GUID.",
  ),
  900023: request(
    "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
  ),
  900144: request("The request body must contain the following parameter: '{parameter}'."),
  900382: request('Confidential Client is not supported in Cross Cloud request.'),
  1002012: {
    error: 'invalid_scope',
    status: 400,
    text:
      'The provided value for scope {scope} is not valid. Client credential flows must have a scope value with ' +
      '/.default suffixed to the resource identifier (application ID URI).',
  },
  5002727: request("Invalid JWT header type specified, must be 'JWT' or 'http://openid.net/specs/jwt/1.0'."),
  5002730: request('Invalid JWT token. Unsupported key for the signing algorithm.'),
  7000112: stranger("Application '{client}'({name}) is disabled."),
  7000215: client(
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client}'.",
  ),
  7000218: client(
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ),
  7000222: client(
    "The provided client secret keys for app '{client}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
  ),
  7000229: client(
    'The client application {client} is missing service principal in the tenant {tenant}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119',
  ),
  7000272: client(
    'The certificate with identifier {key} used to sign the federated credential could not be found in the metadata of ' +
      "identity provider {iss}. Please validate that your Identity Provider's metadata exposes the key used to sign the incoming token.",
  ),
  7000274: client('The signature of the federated credential could not be verified.'),
  7002131: client(
    `${NO_MATCH} subject '{sub}' or no federated identity credential expression matched. Please check your federated identity credential Subject, Expression, Audience and Issuer against the presented assertion. ${FEDERATION}`,
  ),
  7002138: client(
    `${NO_MATCH} subject '{sub}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison.`,
  ),
};

/** Thrown by whatever step of the sign-in refuses. */
export class RefusedSignIn extends Error {
  readonly code: number;
  readonly values: Record<string, string | number | undefined>;

  constructor(code: number, values: Record<string, string | number | undefined> = {}) {
    super(`AADSTS${code}`);
    this.code = code;
    this.values = values;
  }
}

/** The error document, with the ids and the time that every one ends with. */
export function refusalReply(
  { code, values }: RefusedSignIn,
  { host, correlationId, now }: { host: string; correlationId: string | undefined; now: Date },
): Reply {
  const refusal = REFUSALS[code];
  if (!refusal) throw new Error(`no answer of Entra is known for AADSTS${code}`);
  const text = refusal.text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  const timestamp = now
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z/, 'Z');
  const trace = randomUUID();
  const correlation = correlationId ?? randomUUID();
  return {
    status: refusal.status,
    headers: headersOf(trace),
    body: JSON.stringify({
      error: refusal.error,
      error_description: `AADSTS${code}: ${text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://${host}/error?code=${code}`,
    }),
  };
}

/** A good answer in the same dress. */
export function entraJson(body: object): Reply {
  return { status: 200, headers: headersOf(randomUUID()), body: JSON.stringify(body) };
}

function headersOf(trace: string): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store, no-cache',
    'x-ms-request-id': trace,
    'x-ms-ests-server': '2.1.0 - TEST ProdSlices',
  };
}
