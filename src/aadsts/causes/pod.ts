import type { CauseTexts } from './entry.ts';

const ENV =
  'kubectl get pod POD -n {namespace} -o yaml\nLook for AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE in env.';
const LABEL =
  'kubectl patch deployment DEPLOYMENT -n {namespace} --type merge -p \'{"spec":{"template":{"metadata":{"labels":{"azure.workload.identity/use":"true"}}}}}\'';
const RESTART = 'kubectl rollout restart deployment/DEPLOYMENT -n {namespace}';

/** The pod: its label, its variables, its volume. */
export const POD: CauseTexts = {
  'POD-01': {
    title: 'the label azure.workload.identity/use: "true" is missing on the pod',
    confirm: 'kubectl get pod POD -n {namespace} --show-labels',
    fix: LABEL,
  },
  'POD-02': {
    title: 'the label has another value than "true"',
    confirm: 'kubectl get pod POD -n {namespace} -L azure.workload.identity/use',
    fix: LABEL,
  },
  'POD-03': {
    title: 'the pod is older than label, annotation or webhook',
    confirm: `The spec looks right but the variables are absent:\n${ENV}`,
    fix: RESTART,
  },
  'POD-04': {
    title: 'the container is on the skip list',
    confirm: 'kubectl get pod POD -n {namespace} -o yaml | grep skip-containers',
    fix: 'Take the container out of azure.workload.identity/skip-containers in the pod template.',
  },
  'POD-07': {
    title: 'AZURE_CLIENT_ID is set by hand and wins over the service account',
    confirm: `A value of the template beats the injected one, even an empty one:\n${ENV}`,
    fix: 'kubectl set env deployment/DEPLOYMENT -n {namespace} -c CONTAINER AZURE_CLIENT_ID-',
  },
  'POD-08': {
    title: 'tenant id or authority host is set by hand',
    confirm: ENV,
    fix: 'kubectl set env deployment/DEPLOYMENT -n {namespace} -c CONTAINER AZURE_TENANT_ID- AZURE_AUTHORITY_HOST-',
  },
  'POD-09': {
    title: 'the token path points where nothing is mounted',
    confirm: `Compare AZURE_FEDERATED_TOKEN_FILE with the volume mounts:\n${ENV}`,
    fix: 'Remove the path set by hand and label the pod, so that volume and variable come together:\nkubectl set env deployment/DEPLOYMENT -n {namespace} -c CONTAINER AZURE_FEDERATED_TOKEN_FILE-',
  },
  'POD-10': {
    title: 'the token is mounted by subPath and never renewed',
    confirm: 'kubectl get pod POD -n {namespace} -o yaml | grep -n subPath',
    fix: 'Mount the directory of the volume without subPath.',
  },
  'POD-13': {
    title: 'the token lifetime on the pod is not valid',
    confirm:
      'azure.workload.identity/service-account-token-expiration must be a plain number from 3600 to 86400:\nkubectl get deployment DEPLOYMENT -n {namespace} -o yaml | grep -n token-expiration',
    fix: 'Set the annotation in the pod template to "3600", or remove it.',
  },
  'POD-14': {
    title: 'the proxy annotation is present, which injects the proxy whatever its value',
    confirm: 'kubectl get deployment DEPLOYMENT -n {namespace} -o yaml | grep -n inject-proxy-sidecar',
    fix: 'kubectl patch deployment DEPLOYMENT -n {namespace} --type merge -p \'{"spec":{"template":{"metadata":{"annotations":{"azure.workload.identity/inject-proxy-sidecar":null}}}}}\'',
  },
  'POD-15': {
    title: 'hostNetwork and the proxy sidecar exclude each other',
    confirm:
      'kubectl get deployment DEPLOYMENT -n {namespace} -o yaml | grep -n -e hostNetwork -e inject-proxy-sidecar',
    fix: 'Remove the annotation azure.workload.identity/inject-proxy-sidecar (or hostNetwork) from the pod template.',
  },
  'POD-16': {
    title: 'pod security refuses the privileged proxy init container',
    confirm: 'kubectl get ns {namespace} --show-labels',
    fix: 'Drop the proxy annotation and use an SDK with workload identity; or exempt the namespace.',
  },
  'POD-17': {
    title: 'the proxy port is not valid or already taken',
    confirm: 'kubectl get deployment DEPLOYMENT -n {namespace} -o yaml | grep -n proxy-sidecar-port',
    fix: 'Set azure.workload.identity/proxy-sidecar-port to a free port from 1 to 65535.',
  },
  'POD-18': {
    title: 'neither request nor service account gives the proxy a client id',
    confirm: 'kubectl get sa {serviceAccount} -n {namespace} -o yaml',
    fix:
      'kubectl annotate sa {serviceAccount} -n {namespace} azure.workload.identity/client-id=CLIENT_ID --overwrite\n' +
      RESTART,
  },
  'POD-21': {
    title: 'the process may not read the token file',
    confirm:
      'kubectl get pod POD -n {namespace} -o jsonpath=\'{.spec.securityContext}{"\\n"}{.spec.containers[*].securityContext}\'',
    fix: 'Set spec.securityContext.fsGroup, or give all containers one runAsUser.',
  },
  'POD-23': {
    title: 'the pod was never created',
    confirm:
      'kubectl get events -n {namespace} --field-selector reason=FailedCreate --sort-by=.lastTimestamp',
    fix: 'Mend what the event names; the controller then creates the pod by itself.',
  },
  'POD-27': {
    title: 'a token is projected by hand, but the variables are missing',
    confirm: ENV,
    fix:
      'Set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE in the template, or let the webhook do it:\n' +
      LABEL,
  },
  'POD-28': {
    title: 'the program asks IMDS for something else than a token, through the proxy',
    confirm: 'kubectl logs POD -n {namespace} -c azwi-proxy',
    fix: 'Allow the pod to reach 169.254.169.254, or drop the metadata call.',
  },
};
