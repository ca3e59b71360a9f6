import type { CauseTexts } from './entry.ts';

const HOSTS =
  'kubectl exec POD -n {namespace} -c CONTAINER -- wget -qO- https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration';

/** The SDK, the network, the resource, and tools that bring their own identity. */
export const CONSUMER: CauseTexts = {
  'SDK-01': {
    title: 'the SDK or tool is too old for workload identity',
    confirm:
      'Its credential list has no WorkloadIdentityCredential. First versions: .NET 1.9.0, Go 1.3.0, Java 1.9.0, JS 3.2.0, Python 1.13.0, C++ 1.6.0.',
    fix: 'Upgrade the identity library or the tool.',
  },
  'SDK-02': {
    title: 'a secret or certificate in the environment goes first (EnvironmentCredential)',
    confirm:
      'kubectl set env pod/POD -n {namespace} --list | grep -e AZURE_CLIENT_SECRET -e AZURE_CLIENT_CERTIFICATE_PATH -e AZURE_USERNAME',
    fix: 'kubectl set env deployment/DEPLOYMENT -n {namespace} -c CONTAINER AZURE_CLIENT_SECRET- AZURE_CLIENT_CERTIFICATE_PATH- AZURE_USERNAME- AZURE_PASSWORD-',
  },
  'SDK-03': {
    title: 'the program uses ManagedIdentityCredential, which asks the node and not Entra',
    confirm:
      'The text names 169.254.169.254 or ManagedIdentityCredential, and no other credential was tried.',
    fix: 'Use WorkloadIdentityCredential or DefaultAzureCredential in the program; in a tool, switch its workload identity option on.',
  },
  'SDK-04': {
    title: 'the client id is given to the wrong option of the SDK',
    confirm: 'Is it set as managedIdentityClientId? The federated token uses workloadIdentityClientId.',
    fix: 'Set workloadIdentityClientId, or leave both out and let AZURE_CLIENT_ID decide.',
  },
  'SDK-05': {
    title: 'AZURE_CLIENT_ID is present but empty',
    confirm:
      'kubectl get pod POD -n {namespace} -o jsonpath=\'{.spec.containers[*].env[?(@.name=="AZURE_CLIENT_ID")]}\'\nWebhooks up to 1.5.0 inject an empty value when the service account has no annotation.',
    fix: 'kubectl annotate sa {serviceAccount} -n {namespace} azure.workload.identity/client-id="$(az identity show -g RESOURCE_GROUP -n IDENTITY --query clientId -o tsv)" --overwrite\nkubectl rollout restart deployment/DEPLOYMENT -n {namespace}',
  },
  'SDK-06': {
    title: 'AZURE_AUTHORITY_HOST is missing, which some SDKs demand',
    confirm: 'kubectl set env pod/POD -n {namespace} --list | grep AZURE_AUTHORITY_HOST',
    fix: 'kubectl set env deployment/DEPLOYMENT -n {namespace} -c CONTAINER AZURE_AUTHORITY_HOST=https://login.microsoftonline.com/',
  },
  'SDK-07': {
    title: 'AZURE_TOKEN_CREDENTIALS leaves workload identity out',
    confirm: 'kubectl set env pod/POD -n {namespace} --list | grep AZURE_TOKEN_CREDENTIALS',
    fix: 'kubectl set env deployment/DEPLOYMENT -n {namespace} -c CONTAINER AZURE_TOKEN_CREDENTIALS-',
  },
  'SDK-08': {
    title: 'the program asks for a v1 resource where a scope is needed',
    confirm: 'The value asked for does not end with /.default.',
    fix: 'Ask for RESOURCE/.default.',
  },
  'SDK-09': {
    title: 'the token path is built into the program',
    confirm:
      'Compare the path of the message with the variable:\nkubectl get pod POD -n {namespace} -o jsonpath=\'{.spec.containers[*].env[?(@.name=="AZURE_FEDERATED_TOKEN_FILE")].value}\'',
    fix: 'Read the path from AZURE_FEDERATED_TOKEN_FILE.',
  },
  'SDK-10': {
    title: 'the program read the token file once and kept it',
    confirm:
      'The failure begins one token life (or one access token life, about 24 h) after the start and stays until a restart. Known: Rust azure_identity 0.20/0.21, reqsign before its fix of 2024, msal4j 1.23.0, hand-written MSAL code that passes a string.',
    fix: 'Upgrade the library, or read the file at each exchange (pass a callback, not a string). Until then:\nkubectl rollout restart deployment/DEPLOYMENT -n {namespace}',
  },
  'NET-01': {
    title: 'the pod cannot reach the authority host',
    confirm: HOSTS,
    fix: 'Allow TCP 443 to login.microsoftonline.com (or the host of your cloud) in NetworkPolicy, firewall and route table.',
  },
  'NET-02': {
    title: 'a proxy stands in the way',
    confirm: 'kubectl set env pod/POD -n {namespace} --list | grep -i proxy',
    fix: 'Let the proxy pass the authority host, or name it in NO_PROXY:\nkubectl set env deployment/DEPLOYMENT -n {namespace} NO_PROXY=login.microsoftonline.com,169.254.169.254,.svc',
  },
  'NET-03': {
    title: 'TLS is intercepted, or the image has no CA certificates',
    confirm:
      'The certificate of the authority host is signed by somebody the image does not trust:\nkubectl exec POD -n {namespace} -c CONTAINER -- ls /etc/ssl/certs',
    fix: 'Add the CA of the inspecting proxy (or the ca-certificates package) to the image.',
  },
  'NET-04': {
    title: 'DNS does not resolve the host',
    confirm:
      'kubectl -n kube-system get pod -l k8s-app=kube-dns\nkubectl exec POD -n {namespace} -c CONTAINER -- nslookup login.microsoftonline.com',
    fix: 'Repair CoreDNS or the custom DNS server of the network.',
  },
  'NET-05': {
    title: 'the program asks the node (IMDS) and not Entra',
    confirm: 'The request goes to 169.254.169.254, so the federated token plays no part in it.',
    fix: 'Wire the pod (label, annotated service account) and use a credential that reads the federated token.',
  },
  'RBAC-01': {
    title: 'the identity lacks a role on the resource',
    confirm:
      'Sign-in worked. The object id of the message has to be the principal id of the identity you meant:\naz role assignment list --assignee {objectId} --all -o table',
    fix: 'az role assignment create --assignee-object-id {objectId} --assignee-principal-type ServicePrincipal --role ROLE --scope {scope}',
  },
  'RBAC-02': {
    title: 'the role was granted minutes ago',
    confirm:
      'az role assignment list --assignee {objectId} --all --query "[].{role:roleDefinitionName,at:createdOn}" -o table',
    fix: 'Wait up to ten minutes and retry.',
  },
  'RBAC-03': {
    title: 'the role was given to another principal',
    confirm:
      'az identity show -g RESOURCE_GROUP -n IDENTITY --query "{principal:principalId,client:clientId}" -o json\nThe principal id has to equal {objectId}.',
    fix: 'az role assignment create --assignee-object-id PRINCIPAL_ID --assignee-principal-type ServicePrincipal --role ROLE --scope {scope}',
  },
  'RBAC-04': {
    title: 'access model or network rules of the resource refuse the call',
    confirm:
      'az keyvault show -n VAULT --query "{rbac:properties.enableRbacAuthorization,net:properties.networkAcls.defaultAction}" -o json\nStorage: az storage account show -n ACCOUNT --query networkRuleSet -o json',
    fix: "Grant the access the resource's model asks for (policy or role), or open its network rules for the cluster.",
  },
  'IB-01': {
    title: 'the pod has an identity binding, but the SDK does not use the token proxy',
    confirm: 'The audience is api://AKSIdentityBinding, which only the proxy of the cluster takes.',
    fix: 'Switch the proxy on in the SDK (EnableAzureProxy, enableAzureProxy, enable_azure_proxy), or remove the annotation azure.workload.identity/use-identity-binding.',
  },
  'IB-07': {
    title: 'the CA ConfigMap of the token proxy is missing',
    confirm: 'kubectl get configmap kube-root-ca.crt -n {namespace}',
    fix: 'kubectl delete pod POD -n {namespace}\nThe control plane writes kube-root-ca.crt again; without it the pod stays in ContainerCreating.',
  },
  'OP-01': {
    title: 'KEDA presents its own service account for every trigger',
    confirm: 'The subject ends with :keda-operator, whatever identityId says.',
    fix: 'az identity federated-credential create --name keda --identity-name IDENTITY -g RESOURCE_GROUP --issuer {issuer} --subject {subject} --audiences {audience}',
  },
  'OP-03': {
    title: 'External Secrets presents the service account its store refers to',
    confirm: 'kubectl get secretstore,clustersecretstore -A -o yaml | grep -n -A3 serviceAccountRef',
    fix: 'Create the federated credential for that service account.',
  },
  'OP-05': {
    title: 'external-dns takes the identity from azure.json',
    confirm:
      'kubectl get secret external-dns-azure -n {namespace} -o yaml\nLook for tenantId, useManagedIdentityExtension, userAssignedIdentityID.',
    fix: 'Remove them and set "useWorkloadIdentityExtension": true.',
  },
  'OP-07': {
    title: 'the CSI driver does not request a token with the exchange audience',
    confirm:
      "kubectl get csidriver secrets-store.csi.k8s.io -o jsonpath='{.spec.tokenRequests}'\nThe driver uses neither webhook nor label; clientID in the SecretProviderClass counts.",
    fix: 'helm upgrade csi-secrets-store secrets-store-csi-driver/secrets-store-csi-driver -n kube-system --reuse-values --set tokenRequests[0].audience=api://AzureADTokenExchange',
  },
};
