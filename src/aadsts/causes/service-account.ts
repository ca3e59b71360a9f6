import type { CauseTexts } from './entry.ts';

const SA = 'kubectl get sa {serviceAccount} -n {namespace} -o yaml';
const ANNOTATE_CLIENT =
  'kubectl annotate sa {serviceAccount} -n {namespace} azure.workload.identity/client-id="$(az identity show -g RESOURCE_GROUP -n IDENTITY --query clientId -o tsv)" --overwrite\nkubectl rollout restart deployment/DEPLOYMENT -n {namespace}';
const ANNOTATE_TENANT =
  'kubectl annotate sa {serviceAccount} -n {namespace} azure.workload.identity/tenant-id="$(az identity show -g RESOURCE_GROUP -n IDENTITY --query tenantId -o tsv)" --overwrite\nkubectl rollout restart deployment/DEPLOYMENT -n {namespace}';

/** Annotations of the service account and the objects they name at Entra. */
export const SERVICE_ACCOUNT_AND_ENTRA: CauseTexts = {
  'SA-01': {
    title: 'the service account carries no client id',
    confirm: SA,
    fix: ANNOTATE_CLIENT,
  },
  'SA-02': {
    title: 'the client id is not a GUID',
    confirm: `The annotation azure.workload.identity/client-id must be the clientId, not a name or a resource id:\n${SA}`,
    fix: ANNOTATE_CLIENT,
  },
  'SA-03': {
    title: 'an object (principal) id stands where the client id belongs',
    confirm:
      'az ad sp show --id {clientId} --query "{appId:appId,objectId:id}" -o json\naz accepts both; the client id is the appId.',
    fix: ANNOTATE_CLIENT,
  },
  'SA-04': {
    title: 'blanks, quotes or a newline are part of the value',
    confirm: 'kubectl get sa {serviceAccount} -n {namespace} -o json\nIn JSON they show as escapes.',
    fix: ANNOTATE_CLIENT,
  },
  'SA-05': {
    title: 'the identity was deleted or re-created, or is another one than meant',
    confirm:
      'az ad sp show --id {clientId} --query "{name:displayName,type:servicePrincipalType,enabled:accountEnabled}" -o json\naz identity list --query "[?clientId==\'CLIENT_ID\'].id" -o tsv',
    fix: ANNOTATE_CLIENT,
  },
  'SA-06': {
    title: 'the tenant id is wrong',
    confirm: `The annotation azure.workload.identity/tenant-id must be the tenant of the identity, or absent:\n${SA}\naz identity show -g RESOURCE_GROUP -n IDENTITY --query tenantId -o tsv`,
    fix: ANNOTATE_TENANT,
  },
  'SA-07': {
    title: 'the pod runs under another service account than meant',
    confirm: "kubectl get pod POD -n {namespace} -o jsonpath='{.spec.serviceAccountName}'",
    fix: 'kubectl patch deployment DEPLOYMENT -n {namespace} --type merge -p \'{"spec":{"template":{"spec":{"serviceAccountName":"SERVICE_ACCOUNT"}}}}\'',
  },
  'SA-11': {
    title: 'the annotation was changed after the pod had started',
    confirm:
      'Compare the variable of the pod with the annotation:\nkubectl get pod POD -n {namespace} -o jsonpath=\'{.spec.containers[*].env[?(@.name=="AZURE_CLIENT_ID")].value}\'\nkubectl get sa {serviceAccount} -n {namespace} -o yaml',
    fix: 'kubectl rollout restart deployment/DEPLOYMENT -n {namespace}',
  },
  'SA-12': {
    title: 'the service account was deleted while the pod ran',
    confirm: SA,
    fix: 'Create it again with its annotations, then restart the pods.',
  },
  'SA-13': {
    title: 'the token lifetime on the service account is not valid',
    confirm: `azure.workload.identity/service-account-token-expiration must be a plain number from 3600 to 86400:\n${SA}`,
    fix: 'kubectl annotate sa {serviceAccount} -n {namespace} azure.workload.identity/service-account-token-expiration=3600 --overwrite',
  },
  'ENT-01': {
    title: 'the application is not in the directory that was asked',
    confirm: 'Signed in to that tenant:\naz ad sp show --id {clientId} -o json',
    fix: ANNOTATE_TENANT,
  },
  'ENT-02': {
    title: 'the tenant does not exist in this cloud',
    confirm:
      'curl -sS https://login.microsoftonline.com/{tenantId}/v2.0/.well-known/openid-configuration\n400 means that this host does not know it.',
    fix: ANNOTATE_TENANT,
  },
  'ENT-03': {
    title: 'the application has no service principal in the tenant',
    confirm: 'az ad sp show --id {clientId}',
    fix: 'az ad sp create --id {clientId}',
  },
  'ENT-04': {
    title: 'the service principal is disabled',
    confirm: 'az ad sp show --id {clientId} --query accountEnabled -o tsv',
    fix: 'az ad sp update --id {clientId} --set accountEnabled=true',
  },
  'ENT-05': {
    title: 'a Conditional Access policy blocks the service principal',
    confirm:
      'Find the correlation id in the sign-in log, tab "service principal sign-ins"; it names the policy.',
    fix: 'Exclude the service principal from the policy, or use a managed identity, which such policies do not cover.',
  },
  'ENT-06': {
    title: 'a policy of the tenant restricts which issuers may be federated',
    confirm:
      'az rest --method GET --uri https://graph.microsoft.com/beta/policies/defaultAppManagementPolicy',
    fix: 'Have an administrator of the tenant allow this issuer.',
  },
  'ENT-07': {
    title: 'resource or scope of the request is wrong',
    confirm: 'The scope has to be the application id URI of the resource with /.default behind it.',
    fix: 'Ask for RESOURCE/.default, such as https://vault.azure.net/.default or https://storage.azure.com/.default.',
  },
  'ENT-08': {
    title: 'a client secret is still in use',
    confirm:
      "kubectl set env pod/POD -n {namespace} --list | grep AZURE_CLIENT_SECRET\nLook at the tool's own config too.",
    fix: 'Remove the secret and let the federated token be used:\nkubectl set env deployment/DEPLOYMENT -n {namespace} -c CONTAINER AZURE_CLIENT_SECRET-',
  },
  'ENT-09': {
    title: 'an Entra token is sent in place of the service account token',
    confirm: 'wi-doctor token FILE\nIts issuer is login.microsoftonline.com or sts.windows.net.',
    fix: 'Use WorkloadIdentityCredential (Microsoft.Identity.Web: SignedAssertionFilePath), which sends the projected file.',
  },
};
