import { blank, type CommandText, type Word } from './word.ts';
import type { Evidence } from './define-check.ts';
import type { Change } from './derive/change.ts';
import type { CredentialComparison, CredentialMatch } from './derive/credential-match.ts';
import { canBeFederated } from './derive/issuer.ts';
import { diagnosisCommand } from './diagnosis-command.ts';
import type { SignIn } from './derive/sign-ins.ts';
import type { Workload } from './derive/workload.ts';
import type { Fact } from './fact.ts';
import type { Identity } from './collected-facts.ts';
import { shellQuote } from './fill.ts';
import type { ComparedField, DifferenceKind } from './sources/federated-credentials/types.ts';

/** The command that makes a credential for the pod, by the kind of object that holds it. */
export const CREATE_CREDENTIAL = [
  {
    id: 'create-identity',
    command:
      'az identity federated-credential create --name {newName} --identity-name {identityName} -g {resourceGroup} --issuer {trusted} --subject {subject} --audiences {audience}',
    why: 'gives this service account a credential of its own and leaves the others as they are',
    actor: 'Entra admin',
    restarts: false,
  },
  {
    id: 'create-application',
    command: 'az ad app federated-credential create --id {clientId} --parameters {newParameters}',
    why: 'gives this service account a credential of its own and leaves the others as they are',
    actor: 'Entra admin',
    restarts: false,
  },
] as const;

/** As above, and the commands that repair a credential in place, where nobody else can be using it as it is. */
export const REPAIR_CREDENTIAL = [
  {
    id: 'update-identity',
    command:
      'az identity federated-credential update --name {credential} --identity-name {identityName} -g {resourceGroup} --issuer {trusted} --subject {subject} --audiences {audience}',
    why: 'makes {credential} say what the token says',
    actor: 'Entra admin',
    restarts: false,
  },
  {
    id: 'update-application',
    command:
      'az ad app federated-credential update --id {clientId} --federated-credential-id {credential} --parameters {parameters}',
    why: 'makes {credential} say what the token says',
    actor: 'Entra admin',
    restarts: false,
  },
  {
    id: 'create-identity',
    command:
      'az identity federated-credential create --name {newName} --identity-name {identityName} -g {resourceGroup} --issuer {trusted} --subject {subject} --audiences {audience}',
    why: 'gives this service account a credential of its own and leaves the others as they are',
    actor: 'Entra admin',
    restarts: false,
  },
  {
    id: 'create-application',
    command: 'az ad app federated-credential create --id {clientId} --parameters {newParameters}',
    why: 'gives this service account a credential of its own and leaves the others as they are',
    actor: 'Entra admin',
    restarts: false,
  },
] as const;

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

/** What a new credential has to name as its issuer. */
function trustedIssuer({ issuer }: CredentialMatch): Word {
  if (typeof issuer !== 'string') return ASKED_ISSUER;
  // A credential for an issuer inside the cluster would never be of use: the issuer has to change first.
  return canBeFederated(issuer) ? issuer : blank('issuer url');
}

/** The parameters of `az ad app federated-credential` as one word of a command line. */
function parametersWord(name: string, trusted: Word, { subject, audience }: CredentialMatch): Word {
  const rest = { subject, audiences: [audience ?? blank('audience').command] };
  if (trusted !== ASKED_ISSUER) {
    return JSON.stringify({ name, issuer: typeof trusted === 'string' ? trusted : trusted.command, ...rest });
  }
  // The quotation ends before the command that stands in the text, and begins anew behind it.
  const before = `${JSON.stringify({ name }).slice(0, -1)},"issuer":"`;
  const after = `",${JSON.stringify(rest).slice(1)}`;
  return { command: `${shellQuote(before)}${ASKED_ISSUER.command}${shellQuote(after)}` };
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
  | 'resourceGroup'
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

/**
 * The words of the credential commands, and which of them fits: a managed identity or an application, a new
 * credential or the nearest one repaired.
 */
export function credentialFix(facts: CredentialFacts): {
  readonly words: Readonly<Record<WordName, Word>>;
  readonly fix: readonly string[];
} {
  const { signIn, workload, credentialMatch } = facts;
  const { owner, nearest, subject, audience } = credentialMatch;
  const trusted = trustedIssuer(credentialMatch);
  const identity = facts.identity.state === 'present' ? facts.identity.value : null;
  const arm = owner?.kind === 'user-assigned' ? owner : null;
  const application =
    identity?.kind === 'application' ||
    (arm === null && !identity?.resourceGroup && owner?.kind === 'application');
  const newName = freeName(workload, credentialMatch);
  const credential = nearest?.credential.name ?? newName;
  const verb = nearest !== null && canRepair(nearest) ? 'update' : 'create';
  return {
    words: {
      identity: identityWord(facts),
      identityName: identity?.name ?? arm?.name ?? blank('identity name'),
      resourceGroup: identity?.resourceGroup ?? arm?.resourceGroup ?? blank('resource group'),
      clientId: signIn.clientId.state === 'known' ? signIn.clientId.value : blank('client id'),
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

/** What one field of the nearest credential says, beside what the token says. */
export function fieldEvidence(
  field: ComparedField,
  { credential, observedAudience, ...differences }: CredentialComparison,
  expected: string,
): Evidence {
  const observed = { issuer: credential.issuer, subject: credential.subject, audience: observedAudience }[
    field
  ];
  return {
    fact: 'credentialMatch',
    path: field === 'audience' ? 'properties.audiences[0]' : `properties.${field}`,
    observed: observed ?? '',
    expected,
    difference: differences[field]?.words ?? '',
    labels: { observed: credential.name, expected: 'token' },
  };
}

/** The command that looks at every credential of an identity and runs the diagnosis again with them. */
export function listCredentialsCommand(facts: CredentialFacts): string {
  const { credentialMatch, signIn } = facts;
  const rerun = `${diagnosisCommand(facts.workload.object)} --federated-credentials credentials.json`;
  const identity = facts.identity.state === 'present' ? facts.identity.value : null;
  const { owner } = credentialMatch;
  const arm = owner?.kind === 'user-assigned' ? owner : null;
  if (identity?.kind === 'application' || (arm === null && owner?.kind === 'application')) {
    const id = signIn.clientId.state === 'known' ? shellQuote(signIn.clientId.value) : 'CLIENT_ID';
    return `az ad app federated-credential list --id ${id} -o json > credentials.json && ${rerun}`;
  }
  const name = identity?.name ?? arm?.name;
  const group = identity?.resourceGroup ?? arm?.resourceGroup;
  return `az identity federated-credential list --identity-name ${name ? shellQuote(name) : 'IDENTITY_NAME'} -g ${group ? shellQuote(group) : 'RESOURCE_GROUP'} -o json > credentials.json && ${rerun}`;
}
