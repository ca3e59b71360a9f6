import type { CredentialList, Fact } from '../facts.ts';
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
  readonly issuer: Difference;
  readonly subject: Difference;
  /** Null when the pod's audience is not known. */
  readonly audience: Difference | null;
  /** The credential's audience that was compared; empty when it has none. */
  readonly observedAudience: string;
}

/** The credentials of one client id beside one sign-in. */
export interface CredentialMatch {
  readonly issuer: string;
  readonly subject: string;
  /** Null when the pod's audience is not known. */
  readonly audience: string | null;
  /** The credential that accepts the token, byte for byte in all three. */
  readonly accepting: FederatedIdentityCredential | null;
  /** Without an accepting credential: the one that was most likely meant for this pod. */
  readonly nearest: CredentialComparison | null;
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
  issuer: string,
  subject: string,
  audience: string | null,
): CredentialComparison {
  const observedAudience = credential.audiences[0] ?? '';
  return {
    credential,
    issuer: difference(issuer, credential.issuer ?? '', 'issuer'),
    subject: difference(subject, credential.subject ?? '', 'subject'),
    audience: audience === null ? null : difference(audience, observedAudience, 'audience'),
    observedAudience,
  };
}

function cost({ issuer, subject, audience }: CredentialComparison): number {
  return (
    (ISSUER_COST[issuer.kind] ?? OTHER_COST) +
    (SUBJECT_COST[subject.kind] ?? OTHER_COST) +
    (audience === null || audience.kind === 'equal' ? 0 : AUDIENCE_COST)
  );
}

/** Whether a credential is the one that AKS makes for identity bindings: for all clusters, and no service account. */
export function isIdentityBinding({ name, issuer }: FederatedIdentityCredential): boolean {
  return name === 'aks-identity-binding' || (issuer ?? '').startsWith('https://ib.oic.');
}

// Another service account in another cluster has nothing in common with this pod: no slip leads from one to the other.
function isForeign({ credential, issuer, subject }: CredentialComparison): boolean {
  return (
    credential.subject === null ||
    isIdentityBinding(credential) ||
    (OTHER_ISSUER.has(issuer.kind) && OTHER_SUBJECT.has(subject.kind))
  );
}

/** Compares what a pod presents with every credential of the identity it signs in as. */
export function matchCredentials(
  list: CredentialList,
  issuer: string,
  subject: string,
  audience: string | null,
): CredentialMatch {
  const comparisons = list.items.map((credential) => compare(credential, issuer, subject, audience));
  const own = comparisons.filter((comparison) => !isForeign(comparison));
  const [nearest = null] = own.toSorted(
    (a, b) => cost(a) - cost(b) || Number(b.issuer.kind === 'equal') - Number(a.issuer.kind === 'equal'),
  );
  // Without the audience two fields that are equal of three prove nothing yet.
  const accepts = nearest !== null && audience !== null && cost(nearest) === 0;
  return {
    issuer,
    subject,
    audience,
    accepting: accepts ? nearest.credential : null,
    nearest: accepts ? null : nearest,
    foreign: comparisons.filter(isForeign).map(({ credential }) => credential),
    all: list.items,
    owner: list.items.find(({ owner }) => owner !== undefined)?.owner ?? null,
    complete: list.complete,
  };
}

/** The match of one sign-in; unknown or absent where one of its three sides is. */
export function credentialMatchFact(
  signIn: SignIn,
  credentials: Fact<CredentialList>,
  issuer: Fact<string>,
): Fact<CredentialMatch> {
  if (credentials.state !== 'present') return credentials;
  if (issuer.state !== 'present') return issuer;
  const audience = signIn.audience.state === 'known' ? signIn.audience.value : null;
  return {
    state: 'present',
    origin: credentials.origin,
    value: matchCredentials(credentials.value, issuer.value, signIn.subject, audience),
  };
}
