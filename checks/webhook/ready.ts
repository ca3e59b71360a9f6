import {
  blank,
  complaintEvidence,
  complaintOf,
  defineCheck,
  mendWebhook,
  outdatedBy,
  refusalsOf,
  RESTART_FOR_WEBHOOK,
  restartCommand,
  setAside,
  toldRefusals,
  webhookWords,
  type Check,
  type Evidence,
} from '../../src/check.ts';
import type { Fact, FactTypes } from '../../src/facts.ts';

const restartWebhook = {
  id: 'restart',
  command: 'kubectl rollout restart deploy/{deployment} -n {webhookNamespace}',
  why: 'starts the webhook anew',
  actor: 'cluster admin',
  restarts: false,
} as const;
const scale = {
  id: 'scale',
  command: 'kubectl scale deploy/{deployment} -n {webhookNamespace} --replicas=2',
  why: 'the webhook is scaled to zero',
  actor: 'cluster admin',
  restarts: false,
} as const;
const reconcile = mendWebhook('{chart} --reuse-values', 'puts the webhook in order, if that is not enough');
const tenant = mendWebhook(
  '{chart} --reuse-values --set azureTenantID={tenant}',
  'gives the webhook the tenant without which it does not start',
);
const memory = [
  {
    id: 'helm',
    command:
      'helm upgrade {release} workload-identity-webhook --repo https://azure.github.io/azure-workload-identity/charts -n {webhookNamespace} {chart} --reuse-values --set resources.limits.memory=128Mi',
    why: 'gives the webhook more memory',
    actor: 'cluster admin',
    restarts: false,
  },
  {
    id: 'patch',
    command:
      'kubectl set resources deploy/{deployment} -n {webhookNamespace} -c manager --limits=memory=128Mi',
    why: 'gives the webhook more memory, until whoever installed it sets it back',
    actor: 'cluster admin',
    restarts: false,
  },
] as const;

type Slices = Fact<FactTypes['webhookEndpoints']>;

/** How many webhook pods answer; null when neither endpoint slices nor the deployment can be seen. */
function readyCount(
  slices: Slices,
  deployment: FactTypes['webhookDeployments'][number] | undefined,
): number | null {
  if (slices.state === 'present')
    return slices.value
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false).length;
  return deployment?.status?.replicas === undefined ? null : (deployment.status.readyReplicas ?? 0);
}

function outOfMemory(pods: Fact<FactTypes['webhookPods']>, namespace: string): string | null {
  if (pods.state !== 'present') return null;
  const pod = pods.value.find(
    ({ metadata, status }) =>
      metadata?.namespace === namespace &&
      (status?.containerStatuses ?? []).some(
        ({ state, lastState }) => (state?.terminated ?? lastState?.terminated)?.reason === 'OOMKilled',
      ),
  );
  return pod?.metadata?.name ?? null;
}

/** The webhook's own words as it ends for want of a tenant. */
const TENANT_MISSING = /AZURE_TENANT_ID missing/;

interface TenantFacts {
  readonly webhookConfig: Fact<FactTypes['webhookConfig']>;
  readonly webhookPods: Fact<FactTypes['webhookPods']>;
  readonly complaints: Fact<FactTypes['complaints']>;
}

/** What shows that the webhook has no tenant: its settings, how its container ended, or its log. Null without any. */
function withoutTenant(
  { webhookConfig, webhookPods, complaints }: TenantFacts,
  namespace: string,
): readonly Evidence[] | null {
  if (webhookConfig.state === 'present') {
    const empty = (webhookConfig.value.data?.['AZURE_TENANT_ID'] ?? '').trim() === '';
    return empty
      ? [{ fact: 'webhookConfig', path: 'data.AZURE_TENANT_ID', observed: 'empty', expected: 'a tenant id' }]
      : null;
  }
  const pods = webhookPods.state === 'present' ? webhookPods.value : [];
  const ended = pods
    .filter(({ metadata }) => metadata?.namespace === namespace)
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .map(({ state, lastState }) => (state?.terminated ?? lastState?.terminated)?.message ?? '')
    .find((message) => TENANT_MISSING.test(message));
  if (ended !== undefined)
    return [{ fact: 'webhookPods', path: 'status.containerStatuses.lastState', observed: ended.trim() }];
  const told = complaintOf(complaints.state === 'present' ? complaints.value : [], {
    kinds: ['webhook-tenant-missing'],
  });
  return told && outdatedBy(told) === null ? complaintEvidence(told) : null;
}

const check: Check = defineCheck({
  id: 'webhook/ready',
  title: 'the webhook is ready to answer',
  link: 'webhook',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'unwired',
  needs: ['workload', 'injection', 'webhook'],
  orUnknown: [
    'webhookEndpoints',
    'webhookDeployments',
    'webhookPods',
    'webhookConfig',
    'events',
    'complaints',
    'aksCluster',
  ],
  sources: [
    'https://github.com/Azure/AKS/issues/5686',
    'https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/config/config.go',
  ],
  outcomes: {
    ready: { status: 'pass', says: 'The webhook has {count} ready.' },
    down: {
      status: 'fail',
      code: 'WH-01',
      title: 'The webhook is down',
      says: 'No pod of the webhook is ready in namespace {webhookNamespace}, so the API server refuses every labelled pod.',
      fix: [scale, restartWebhook, ...reconcile, RESTART_FOR_WEBHOOK],
    },
    downNow: {
      status: 'warn',
      code: 'WH-01',
      title: 'The webhook is down',
      says: 'No pod of the webhook is ready in namespace {webhookNamespace}: {name} keeps running, but the pod that follows it is refused.',
      fix: [scale, restartWebhook, ...reconcile],
    },
    noTenant: {
      status: 'fail',
      code: 'WH-04',
      title: 'The webhook has no tenant id',
      says: 'The webhook does not start, because it is given no AZURE_TENANT_ID, which ConfigMap azure-wi-webhook-config in namespace {webhookNamespace} should hold.',
      fix: [...tenant, RESTART_FOR_WEBHOOK],
    },
    noTenantNow: {
      status: 'warn',
      code: 'WH-04',
      title: 'The webhook has no tenant id',
      says: 'The webhook does not start, because it is given no AZURE_TENANT_ID, which ConfigMap azure-wi-webhook-config in namespace {webhookNamespace} should hold; the next labelled pod is refused.',
      fix: tenant,
    },
    killed: {
      status: 'fail',
      code: 'WH-11',
      title: 'The webhook has too little memory',
      says: 'The webhook is not ready, because its pod {pod} runs out of memory (OOMKilled).',
      fix: [...memory, RESTART_FOR_WEBHOOK],
    },
    killedAtTimes: {
      status: 'warn',
      code: 'WH-11',
      title: 'The webhook has too little memory',
      says: 'Pod {pod} of the webhook ran out of memory (OOMKilled), and labelled pods are refused while it restarts.',
      fix: memory,
    },
  },
  run(facts, say) {
    const { workload, injection, webhook, events, complaints } = facts;
    const { webhookEndpoints, webhookDeployments, webhookPods, aksCluster } = facts;
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    if (!webhook.service) return say.skip('the webhook is not a service of this cluster');
    const { namespace } = webhook.service;
    const deployments = webhookDeployments.state === 'present' ? webhookDeployments.value : [];
    const deployment = deployments.find(({ metadata }) => metadata?.namespace === namespace);
    const seen = readyCount(webhookEndpoints, deployment);
    const refusal = (events.state === 'present' ? refusalsOf(events.value, workload.created) : []).find(
      ({ kind }) => kind === 'no-endpoints',
    );
    const told = toldRefusals(complaints.state === 'present' ? complaints.value : []).find(
      ({ kind }) => kind === 'no-endpoints',
    );
    // Where the endpoints cannot be seen, the API server's own word for it has to do.
    const count = seen ?? (refusal || told ? 0 : null);
    const killed = outOfMemory(webhookPods, namespace);
    if (count === null) {
      const blind = webhookEndpoints.state === 'unknown' ? webhookEndpoints : null;
      return say.unknown(blind?.reason ?? 'the endpoints of the webhook were not collected', blind?.settle);
    }
    const mending = webhookWords(webhook, webhookDeployments, aksCluster);
    const words = {
      count: `${count} ${count === 1 ? 'pod' : 'pods'}`,
      name: workload.object.name,
      ...mending.words,
      tenant: blank('tenant id'),
      pod: killed ?? '',
      restart: restartCommand(workload.controller, workload.object.name),
    };
    const more = mending.fix === 'helm' ? 'helm' : 'patch';
    if (count > 0)
      return killed === null ? say('ready', words) : say('killedAtTimes', words, { fix: [more] });
    // With another obstacle in the way this one is only the next; a running pod feels it at its next start.
    const decides = injection.now !== 'injected' && injection.obstacles.length === 0;
    const missing = [
      {
        fact: webhookEndpoints.state === 'present' ? 'webhookEndpoints' : 'webhookDeployments',
        path: 'endpoints.conditions.ready',
        observed: 'no ready endpoint',
        expected: 'at least one',
      },
    ] as const;
    const evidence =
      seen !== null
        ? missing
        : refusal
          ? ([{ fact: 'events', path: 'message', observed: refusal.message }] as const)
          : told
            ? complaintEvidence(told.complaint)
            : missing;
    const noTenant = withoutTenant(facts, namespace);
    if (noTenant)
      return say(decides ? 'noTenant' : 'noTenantNow', words, { evidence: noTenant, fix: [mending.fix] });
    if (killed !== null) return say(decides ? 'killed' : 'killedAtTimes', words, { evidence, fix: [more] });
    const scaled = deployment?.spec?.replicas === 0;
    const fix = [scaled ? 'scale' : 'restart', ...(mending.fix === 'helm' ? [] : [mending.fix])];
    return say(decides ? 'down' : 'downNow', words, { evidence, fix });
  },
});
export default check;
