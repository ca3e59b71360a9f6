/** Federated identity credentials as wi-doctor keeps them, whatever shape they came in. Plain JSON. */

/** The object that holds a federated credential. */
export type CredentialOwner =
  | {
      readonly kind: 'user-assigned';
      readonly name: string;
      readonly resourceGroup: string;
      readonly subscription: string;
    }
  /** `id`: the application's object id or app id, where a Graph answer says so. */
  | { readonly kind: 'application'; readonly id?: string };

/** One federated identity credential. All values byte for byte, never trimmed. */
export interface FederatedIdentityCredential {
  readonly name: string;
  readonly issuer: string | null;
  /** Null in flexible credentials. */
  readonly subject: string | null;
  readonly audiences: readonly string[];
  /** `claimsMatchingExpression.value` of a flexible credential. */
  readonly expression?: string | null;
  /** `systemData.createdAt`, as Azure writes it (ISO 8601). */
  readonly created?: string;
  readonly id?: string;
  readonly description?: string;
  readonly owner?: CredentialOwner;
}

/** The federated credentials of one identity, as one answer of Azure lists them. */
export interface FederatedCredentialList {
  readonly credentials: readonly FederatedIdentityCredential[];
  /** False when the answer names a next page, or is a single credential: others may exist. */
  readonly complete: boolean;
  /** Distinct owners in order of appearance; more than one means that lists were mixed. */
  readonly owners: readonly CredentialOwner[];
}

/** How two strings that must be byte-equal differ. Plain JSON. */
export type DifferenceKind =
  | 'equal'
  /** Only slashes at the end. */
  | 'slash'
  /** Only upper and lower case. */
  | 'case'
  /** Only white space and invisible characters. */
  | 'whitespace'
  /** Only quotation marks around the value. */
  | 'quotes'
  /** Characters of another script or form that look the same. */
  | 'lookalike'
  /** Two issuers of one AKS cluster: same guid, other host. */
  | 'host-form'
  /** Issuer of another AKS cluster. */
  | 'other-cluster'
  | 'namespace'
  | 'service-account'
  | 'namespace-and-service-account'
  /** Not of the form it must have, though plainly meant to be. */
  | 'malformed'
  /** The recommended audience of another Azure cloud. */
  | 'cloud-audience'
  | 'other';

/** The field of a federated credential that a value comes from. */
export type ComparedField = 'issuer' | 'subject' | 'audience';

/** One comparison. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** One clause for a person, without final stop. Characters that cannot be seen are named. */
  readonly words: string;
  /** UTF-16 index in the observed value where it starts to differ. */
  readonly start: number;
  /** End of the differing span; equal to `start` where something is missing rather than different. */
  readonly end: number;
}

/** A kind of difference and the clause that explains it. */
export type Classification = readonly [kind: DifferenceKind, words: string];
