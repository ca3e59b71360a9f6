import { unknown } from '../../fact.ts';
import type { CollectedFacts } from '../../collected-facts.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { Deployment, EndpointSlice, MutatingWebhookConfiguration } from '../../kubernetes/types.ts';
import { webhookFact } from '../../derive/webhook.ts';
import { answerFact, because, listFact, map, type Facts } from './answer-fact.ts';
import { pruneObject, pruneSystemObject } from './prune.ts';

/** Label on everything that belongs to the webhook, in every way of installing it. */
export const SYSTEM_SELECTOR = 'azure-workload-identity.io/system=true';
const WEBHOOK_CONFIG = 'azure-wi-webhook-config';

/** Webhook and issuer facts that need no pod: one round of independent reads. */
export async function clusterFacts(client: KubernetesClient): Promise<Facts> {
  const [webhooks, deployments, discovery, keys, version] = await Promise.all([
    client.list<MutatingWebhookConfiguration>(pathOf(RESOURCES.mutatingwebhookconfigurations)),
    client.list<Deployment>(pathOf(RESOURCES.deployments), { labelSelector: SYSTEM_SELECTOR }),
    client.get<CollectedFacts['apiServerDiscovery']>('/.well-known/openid-configuration'),
    client.get<CollectedFacts['apiServerKeys']>('/openid/v1/jwks'),
    client.get<{ readonly gitVersion?: string }>('/version'),
  ]);
  return {
    webhookConfigurations: map(listFact(webhooks, 'mutating webhook configurations'), (items) =>
      items.map(pruneObject),
    ),
    webhookDeployments: map(listFact(deployments, 'deployments of the webhook'), (items) =>
      items.map(pruneSystemObject),
    ),
    apiServerDiscovery: answerFact(discovery, '/.well-known/openid-configuration'),
    apiServerKeys: answerFact(keys, '/openid/v1/jwks'),
    apiServerVersion: map(answerFact(version, '/version'), ({ gitVersion }) => gitVersion ?? ''),
  };
}

/** What stands behind the webhook configuration. Rights: list endpointslices, get configmaps in its namespace. */
export async function webhookBackendFacts(client: KubernetesClient, facts: Facts): Promise<Facts> {
  const webhook = webhookFact({ facts, clients: {} });
  if (webhook.state !== 'present') {
    return {
      webhookEndpoints: because(webhook, 'the webhook'),
      webhookConfig: because(webhook, 'the webhook'),
    };
  }
  const { service } = webhook.value;
  if (!service) {
    const outside = unknown('the webhook is not a service of this cluster');
    return { webhookEndpoints: outside, webhookConfig: outside };
  }
  const { namespace, name } = service;
  const [slices, config] = await Promise.all([
    client.list<EndpointSlice>(pathOf(RESOURCES.endpointslices, { namespace }), {
      labelSelector: `kubernetes.io/service-name=${name}`,
    }),
    client.get<CollectedFacts['webhookConfig']>(
      pathOf(RESOURCES.configmaps, { namespace, name: WEBHOOK_CONFIG }),
    ),
  ]);
  return {
    webhookEndpoints: listFact(slices, `endpoint slices of service ${namespace}/${name}`),
    webhookConfig: map(answerFact(config, `config map ${namespace}/${WEBHOOK_CONFIG}`), pruneObject),
  };
}
