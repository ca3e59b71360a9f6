/** Entra's answer to a token with the wrong subject, as the tests' own cluster would see it. */
export const SUBJECT = 'system:serviceaccount:billing:invoices';
export const TRACE = '55555555-5555-4555-8555-555555555555';
const CORRELATION = '66666666-6666-4666-8666-666666666666';
export const TENANT = '44444444-4444-4444-8444-444444444444';
const TIME = '2026-03-01 12:00:00Z';

export const TAIL = `Trace ID: ${TRACE} Correlation ID: ${CORRELATION} Timestamp: ${TIME}`;
export const IDS = { traceId: TRACE, correlationId: CORRELATION, timestamp: TIME } as const;

/** The sentence of 700213. */
export const WRONG_SUBJECT = `AADSTS700213: No matching federated identity record found for presented assertion subject '${SUBJECT}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation ${TAIL}`;

/** The JSON body of the token endpoint around a sentence. */
export function body(sentence: string, code: number, error = 'invalid_client'): string {
  return JSON.stringify({
    error,
    error_description: sentence,
    error_codes: [code],
    timestamp: TIME,
    trace_id: TRACE,
    correlation_id: CORRELATION,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}
