import type { Symptom } from './entry.ts';

const WEBHOOK = 'mutation\\.azure-workload-identity\\.io';
const DENIED = `admission webhook ["'\\\\]{0,6}${WEBHOOK}["'\\\\]{0,6} denied the request:? ?`;
const CALLING = `failed calling webhook ["'\\\\]{0,6}${WEBHOOK}["'\\\\]{0,6}`;
const TRIGGER = ['mutation.azure-workload-identity.io'];
const MUTATOR = {
  url: 'https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/webhook.go',
  read: '2026-09',
};

/** The pod was never created: the webhook refused it, or could not be asked. */
export const ADMISSION: readonly Symptom[] = [
  {
    kind: 'admission-host-network-proxy',
    role: 'decisive',
    triggers: ['cannot inject proxy sidecar'],
    patterns: ['hostNetwork is set to true, cannot inject proxy sidecar'],
    wordings: [
      'admission webhook "mutation.azure-workload-identity.io" denied the request: hostNetwork is set to true, cannot inject proxy sidecar',
    ],
    meaning:
      'The webhook refused the pod because it uses hostNetwork and asks for the proxy sidecar. Any value of the proxy annotation counts, even "false".',
    causes: [
      { code: 'POD-15', likelihood: 'certain' },
      { code: 'POD-14', likelihood: 'possible' },
      { code: 'POD-23', likelihood: 'certain' },
    ],
    sources: [MUTATOR],
  },
  {
    kind: 'admission-proxy-port-invalid',
    role: 'decisive',
    triggers: ['proxy sidecar port'],
    patterns: ['failed to parse proxy sidecar port'],
    wordings: [
      'admission webhook "mutation.azure-workload-identity.io" denied the request: failed to parse proxy sidecar port: strconv.ParseInt: parsing "http": invalid syntax',
    ],
    meaning: 'The webhook refused the pod because the annotation proxy-sidecar-port is not a number.',
    causes: [{ code: 'POD-17', likelihood: 'certain' }],
    sources: [MUTATOR],
  },
  {
    kind: 'admission-expiration-invalid',
    role: 'decisive',
    triggers: ['token expiration', ...TRIGGER],
    patterns: [
      'token expiration \\S{1,40} not valid\\. Expected value to be between',
      `${DENIED}[^\\n]{0,40}strconv\\.ParseInt: parsing`,
    ],
    wordings: [
      'admission webhook "mutation.azure-workload-identity.io" denied the request: token expiration 60 not valid. Expected value to be between 3600 and 86400',
      'Error creating: admission webhook "mutation.azure-workload-identity.io" denied the request: strconv.ParseInt: parsing "24h": invalid syntax',
    ],
    meaning:
      'The webhook refused the pod because the annotated token lifetime is not a plain number of seconds from 3600 to 86400.',
    causes: [
      { code: 'POD-13', likelihood: 'likely' },
      { code: 'SA-13', likelihood: 'likely' },
    ],
    sources: [MUTATOR],
  },
  {
    kind: 'admission-service-account-unreadable',
    role: 'decisive',
    triggers: TRIGGER,
    patterns: [
      `${DENIED}[^\\n]{0,300}serviceaccounts?["'\\\\.]{0,3}[^\\n]{0,200}(?:not found|is forbidden)`,
      `${DENIED}[^\\n]{0,40}failed to get (?:service ?account|serviceaccount)`,
    ],
    wordings: [
      'admission webhook "mutation.azure-workload-identity.io" denied the request: serviceaccounts "web" is forbidden: User "system:serviceaccount:kube-system:azure-wi-webhook-admin" cannot get resource "serviceaccounts" in API group "" in the namespace "shop"',
      'admission webhook "mutation.azure-workload-identity.io" denied the request: ServiceAccount "web" not found',
    ],
    meaning:
      'The webhook refused the pod because it could not read the service account: it does not exist, or the webhook lacks the right to read it.',
    causes: [
      { code: 'WH-12', likelihood: 'likely' },
      { code: 'WH-14', likelihood: 'likely' },
    ],
    sources: [MUTATOR],
  },
  {
    kind: 'webhook-no-endpoints',
    role: 'decisive',
    triggers: TRIGGER,
    patterns: [
      `${CALLING}[^\\n]{0,500}(?:no endpoints available|connection refused|no such host|service [^\\n]{0,80}not found)`,
    ],
    wordings: [
      'Internal error occurred: failed calling webhook "mutation.azure-workload-identity.io": failed to call webhook: Post "https://azure-wi-webhook-webhook-service.kube-system.svc:443/mutate-v1-pod?timeout=10s": no endpoints available for service "azure-wi-webhook-webhook-service"',
    ],
    meaning:
      'The API server found no running pod of the workload identity webhook, so labelled pods cannot be created.',
    causes: [
      { code: 'WH-01', likelihood: 'certain' },
      { code: 'WH-04', likelihood: 'possible' },
      { code: 'CL-04', likelihood: 'possible' },
      { code: 'POD-23', likelihood: 'certain' },
    ],
    sources: [{ url: 'https://github.com/Azure/AKS/issues/5686', read: '2026-09' }],
  },
  {
    kind: 'webhook-tls',
    role: 'decisive',
    triggers: [...TRIGGER, 'azure-wi-webhook'],
    patterns: [
      `${CALLING}[^\\n]{0,500}(?:x509:|server gave HTTP response to HTTPS client|tls:|certificate)`,
      'azure-wi-webhook[^\\n]{0,300}TLS handshake error[^\\n]{0,100}(?:bad|unknown) certificate',
    ],
    wordings: [
      'failed calling webhook "mutation.azure-workload-identity.io": failed to call webhook: Post "https://azure-wi-webhook-webhook-service.azure-workload-identity-system.svc:443/mutate-v1-pod?timeout=10s": x509: certificate signed by unknown authority',
      'failed calling webhook "mutation.azure-workload-identity.io": Post "https://azure-wi-webhook-webhook-service.kube-system.svc:443/mutate-v1-pod?timeout=10s": http: server gave HTTP response to HTTPS client',
    ],
    meaning:
      'The API server does not trust the certificate of the webhook, so labelled pods cannot be created. Certificate and caBundle of the webhook configuration do not fit each other.',
    causes: [
      { code: 'WH-03', likelihood: 'certain' },
      { code: 'CL-04', likelihood: 'possible' },
    ],
    sources: [
      { url: 'https://github.com/Azure/AKS/issues/5472', read: '2026-09' },
      { url: 'https://github.com/Azure/AKS/issues/4139', read: '2026-09' },
    ],
  },
  {
    kind: 'webhook-timeout',
    role: 'decisive',
    triggers: TRIGGER,
    patterns: [
      `${CALLING}[^\\n]{0,500}(?:context deadline exceeded|Client\\.Timeout|i/o timeout|connection timed out|no route to host|request canceled|: EOF)`,
    ],
    wordings: [
      'Error creating: Internal error occurred: failed calling webhook "mutation.azure-workload-identity.io": failed to call webhook: Post "https://azure-wi-webhook-webhook-service.azure-workload-identity-system.svc:443/mutate-v1-pod?timeout=10s": context deadline exceeded',
    ],
    meaning:
      'The API server got no answer from the workload identity webhook in time, so labelled pods cannot be created. Mostly the way from the control plane to port 9443 of the nodes is closed.',
    causes: [
      { code: 'WH-02', likelihood: 'likely' },
      { code: 'WH-01', likelihood: 'possible' },
    ],
    sources: [
      { url: 'https://github.com/Azure/azure-workload-identity/issues/863', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-workload-identity/issues/1608', read: '2026-09' },
    ],
  },
  {
    kind: 'admission-pod-security',
    role: 'decisive',
    triggers: ['azwi-proxy'],
    patterns: [
      'violates PodSecurity[^\\n]{0,400}azwi-proxy',
      'azwi-proxy[^\\n]{0,200}(?:privileged|denied by|not allowed)',
    ],
    wordings: [
      'pods "web" is forbidden: violates PodSecurity "restricted:latest": privileged (container "azwi-proxy-init" must not set securityContext.privileged=true)',
    ],
    meaning:
      'Pod security refuses the pod because the injected proxy init container is privileged. The proxy is there because its annotation is present.',
    causes: [
      { code: 'POD-16', likelihood: 'certain' },
      { code: 'POD-14', likelihood: 'possible' },
    ],
    sources: [{ url: 'https://github.com/Azure/azure-workload-identity/issues/1424', read: '2026-09' }],
  },
  {
    kind: 'service-account-not-found',
    role: 'decisive',
    triggers: ['error looking up service account'],
    patterns: ['error looking up service account \\S{1,200}: serviceaccount [^\\n]{1,200} not found'],
    wordings: [
      'pods "web-" is forbidden: error looking up service account shop/web: serviceaccount "web" not found',
    ],
    meaning: 'The pod was refused because its service account does not exist (yet).',
    causes: [
      { code: 'WH-14', likelihood: 'certain' },
      { code: 'SA-07', likelihood: 'possible' },
    ],
    sources: [MUTATOR],
  },
  {
    kind: 'admission-denied',
    role: 'wrapper',
    triggers: TRIGGER,
    patterns: [DENIED, CALLING],
    wordings: [
      'admission webhook "mutation.azure-workload-identity.io" denied the request: the object has been modified',
    ],
    meaning:
      'The workload identity webhook refused the pod, or could not be called; the text does not say why.',
    causes: [
      { code: 'POD-23', likelihood: 'certain' },
      { code: 'WH-01', likelihood: 'possible' },
    ],
    sources: [MUTATOR],
  },
  {
    kind: 'webhook-forbidden',
    role: 'decisive',
    triggers: ['azure-wi-webhook-admin'],
    patterns: [
      'mutatingwebhookconfigurations[^\\n]{0,300}is forbidden[^\\n]{0,200}azure-wi-webhook-admin',
      'azure-wi-webhook-admin[^\\n]{0,40}cannot (?:get|list|watch|update|patch) resource [\\\\"\']{0,3}mutatingwebhookconfigurations',
    ],
    wordings: [
      'mutatingwebhookconfigurations.admissionregistration.k8s.io "azure-wi-webhook-mutating-webhook-configuration" is forbidden: User "system:serviceaccount:azure-workload-identity-system:azure-wi-webhook-admin" cannot update resource "mutatingwebhookconfigurations" in API group "admissionregistration.k8s.io" at the cluster scope',
    ],
    meaning:
      'The webhook may not write its certificate into the webhook configuration. That is typical of a second, self-installed webhook beside the AKS add-on.',
    causes: [
      { code: 'CL-04', likelihood: 'likely' },
      { code: 'WH-12', likelihood: 'likely' },
      { code: 'WH-03', likelihood: 'possible' },
    ],
    sources: [
      { url: 'https://github.com/Azure/azure-workload-identity/issues/1023', read: '2026-09' },
      { url: 'https://github.com/Azure/azure-workload-identity/issues/856', read: '2026-09' },
    ],
  },
  {
    kind: 'webhook-tenant-missing',
    role: 'decisive',
    triggers: ['azure_tenant_id missing'],
    patterns: ['required key AZURE_TENANT_ID missing value'],
    wordings: ['panic: required key AZURE_TENANT_ID missing value'],
    meaning: 'The webhook does not start because it was installed without a tenant id.',
    causes: [{ code: 'WH-04', likelihood: 'certain' }],
    sources: [
      {
        url: 'https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/config/config.go',
        read: '2026-09',
      },
    ],
  },
];
