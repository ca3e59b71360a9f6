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
