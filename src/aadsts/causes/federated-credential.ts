import type { CauseTexts } from './entry.ts';

const LIST =
  'az identity federated-credential list --identity-name IDENTITY -g RESOURCE_GROUP -o json\nFor an app registration:\naz ad app federated-credential list --id {clientId} -o json';
const CREATE =
  'az identity federated-credential create --name NAME --identity-name IDENTITY -g RESOURCE_GROUP --issuer {issuer} --subject {subject} --audiences {audience}';
const UPDATE =
  'az identity federated-credential update --name NAME --identity-name IDENTITY -g RESOURCE_GROUP --issuer {issuer} --subject {subject} --audiences {audience}';

/** The trust record at Entra. Create adds beside what exists; update is offered only where nobody else can need the old value. */
export const FEDERATED_CREDENTIAL: CauseTexts = {
  'FIC-01': {
    title: 'the identity has no federated credential for this workload',
    confirm: `List the credentials of the client id the pod really uses:\n${LIST}`,
    fix: CREATE,
  },
  'FIC-02': {
    title: 'the credential names another issuer',
    confirm: `Compare the issuer of each credential with the token's, byte for byte:\n${LIST}`,
    fix: CREATE,
  },
  'FIC-03': {
    title: 'the issuer differs by the slash at its end',
    confirm: `Entra compares whole strings, and AKS issuers end with "/":\naz aks show -g RESOURCE_GROUP -n CLUSTER --query oidcIssuerProfile.issuerUrl -o tsv\n${LIST}`,
    fix: UPDATE,
  },
  'FIC-04': {
    title: 'the credential has the issuer in an older or regional form',
    confirm: `Same GUID at the end of the path, another host in front?\n${LIST}`,
    fix: CREATE,
  },
  'FIC-05': {
    title: 'the credential names another namespace or service account',
    confirm: `Look for a subject that is nearly {subject}:\n${LIST}`,
    fix: CREATE,
  },
  'FIC-06': {
    title: 'the subject differs in upper and lower case only',
    confirm: `The same letters in another case than {subject}:\n${LIST}`,
    fix: UPDATE,
  },
  'FIC-07': {
    title: 'the subject of the credential is malformed',
    confirm: `The form is system:serviceaccount:NAMESPACE:NAME, without slash, plural or template braces:\n${LIST}`,
    fix: UPDATE,
  },
  'FIC-08': {
    title: 'the credential expects another audience',
    confirm: `Compare the audience of each credential with {audience}:\n${LIST}`,
    fix: CREATE,
  },
  'FIC-09': {
    title: 'blanks, quotes or a newline hide in the credential',
    confirm: `Print it as JSON, where they show as escapes:\n${LIST}`,
    fix: UPDATE,
  },
  'FIC-10': {
    title: 'the credential sits on another identity than the one the pod uses',
    confirm:
      'Resolve the client id the pod sends, then list the credentials of that object:\nkubectl get pod POD -n {namespace} -o jsonpath=\'{.spec.containers[*].env[?(@.name=="AZURE_CLIENT_ID")].value}\'\naz ad sp show --id {clientId} --query "{name:displayName,type:servicePrincipalType,alt:alternativeNames}" -o json',
    fix: `Either create the credential on the identity the pod uses, or give the pod the other client id.\n${CREATE}`,
  },
  'FIC-11': {
    title: 'the credential is only minutes old',
    confirm:
      'Was it created less than about ten minutes before the log? Then successes and failures can alternate:\naz monitor activity-log list -g RESOURCE_GROUP --offset 1h --query "[?contains(operationName.value,\'federatedIdentityCredentials\')].{at:eventTimestamp,name:resourceId}" -o table',
    fix: 'Wait some minutes and retry.',
  },
  'FIC-12': {
    title: 'the credential is right, and Entra refuses it now and then',
    confirm:
      'Only if issuer, subject and audience are equal byte for byte: measure the share of failing requests before changing anything.\nwi-doctor pod POD -n {namespace} --exchange --attempts 20 --interval 5s',
    fix: `Retry with back-off. If every request fails although all bytes match, delete the credential and create it again, one at a time:\naz identity federated-credential delete --name NAME --identity-name IDENTITY -g RESOURCE_GROUP --yes\n${CREATE}`,
  },
  'FIC-17': {
    title: 'another cluster has overwritten the credential',
    confirm: `Does its issuer belong to another live cluster that deploys a credential of the same name?\n${LIST}`,
    fix: CREATE,
  },
  'FIC-18': {
    title: 'a flexible credential (expression) is used for a Kubernetes issuer',
    confirm:
      'az ad app federated-credential list --id {clientId} --query "[].{name:name,subject:subject}" -o table\nA credential without subject is a flexible one.',
    fix: `az ad app federated-credential create --id {clientId} --parameters '{"name":"NAME","issuer":"ISSUER","subject":"SUBJECT","audiences":["AUDIENCE"]}'`,
  },
  'FIC-19': {
    title: 'the identity is system-assigned and cannot hold credentials',
    confirm:
      'az ad sp show --id {clientId} --query alternativeNames -o json\nisExplicit=False means system-assigned.',
    fix: 'az identity create -g RESOURCE_GROUP -n IDENTITY\nThen put its clientId on the service account and create the credential there.',
  },
};
