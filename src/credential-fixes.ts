import { blank, type CommandText, type Word } from './word.ts';
import type { SayOptions } from './define-check.ts';
import type { Change } from './derive/change.ts';
import type { CredentialComparison, CredentialMatch } from './derive/credential-match.ts';
import { canBeFederated } from './derive/issuer.ts';
import { diagnosisCommand } from './diagnosis-command.ts';
import type { SignIn } from './derive/sign-ins.ts';
import type { Workload } from './derive/workload.ts';
import type { Fact } from './fact.ts';
import type { Identity } from './collected-facts.ts';
import { jsonAround, placeWords, type Place } from './azure-words.ts';
import { fillCommand } from './fill.ts';
import type { ComparedField, DifferenceKind } from './sources/federated-credentials/types.ts';

const CREATE_IN_IDENTITY = {
  id: 'create-identity',
  command:
    'az identity federated-credential create --name {newName} --identity-name {identityName} {place} --issuer {trusted} --subject {subject} --audiences {audience}',
  why: 'gives this service account a credential of its own and leaves the others as they are',
  actor: 'Entra admin',
  restarts: false,
} as const;
const CREATE_IN_APPLICATION = {
  id: 'create-application',
  command: 'az ad app federated-credential create --id {clientId} --parameters {newParameters}',
  why: 'gives this service account a credential of its own and leaves the others as they are',
  actor: 'Entra admin',
  restarts: false,
} as const;
const UPDATE_IN_IDENTITY = {
  id: 'update-identity',
  command:
    'az identity federated-credential update --name {credential} --identity-name {identityName} {place} --issuer {trusted} --subject {subject} --audiences {audience}',
  why: 'makes {credential} say what the token says',
  actor: 'Entra admin',
  restarts: false,
} as const;
const UPDATE_IN_APPLICATION = {
  id: 'update-application',
  command:
    'az ad app federated-credential update --id {clientId} --federated-credential-id {credential} --parameters {parameters}',
  why: 'makes {credential} say what the token says',
  actor: 'Entra admin',
  restarts: false,
} as const;

/** The command that makes a credential for the pod, by the kind of object that holds it. */
export const CREATE_CREDENTIAL: readonly [typeof CREATE_IN_IDENTITY, typeof CREATE_IN_APPLICATION] = [
  CREATE_IN_IDENTITY,
  CREATE_IN_APPLICATION,
];

/** As above, and the commands that repair a credential in place, where nobody else can be using it as it is. */
export const REPAIR_CREDENTIAL: readonly [
  typeof UPDATE_IN_IDENTITY,
  typeof UPDATE_IN_APPLICATION,
  ...typeof CREATE_CREDENTIAL,
] = [UPDATE_IN_IDENTITY, UPDATE_IN_APPLICATION, ...CREATE_CREDENTIAL];

/** Entra and Azure allow 3 to 120 letters, digits, hyphens and underscores in a credential's name. */
const MAX_NAME_LENGTH = 120;

/** Federated credentials of one identity. */
const MAX_CREDENTIALS = 20;

// Creating a credential under a name that exists would replace it, and with it somebody else's sign-in.
function freeName({ object, serviceAccountName }: Workload, { all }: CredentialMatch): string {
  const taken = new Set(all.map(({ name }) => name.toLowerCase()));
  const base = `${object.namespace}-${serviceAccountName}`
    .replaceAll(/[^A-Za-z0-9_-]/g, '-')
    .slice(0, MAX_NAME_LENGTH - 3);
  if (!taken.has(base.toLowerCase())) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`.toLowerCase())) number += 1;
  return `${base}-${number}`;
}

const REPAIRABLE: ReadonlySet<DifferenceKind> = new Set([
  'equal',
  'slash',
  'case',
  'whitespace',
  'quotes',
  'lookalike',
  'malformed',
]);

// Only a credential that nothing in the world can match as it stands may be changed: otherwise it serves somebody.
function canRepair({ issuer, subject }: CredentialComparison): boolean {
  return issuer !== null && REPAIRABLE.has(issuer.kind) && REPAIRABLE.has(subject.kind);
}

/** The issuer as a word of a command line: where it was not seen, the cluster is asked for it as the command runs. */
const ASKED_ISSUER: CommandText = {
  command: '"$(kubectl get --raw /.well-known/openid-configuration | jq -r .issuer)"',
};

/** What a new credential has to name as its issuer: that of the tokens, where Entra can ask it. */
export function trustedIssuer(issuer: Fact<string>): Word {
  if (issuer.state !== 'present') return ASKED_ISSUER;
  // A credential for an issuer inside the cluster would never be of use: the issuer has to change first.
  return canBeFederated(issuer.value) ? issuer.value : blank('issuer url');
}

function trustedBy({ issuer }: CredentialMatch): Word {
  return trustedIssuer(typeof issuer === 'string' ? { state: 'present', value: issuer, origin: '' } : issuer);
}

/** The parameters of `az ad app federated-credential` as one word of a command line. */
function parametersWord(name: string, trusted: Word, { subject, audience }: CredentialMatch): Word {
  const parameters = (issuer: string): unknown => ({
    name,
    issuer,
    subject,
    audiences: [audience ?? blank('audience').command],
  });
  if (typeof trusted !== 'string' && trusted === ASKED_ISSUER) return jsonAround(parameters, trusted);
  return JSON.stringify(parameters(typeof trusted === 'string' ? trusted : trusted.command));
}

/** What the commands above need to know. */
export interface CredentialFacts {
  readonly signIn: SignIn;
  readonly workload: Workload;
  readonly credentialMatch: CredentialMatch;
  readonly identity: Fact<Identity>;
}

type WordName =
  | 'identity'
  | 'identityName'
  | 'place'
  | 'clientId'
  | 'newName'
  | 'newParameters'
  | 'credential'
  | 'parameters'
  | 'issuer'
  | 'trusted'
  | 'subject'
  | 'audience';

/** What a sentence calls the identity: its name, else the client id. */
export function identityWord({
  signIn,
  credentialMatch,
  identity,
}: Omit<CredentialFacts, 'workload'>): string {
  const { owner } = credentialMatch;
  const name = identity.state === 'present' ? identity.value.name : null;
  if (name !== null) return name;
  if (owner?.kind === 'user-assigned') return owner.name;
  return signIn.clientId.state === 'known' ? signIn.clientId.value : 'the identity';
}

/** Whose federated credentials they are, as far as Azure or the credentials themselves tell. */
function holderOf({ credentialMatch, identity: found }: Omit<CredentialFacts, 'workload'>): {
  readonly application: boolean;
  readonly name: string | null;
  readonly place: Place;
} {
  const { owner } = credentialMatch;
  const identity = found.state === 'present' ? found.value : null;
  const arm = owner?.kind === 'user-assigned' ? owner : null;
  return {
    application:
      identity?.kind === 'application' ||
      (arm === null && !identity?.resourceGroup && owner?.kind === 'application'),
    name: identity?.name ?? arm?.name ?? null,
    place: {
      resourceGroup: identity?.resourceGroup ?? arm?.resourceGroup ?? null,
      subscription: identity?.subscription ?? arm?.subscription ?? null,
    },
  };
}

/** The client id that names an application to the Azure CLI. */
function clientIdWord({ signIn, identity }: Pick<CredentialFacts, 'signIn' | 'identity'>): Word {
  const known = identity.state === 'present' ? identity.value.clientId : undefined;
  if (known !== undefined) return known;
  return signIn.clientId.state === 'known' ? signIn.clientId.value : blank('client id');
}

/**
 * The words of the credential commands, and which of them fits: a managed identity or an application, a new
 * credential or the nearest one repaired.
 */
export function credentialFix(facts: CredentialFacts): {
  readonly words: Readonly<Record<WordName, Word>>;
  readonly fix: readonly string[];
} {
  const { workload, credentialMatch } = facts;
  const { accepting, nearest, subject, audience } = credentialMatch;
  const trusted = trustedBy(credentialMatch);
  const { application, name, place } = holderOf(facts);
  const newName = freeName(workload, credentialMatch);
  const credential = accepting?.name ?? nearest?.credential.name ?? newName;
  // Issuer and subject stand once in the list of an identity, so beside one that has both no other can be made.
  const verb = accepting !== null || (nearest !== null && canRepair(nearest)) ? 'update' : 'create';
  return {
    words: {
      identity: identityWord(facts),
      identityName: name ?? blank('identity name'),
      place: placeWords(place),
      clientId: clientIdWord(facts),
      newName,
      newParameters: parametersWord(newName, trusted, credentialMatch),
      credential,
      parameters: parametersWord(credential, trusted, credentialMatch),
      issuer: typeof credentialMatch.issuer === 'string' ? credentialMatch.issuer : ASKED_ISSUER,
      trusted,
      subject,
      audience: audience ?? blank('audience'),
    },
    fix: [`${verb}-${application ? 'application' : 'identity'}`],
  };
}

/** The nearest credential with the token's value in one field: what its repair comes to. */
export function credentialChange(
  { signIn, credentialMatch }: Pick<CredentialFacts, 'signIn' | 'credentialMatch'>,
  field: ComparedField,
): { readonly change?: Change } {
  const { nearest, issuer, subject, audience } = credentialMatch;
  const value = { issuer, subject, audience }[field];
  if (nearest === null || typeof value !== 'string' || signIn.clientId.state !== 'known') return {};
  const { name } = nearest.credential;
  return { change: { credential: { clientId: signIn.clientId.value, name, [field]: value } } };
}

/** A new credential for the pod: what its creation comes to. */
export function newCredentialChange({ signIn, workload, credentialMatch }: CredentialFacts): {
  readonly change?: Change;
} {
  const { issuer, subject, audience, all } = credentialMatch;
  if (audience === null || signIn.clientId.state !== 'known') return {};
  // An identity holds no more of them than this, so the fix alone would not do.
  if (typeof issuer !== 'string' || !canBeFederated(issuer) || all.length >= MAX_CREDENTIALS) return {};
  const name = freeName(workload, credentialMatch);
  return { change: { credential: { clientId: signIn.clientId.value, name, issuer, subject, audience } } };
}

/** Why a check of credentials does not answer for a pod that signs in by an identity binding. */
export const BINDING_STANDS_IN = 'the identity binding stands in for a credential of its own';

/** Why nothing follows from a credential that was not seen. */
export const PARTLY_GIVEN = 'only a part of the credentials was given';

/** Differences that do not show when two values are held side by side. */
export const HIDDEN_CHARACTERS = {
  whitespace: 'hiddenCharacters',
  quotes: 'hiddenCharacters',
  lookalike: 'hiddenCharacters',
} as const;

/**
 * How a finding about one field of the nearest credential is told: whose it is, and what it says beside the token.
 *
 * @param fix Ids of the fixes, as `credentialFix` picks them.
 */
export function fieldFinding(
  field: ComparedField,
  { credential, observedAudience, ...differences }: CredentialComparison,
  expected: string,
  fix: readonly string[],
): SayOptions {
  const observed = { issuer: credential.issuer, subject: credential.subject, audience: observedAudience }[
    field
  ];
  return {
    fix,
    about: { kind: 'FederatedIdentityCredential', name: credential.name },
    evidence: [
      {
        fact: 'credentialMatch',
        path: field === 'audience' ? 'properties.audiences[0]' : `properties.${field}`,
        observed: observed ?? '',
        expected,
        difference: differences[field]?.words ?? '',
        labels: { observed: credential.name, expected: 'token' },
      },
    ],
  };
}

/** The command that lists every credential of an identity. */
export function listCredentialsCommand(facts: Omit<CredentialFacts, 'workload'>): string {
  const { application, name, place } = holderOf(facts);
  return application
    ? fillCommand('az ad app federated-credential list --id {id} -o json', { id: clientIdWord(facts) })
    : fillCommand('az identity federated-credential list --identity-name {name} {place} -o json', {
        name: name ?? blank('identity name'),
        place: placeWords(place),
      });
}

/** The command that looks at every credential of an identity and runs the diagnosis again with them. */
export function settleCredentialsCommand(facts: CredentialFacts): string {
  const rerun = `${diagnosisCommand(facts.workload.object)} --federated-credentials credentials.json`;
  return `${listCredentialsCommand(facts)} > credentials.json && ${rerun}`;
}
