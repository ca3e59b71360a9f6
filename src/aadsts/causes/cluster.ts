import type { CauseTexts } from './entry.ts';

const ADDON = 'az aks update -g RESOURCE_GROUP -n CLUSTER --enable-oidc-issuer --enable-workload-identity';
const WEBHOOK = 'kubectl get deploy,pod -A -l azure-workload-identity.io/system=true -o wide';

/** The cluster and its webhook. */
export const CLUSTER_AND_WEBHOOK: CauseTexts = {
  'CL-01': {
    title: 'the cluster has no public OIDC issuer',
    confirm:
      'kubectl get --raw /.well-known/openid-configuration\nAn issuer that is no public https host cannot be fetched by Entra.',
    fix: `${ADDON}\nSelf-managed: set --service-account-issuer to a public URL and publish the two documents there.`,
  },
  'CL-02': {
    title: 'no workload identity webhook is installed',
    confirm: `kubectl get mutatingwebhookconfigurations\n${WEBHOOK}`,
    fix: ADDON,
  },
  'CL-04': {
    title: 'two installations of the webhook fight over one configuration',
    confirm: `Deployments in more than one namespace:\n${WEBHOOK}`,
    fix: 'Keep one. For the add-on:\nhelm uninstall workload-identity-webhook -n azure-workload-identity-system\nFor the chart:\naz aks update -g RESOURCE_GROUP -n CLUSTER --disable-workload-identity',
  },
  'CL-05': {
    title: 'the cluster was re-created, so its issuer is a new one',
    confirm: 'Same host and region, another GUID at the end of the issuer than in the credential?',
    fix: 'az identity federated-credential create --name NAME --identity-name IDENTITY -g RESOURCE_GROUP --issuer {issuer} --subject {subject} --audiences {audience}',
  },
  'CL-08': {
    title: 'the pod runs on a virtual node, where projected tokens do not arrive',
    confirm: 'kubectl get pod POD -n {namespace} -o wide\nA node named virtual-node… or virtual-kubelet….',
    fix: 'Schedule the pod on VM nodes.',
  },
  'CL-10': {
    title: 'the API server of an Arc cluster still signs with its default issuer',
    confirm:
      'az connectedk8s show -g RESOURCE_GROUP -n CLUSTER --query oidcIssuerProfile.issuerUrl -o tsv\nkubectl get --raw /.well-known/openid-configuration',
    fix: 'Set --service-account-issuer of kube-apiserver to the issuerUrl, restart it, then restart the pods.',
  },
  'CL-11': {
    title: 'a nested control plane (vcluster) signs the token',
    confirm:
      'Run wi-doctor against the API server that owns the pod:\nkubectl get --raw /.well-known/openid-configuration',
    fix: 'az identity federated-credential create --name NAME --identity-name IDENTITY -g RESOURCE_GROUP --issuer {issuer} --subject {subject} --audiences {audience}',
  },
  'CL-14': {
    title: 'the old aad-pod-identity still answers IMDS',
    confirm: 'kubectl get daemonset -A | grep nmi\nkubectl get crd azureidentities.aadpodidentity.k8s.io',
    fix: 'Upgrade the program to an SDK with workload identity, and remove aad-pod-identity when nobody needs it.',
  },
  'WH-01': {
    title: 'no pod of the webhook is ready',
    confirm: WEBHOOK,
    fix: 'kubectl -n WEBHOOK_NAMESPACE rollout restart deployment azure-wi-webhook-controller-manager\nWith the AKS add-on (kube-system), reconcile: az aks update -g RESOURCE_GROUP -n CLUSTER',
  },
  'WH-02': {
    title: 'the API server cannot reach the webhook on port 9443',
    confirm:
      'kubectl get networkpolicy -n WEBHOOK_NAMESPACE\nkubectl -n kube-system get pod -l app=konnectivity-agent',
    fix: 'Open TCP 9443 from the control plane to the nodes (firewall, NetworkPolicy).',
  },
  'WH-03': {
    title: 'the API server does not trust the certificate of the webhook',
    confirm:
      'kubectl get mutatingwebhookconfiguration azure-wi-webhook-mutating-webhook-configuration -o yaml\nLook at caBundle.',
    fix: 'kubectl -n WEBHOOK_NAMESPACE delete secret azure-wi-webhook-server-cert\nkubectl -n WEBHOOK_NAMESPACE rollout restart deployment azure-wi-webhook-controller-manager',
  },
  'WH-04': {
    title: 'the webhook has no tenant and does not start',
    confirm: 'kubectl get configmap azure-wi-webhook-config -n WEBHOOK_NAMESPACE -o yaml',
    fix: 'helm upgrade workload-identity-webhook azure-workload-identity/workload-identity-webhook -n azure-workload-identity-system --reuse-values --set azureTenantID=TENANT_ID',
  },
  'WH-05': {
    title: 'the webhook injects the wrong tenant by default',
    confirm: 'kubectl get configmap azure-wi-webhook-config -n WEBHOOK_NAMESPACE -o yaml',
    fix: 'helm upgrade workload-identity-webhook azure-workload-identity/workload-identity-webhook -n azure-workload-identity-system --reuse-values --set azureTenantID=TENANT_ID',
  },
  'WH-06': {
    title: 'webhook or pod point at another cloud',
    confirm:
      'kubectl get configmap azure-wi-webhook-config -n WEBHOOK_NAMESPACE -o yaml\naz cloud show --query name -o tsv',
    fix: 'helm upgrade workload-identity-webhook azure-workload-identity/workload-identity-webhook -n azure-workload-identity-system --reuse-values --set azureEnvironment=AzurePublicCloud',
  },
  'WH-12': {
    title: 'the webhook lacks rights in the cluster',
    confirm: 'kubectl get clusterrole,clusterrolebinding | grep azure-wi-webhook',
    fix: 'Install chart or add-on again, so that its roles come back.',
  },
  'WH-13': {
    title: 'the webhook runs with another --audience',
    confirm:
      "kubectl get deploy -A -l azure-workload-identity.io/system=true -o jsonpath='{.items[*].spec.template.spec.containers[*].args}'",
    fix: 'Create the credential with the audience the webhook projects.',
  },
  'WH-14': {
    title: 'the service account did not exist when the pod was created',
    confirm: 'kubectl get sa {serviceAccount} -n {namespace}',
    fix: 'kubectl create sa {serviceAccount} -n {namespace}\nThen annotate it; the controller retries by itself.',
  },
  'WH-15': {
    title: 'webhook 1.6 moved the token, and the program has the old path built in',
    confirm: 'kubectl get pod POD -n {namespace} -o yaml | grep -n /var/run/secrets/azure',
    fix: 'Read $AZURE_FEDERATED_TOKEN_FILE in place of a fixed path.',
  },
};
