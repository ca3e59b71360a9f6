import type { Fields } from '../../aadsts/explanation.ts';

/** One exchange as it was answered. Holds no token, no assertion and no text of Entra's. */
export interface ExchangeAttempt {
  readonly kind:
    | 'accepted'
    /** Entra itself said no. */
    | 'refused'
    /** No answer of Entra's that can be judged: network, throttling, outage, something in between. */
    | 'unanswered';
  /** HTTP status; null when none came. */
  readonly status: number | null;
  /** AADSTS numbers, as Entra lists them. */
  readonly codes: readonly number[];
  /** OAuth `error`. */
  readonly error: string | null;
  readonly traceId: string | null;
  readonly correlationId: string | null;
  /** Entra's own time: of its answer's text, else its Date header. RFC 3339. */
  readonly time: string | null;
  readonly milliseconds: number;
  /** Why it counts as unanswered, one clause. */
  readonly reason?: string;
  /** What the explainer read out of a refusal. */
  readonly fields?: Fields;
}

/** The values of one sign-in, for finding its exchange again. */
export interface ExchangeKey {
  readonly clientId: string | null;
  readonly tenantId: string | null;
  /** AZURE_AUTHORITY_HOST as the container has it. */
  readonly authorityHost: string | null;
  readonly audience: string | null;
}

/** The token of one sign-in, really exchanged. */
export interface Exchange extends ExchangeKey {
  readonly state: 'sent';
  /** Host (and port, if not 443) it was sent to. */
  readonly host: string;
  readonly scope: string;
  readonly attempts: readonly ExchangeAttempt[];
  /** True where the program made it and an error tells of it; nobody has asked Entra now. */
  readonly told?: boolean;
}

/** A sign-in whose token was not sent anywhere. */
export interface NotExchanged extends ExchangeKey {
  readonly state: 'not-sent';
  /** One clause without a full stop. */
  readonly reason: string;
}

export type ExchangeRecord = Exchange | NotExchanged;
