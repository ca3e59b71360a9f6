import { selectorMatches } from './selector.ts';
import type { Fact } from '../fact.ts';
import type { FactSet } from '../collected-facts.ts';
import type { Deployment, LabelSelector, MutatingWebhookConfiguration } from '../kubernetes/types.ts';

/** The workload identity webhook, as its configuration and its deployment show it. */
export interface Webhook {
  /** Name of the MutatingWebhookConfiguration. */
  readonly configuration: string;
  /** RFC 3339 creation time of the configuration; weak evidence, since upgrades re-create it. */
  readonly created: string | null;
  /** Name of the entry, usually `mutation.azure-workload-identity.io`. */
  readonly name: string;
  readonly service: { readonly namespace: string; readonly name: string } | null;
  readonly failurePolicy: string;
  /** Undefined when the entry has none, so that every object is selected. */
  readonly objectSelector: LabelSelector | undefined;
  readonly namespaceSelector: LabelSelector | undefined;
  readonly hasCaBundle: boolean;
  /** Who installed it, by the namespace it runs in. */
  readonly flavour: 'aks' | 'helm' | 'arc' | 'openshift' | 'unknown';
  /** Release such as `1.5.1` by its image tag; null when mirrored, pinned by digest or not visible. */
  readonly version: string | null;
  /** Names of further configurations with a workload identity webhook for the same namespace. */
  readonly duplicates: readonly string[];
}

const WEBHOOK_NAME = 'mutation.azure-workload-identity.io';
const USE_LABEL = 'azure.workload.identity/use';

const FLAVOURS: Readonly<Record<string, Webhook['flavour']>> = {
  'kube-system': 'aks',
  'azure-workload-identity-system': 'helm',
  'arc-workload-identity': 'arc',
  'openshift-cloud-credential-operator': 'openshift',
};

type Entry = NonNullable<MutatingWebhookConfiguration['webhooks']>[number];

// Add-on, Helm chart, Arc and OpenShift differ in every name, so the entry is known by what it does.
function isWorkloadIdentity(entry: Entry): boolean {
  if (entry.name === WEBHOOK_NAME) return true;
  const selector = entry.objectSelector;
  const bySelector =
    selector?.matchLabels?.[USE_LABEL] !== undefined ||
    (selector?.matchExpressions ?? []).some(
      ({ key, operator }) => key === USE_LABEL && operator !== 'DoesNotExist',
    );
  const service = entry.clientConfig?.service;
  const byService = /azure-wi-webhook|workload-identity-webhook|azure-workload-identity/.test(
    service?.name ?? '',
  );
  const mutatesPods = (entry.rules ?? []).some(({ resources }) =>
    (resources ?? []).some((name) => name === 'pods' || name === '*'),
  );
  return mutatesPods && (bySelector || byService);
}

/** Release number in an image reference such as `…/webhook:v1.5.1`; null for digests, `latest` and foreign tags. */
export function webhookVersion(image: string | undefined): string | null {
  return /:v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)(?:@|$)/.exec(image ?? '')?.[1] ?? null;
}

function versionOf(deployments: readonly Deployment[], namespace: string | undefined): string | null {
  const deployment = deployments.find(({ metadata }) => metadata?.namespace === namespace) ?? null;
  const containers = deployment?.spec?.template?.spec?.containers ?? [];
  return webhookVersion((containers.find(({ name }) => name === 'manager') ?? containers[0])?.image);
}

/** Finds the webhook among all mutating webhook configurations. */
export function webhookFact({ facts }: FactSet): Fact<Webhook> {
  const configurations = facts.webhookConfigurations ?? {
    state: 'unknown',
    reason: 'mutating webhook configurations were not collected',
  };
  if (configurations.state !== 'present') return configurations;
  const found = configurations.value.flatMap((configuration) =>
    (configuration.webhooks ?? []).filter(isWorkloadIdentity).map((entry) => ({ configuration, entry })),
  );
  const { namespace } = facts;
  const labels = namespace?.state === 'present' ? (namespace.value.metadata?.labels ?? {}) : null;
  // Two installations may share a cluster by namespaces: then the one for this namespace is the one that matters.
  const here = found.filter(
    ({ entry }) => labels === null || selectorMatches(entry.namespaceSelector, labels),
  );
  const [first, ...rest] = here.length > 0 ? here : found.slice(0, 1);
  if (!first) return { state: 'absent', origin: configurations.origin };
  const service = first.entry.clientConfig?.service;
  const deployments = facts.webhookDeployments?.state === 'present' ? facts.webhookDeployments.value : [];
  return {
    state: 'present',
    origin: configurations.origin,
    value: {
      configuration: first.configuration.metadata?.name ?? '',
      created: first.configuration.metadata?.creationTimestamp ?? null,
      name: first.entry.name ?? '',
      service:
        service?.name && service.namespace ? { namespace: service.namespace, name: service.name } : null,
      // The API server's default since v1.
      failurePolicy: first.entry.failurePolicy ?? 'Fail',
      objectSelector: first.entry.objectSelector,
      namespaceSelector: first.entry.namespaceSelector,
      hasCaBundle: Boolean(first.entry.clientConfig?.caBundle),
      flavour: FLAVOURS[service?.namespace ?? ''] ?? 'unknown',
      version: versionOf(deployments, service?.namespace),
      duplicates: rest
        .map(({ configuration }) => configuration.metadata?.name ?? '')
        .filter((name) => name !== first.configuration.metadata?.name),
    },
  };
}
