import type { CollectedFacts, ClientFacts, ClientFactSet } from './collected-facts.ts';
import type { Exchange } from './sources/exchange/types.ts';
import type { TenantRecord } from './sources/tenants/types.ts';
import type { KeySet } from './sources/issuer/types.ts';
import type { Complaint } from './derive/complaints.ts';
import type { Consumer } from './derive/consumers.ts';
import type { CredentialMatch } from './derive/credential-match.ts';
import type { Injection } from './derive/injection.ts';
import type { SignIn } from './derive/sign-ins.ts';
import type { Webhook } from './derive/webhook.ts';
import type { ContainerView, Workload } from './derive/workload.ts';

export * from './fact.ts';
export * from './collected-facts.ts';

/** Facts computed from collected ones; never written to a bundle. */
export interface DerivedFacts {
  /** The pod, or a template judged as if it were one, with the effective values of every container. */
  readonly workload: Workload;
  /** The workload identity webhook, found by what it does. */
  readonly webhook: Webhook;
  /** Whether the webhook mutated the pod, and what keeps it from doing so. */
  readonly injection: Injection;
  /** The issuer of the pod's tokens: of the token itself, else as the API server states it. */
  readonly tokenIssuer: string;
  /** The published key set, normalised. */
  readonly publishedKeys: KeySet;
  /** One entry for each sign-in that the judged containers attempt. */
  readonly signIns: readonly SignIn[];
  /** The errors that were brought or logged, each with its values held against the other facts. */
  readonly complaints: readonly Complaint[];
  /** Who signs in in the place of the workload, or as its service account without a token in the pod. */
  readonly consumers: readonly Consumer[];
  /** All client facts, by client id: for checks that compare identities. */
  readonly clients: ReadonlyMap<string, ClientFactSet>;
}

/** Facts of the subject that a check is answering for. */
export interface SubjectFacts {
  /** The container at hand; only for checks `per: 'container'`. */
  readonly container: ContainerView;
  /** The sign-in at hand; only for checks `per: 'signIn'`. */
  readonly signIn: SignIn;
  /** How the credentials of this client id compare with the sign-in; only for checks `per: 'signIn'`. */
  readonly credentialMatch: CredentialMatch;
  /** What Entra publicly says of the tenant of the sign-in at hand; only for checks `per: 'signIn'`. */
  readonly tenant: TenantRecord;
  /** What Entra answered to the sign-in at hand; only for checks `per: 'signIn'`. */
  readonly exchange: Exchange;
}

/** The dictionary of the product: every fact that a check can ask for. */
export type FactTypes = CollectedFacts & ClientFacts & DerivedFacts & SubjectFacts;
export type FactName = keyof FactTypes;
