import { unknown, type Fact, type Unknown } from '../fact.ts';
import type { CredentialList } from '../collected-facts.ts';
import { difference } from '../sources/federated-credentials/difference.ts';
import type {
  CredentialOwner,
  Difference,
  DifferenceKind,
  FederatedIdentityCredential,
} from '../sources/federated-credentials/types.ts';
import type { SignIn } from './sign-ins.ts';

/** How one credential compares with what the pod presents. */
export interface CredentialComparison {
  readonly credential: FederatedIdentityCredential;
  /** Null when the issuer of the pod's tokens is not known. */
  readonly issuer: Difference | null;
  readonly subject: Difference;
  /** Null when the pod's audience is not known. */
  readonly audience: Difference | null;
  /** The credential's audience that was compared; empty when it has none. */
  readonly observedAudience: string;
}

/** The credentials of one client id beside one sign-in. */
export interface CredentialMatch {
  /** The issuer of the pod's tokens, or why it is not known: then only the other two are compared. */
  readonly issuer: string | Unknown;
  readonly subject: string;
  /** Null when the pod's audience is not known. */
  readonly audience: string | null;
  /** The credential that accepts the token, byte for byte in all three. */
  readonly accepting: FederatedIdentityCredential | null;
  /** Without an accepting credential: the one that was most likely meant for this pod. */
  readonly nearest: CredentialComparison | null;
  /** Credentials that differ in nothing that is known: where it is empty, none accepts the token. */
  readonly open: readonly FederatedIdentityCredential[];
  /** Credentials with the pod's subject, byte for byte. */
  readonly sameSubject: readonly CredentialComparison[];
  /** Credentials for something else: another issuer's subjects, flexible expressions, identity bindings. */
  readonly foreign: readonly FederatedIdentityCredential[];
  /** Every credential of the list. */
  readonly all: readonly FederatedIdentityCredential[];
  /** Who holds the credentials, as their ids tell; null where they do not. */
  readonly owner: CredentialOwner | null;
  readonly complete: boolean;
}

// What it takes to take one credential for another by mistake: small slips cost little, so a credential with
// a slip beats one that plainly serves another workload. Equal costs fall to the issuer, which Entra tests first.
const ISSUER_COST: Readonly<Partial<Record<DifferenceKind, number>>> = {
  equal: 0,
  slash: 1,
  case: 1,
  whitespace: 1,
  quotes: 1,
  lookalike: 1,
  'host-form': 2,
  malformed: 3,
  // Less than another service account: the same subject elsewhere says more than the same issuer.
  'other-cluster': 4,
  other: 4,
};
const SUBJECT_COST: Readonly<Partial<Record<DifferenceKind, number>>> = {
  equal: 0,
  case: 1,
  whitespace: 1,
  quotes: 1,
  lookalike: 1,
  malformed: 2,
  namespace: 3,
  'service-account': 5,
  'namespace-and-service-account': 7,
};
const OTHER_COST = 8;
const AUDIENCE_COST = 1;

/** Issuers and subjects that are right for somebody, just not for this pod. */
const OTHER_ISSUER: ReadonlySet<DifferenceKind> = new Set(['other-cluster', 'other']);
const OTHER_SUBJECT: ReadonlySet<DifferenceKind> = new Set([
  'namespace',
  'service-account',
  'namespace-and-service-account',
  'other',
]);

function compare(
  credential: FederatedIdentityCredential,
  issuer: string | null,
  subject: string,
  audience: string | null,
): CredentialComparison {
  const observedAudience = credential.audiences[0] ?? '';
  return {
    credential,
    issuer: issuer === null ? null : difference(issuer, credential.issuer ?? '', 'issuer'),
    subject: difference(subject, credential.subject ?? '', 'subject'),
    audience: audience === null ? null : difference(audience, observedAudience, 'audience'),
    observedAudience,
  };
}

function cost({ issuer, subject, audience }: CredentialComparison): number {
  return (
    (issuer === null ? 0 : (ISSUER_COST[issuer.kind] ?? OTHER_COST)) +
    (SUBJECT_COST[subject.kind] ?? OTHER_COST) +
    (audience === null || audience.kind === 'equal' ? 0 : AUDIENCE_COST)
  );
}

/** Whether a credential is the one that AKS makes for identity bindings: for all clusters, and no service account. */
export function isIdentityBinding({ name, issuer }: FederatedIdentityCredential): boolean {
  return name === 'aks-identity-binding' || (issuer ?? '').startsWith('https://ib.oic.');
}

// Another service account in another cluster has nothing in common with this pod: no slip leads from one to the
// other. Without the issuer, only what is no service account at all is plainly meant for something else.
function isForeign({ credential, issuer, subject }: CredentialComparison): boolean {
  if (credential.subject === null || isIdentityBinding(credential)) return true;
  if (issuer === null) return subject.kind === 'other';
  return OTHER_ISSUER.has(issuer.kind) && OTHER_SUBJECT.has(subject.kind);
}

function isEqual(difference: Difference | null): boolean {
  return difference?.kind === 'equal';
}

function first(a: Difference | null, b: Difference | null): number {
  return Number(isEqual(b)) - Number(isEqual(a));
}

function byCost(a: CredentialComparison, b: CredentialComparison): number {
  return cost(a) - cost(b) || first(a.issuer, b.issuer);
}

// Without the issuer, only a credential with the right subject can be the one that accepts the token.
function bySubject(a: CredentialComparison, b: CredentialComparison): number {
  return first(a.subject, b.subject) || cost(a) - cost(b);
}

/**
 * Compares what a pod presents with every credential of the identity it signs in as.
 *
 * @param issuer Why it is not known, where it is not: then subject and audience are compared, and nothing accepts.
 */
export function matchCredentials(
  list: CredentialList,
  issuer: string | Unknown,
  subject: string,
  audience: string | null,
): CredentialMatch {
  const known = typeof issuer === 'string' ? issuer : null;
  const comparisons = list.items.map((credential) => compare(credential, known, subject, audience));
  const own = comparisons.filter((comparison) => !isForeign(comparison));
  const [nearest = null] = own.toSorted(known === null ? bySubject : byCost);
  // Two fields that are equal of three prove nothing yet.
  const accepts = nearest !== null && known !== null && audience !== null && cost(nearest) === 0;
  return {
    issuer,
    subject,
    audience,
    accepting: accepts ? nearest.credential : null,
    nearest: accepts ? null : nearest,
    open: own.filter((one) => cost(one) === 0).map(({ credential }) => credential),
    sameSubject: own.filter((one) => isEqual(one.subject)),
    foreign: comparisons.filter(isForeign).map(({ credential }) => credential),
    all: list.items,
    owner: list.items.find(({ owner }) => owner !== undefined)?.owner ?? null,
    complete: list.complete,
  };
}

const NO_ISSUER = unknown('the API server states no issuer');

/** The match of one sign-in; unknown or absent where the credentials are. */
export function credentialMatchFact(
  signIn: SignIn,
  credentials: Fact<CredentialList>,
  issuer: Fact<string>,
): Fact<CredentialMatch> {
  if (credentials.state !== 'present') return credentials;
  const audience = signIn.audience.state === 'known' ? signIn.audience.value : null;
  const seen = issuer.state === 'present' ? issuer.value : issuer.state === 'unknown' ? issuer : NO_ISSUER;
  return {
    state: 'present',
    origin: credentials.origin,
    value: matchCredentials(credentials.value, seen, signIn.subject, audience),
  };
}
