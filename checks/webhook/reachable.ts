import {
  blank,
  complaintEvidence,
  defineCheck,
  mendWebhook,
  refusalsOf,
  RESTART_FOR_ADMISSION,
  restartCommand,
  setAside,
  toldRefusals,
  webhookWords,
  type Check,
  type ToldRefusal,
} from '../../src/check.ts';

const renew = {
  command: 'kubectl delete secret azure-wi-webhook-server-cert -n {webhookNamespace}',
  why: 'the webhook makes a new certificate and writes its CA into the configuration',
  actor: 'cluster admin',
  restarts: false,
} as const;
const restartWebhook = {
  command: 'kubectl rollout restart deploy/{deployment} -n {webhookNamespace}',
  why: 'loads the new certificate',
  actor: 'cluster admin',
  restarts: false,
} as const;
const policies = {
  command: 'kubectl get networkpolicy -n {webhookNamespace}',
  why: 'port 9443 of the webhook must be open to the control plane here and in every firewall between them',
  actor: 'network admin',
  restarts: false,
} as const;
const tunnel = {
  id: 'aks',
  command: 'kubectl rollout restart deploy/konnectivity-agent -n kube-system',
  why: 'on AKS the control plane reaches the nodes through this tunnel',
  actor: 'cluster admin',
  restarts: false,
} as const;
const rights = mendWebhook(
  '{chart} --reuse-values',
  'brings back ClusterRole azure-wi-webhook-manager-role and its binding',
);
const account = {
  command: 'kubectl create serviceaccount {serviceAccount} -n {namespace}',
  why: 'makes the service account; its annotations have to be set as well',
  actor: 'developer',
  restarts: false,
} as const;

/** What a told refusal says: the first sentence of its explanation, since no line of a log is kept. */
function toldAs({ kind, complaint }: ToldRefusal): ToldRefusal & { readonly message: string } {
  const message = complaint.error.meaning.replace(/(?<=\.)\s.*$/s, '');
  return { kind, complaint, message: `${message.charAt(0).toLowerCase()}${message.slice(1)}` };
}

const check: Check = defineCheck({
  id: 'webhook/reachable',
  title: 'the API server gets a proper answer from the webhook',
  link: 'webhook',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'injection', 'webhook'],
  orUnknown: ['events', 'webhookDeployments', 'complaints', 'aksCluster'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/issues/863',
    'https://github.com/Azure/AKS/issues/5472',
    'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/',
  ],
  outcomes: {
    reachable: { status: 'pass', says: 'No pod of {name} was refused on account of the webhook.' },
    unreachable: {
      status: 'fail',
      code: 'WH-02',
      title: 'The webhook does not answer',
      says: 'The API server cannot reach the webhook, so it refuses pods of {name}: {message}.',
      explainedBy: ['WH-01', 'WH-04', 'WH-11'],
      fix: [policies, tunnel, RESTART_FOR_ADMISSION],
    },
    unreachableNow: {
      status: 'warn',
      code: 'WH-02',
      title: 'The webhook does not answer',
      says: 'The API server cannot reach the webhook, so the next pod of {name} is refused: {message}.',
      fix: [policies, tunnel],
    },
    untrusted: {
      status: 'fail',
      code: 'WH-03',
      title: 'The certificate of the webhook is not trusted',
      says: 'The API server does not trust the certificate of the webhook, so it refuses pods of {name}: {message}.',
      explainedBy: ['CL-04'],
      fix: [renew, restartWebhook, RESTART_FOR_ADMISSION],
    },
    untrustedNow: {
      status: 'warn',
      code: 'WH-03',
      title: 'The certificate of the webhook is not trusted',
      says: 'The API server does not trust the certificate of the webhook, so the next pod of {name} is refused: {message}.',
      fix: [renew, restartWebhook],
    },
    noRights: {
      status: 'fail',
      code: 'WH-12',
      title: 'The webhook lacks the right to read service accounts',
      says: 'The webhook may not read service accounts, so it refuses pods of {name}: {message}.',
      fix: [...rights, RESTART_FOR_ADMISSION],
    },
    noRightsNow: {
      status: 'warn',
      code: 'WH-12',
      title: 'The webhook lacks the right to read service accounts',
      says: 'The webhook may not read service accounts, so the next pod of {name} is refused: {message}.',
      fix: rights,
    },
    noAccount: {
      status: 'fail',
      code: 'WH-14',
      title: 'The service account came after the pod',
      says: 'Service account {serviceAccount} was not there when pods of {name} were to be created: {message}.',
      explainedBy: ['SA-12'],
      fix: [account, RESTART_FOR_ADMISSION],
    },
    noAccountNow: {
      status: 'info',
      code: 'WH-14',
      title: 'The service account came after the pod',
      says: 'Service account {serviceAccount} was not there when a pod of {name} was to be created: {message}.',
    },
  },
  run({ workload, injection, webhook, events, webhookDeployments, complaints, aksCluster }, say) {
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    if (!webhook.service) return say.skip('the webhook is not a service of this cluster');
    const { controller, object, created, serviceAccountName } = workload;
    const refusals = events.state === 'present' ? refusalsOf(events.value, created) : [];
    const named = ['unreachable', 'tls', 'cannot-read-service-account', 'service-account-missing'];
    const told = toldRefusals(complaints.state === 'present' ? complaints.value : []).find(({ kind }) =>
      named.includes(kind),
    );
    const refusal = refusals.find(({ kind }) => named.includes(kind)) ?? (told && toldAs(told));
    const decides = injection.now !== 'injected' && injection.obstacles.length === 0;
    const mending = webhookWords(webhook, webhookDeployments, aksCluster);
    const words = {
      name: controller.name,
      message: (refusal?.message ?? 'its configuration holds no CA certificate').replace(/\.$/, ''),
      ...mending.words,
      serviceAccount: serviceAccountName,
      namespace: object.namespace === '' ? blank('namespace') : object.namespace,
      restart: restartCommand(controller, object.name),
    };
    if (refusal === undefined && webhook.hasCaBundle)
      return events.state === 'present' || injection.now === 'injected'
        ? say('reachable', words)
        : say.unknown(events.state === 'unknown' ? events.reason : 'no events were collected');
    const evidence = [
      refusal === undefined
        ? ({
            fact: 'webhook',
            path: 'clientConfig.caBundle',
            observed: 'empty',
            expected: 'a CA certificate',
          } as const)
        : 'complaint' in refusal
          ? complaintEvidence(refusal.complaint)[0]
          : ({ fact: 'events', path: 'message', observed: refusal.message } as const),
    ];
    const outcomes = {
      unreachable: ['unreachable', 'unreachableNow'],
      'cannot-read-service-account': ['noRights', 'noRightsNow'],
      'service-account-missing': ['noAccount', 'noAccountNow'],
      tls: ['untrusted', 'untrustedNow'],
    } as const;
    const [now, next] = outcomes[(refusal?.kind ?? 'tls') as keyof typeof outcomes];
    return say(decides ? now : next, words, { evidence, fix: [mending.fix] });
  },
});
export default check;
