/** Federated identity credentials as wi-doctor keeps them, whatever shape they came in. Plain JSON. */

/** The object that holds a federated credential. */
export type CredentialOwner =
  | {
      readonly kind: 'user-assigned';
      readonly name: string;
      readonly resourceGroup: string;
      readonly subscription: string;
    }
  /** `id`: the application's object id or `appId='…'` of a Graph answer, where it says so. */
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
