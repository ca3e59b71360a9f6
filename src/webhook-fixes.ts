import { aksWords } from './azure-words.ts';
import { blank, type CommandText, type Word } from './word.ts';
import type { Webhook } from './derive/webhook.ts';
import type { AksCluster } from './collected-facts.ts';
import type { Fact } from './fact.ts';
import type { Deployment } from './kubernetes/types.ts';

/** One command that mends the webhook, named by who installed it. */
export interface MendWebhook<Id extends string, Command extends string, Why extends string> {
  readonly id: Id;
  readonly command: Command;
  readonly why: Why;
  readonly actor: Id extends 'aks' | 'arc' ? 'Azure admin' : 'cluster admin';
  readonly restarts: false;
}

type Chart =
  'workload-identity-webhook --repo https://azure.github.io/azure-workload-identity/charts -n {webhookNamespace}';

/** What has the webhook put in order, by who installed it. */
export type Mending<Helm extends string, Why extends string> = readonly [
  MendWebhook<'aks', 'az aks update {aks} --enable-workload-identity', Why>,
  MendWebhook<'arc', 'az connectedk8s update {arc} --enable-oidc-issuer --enable-workload-identity', Why>,
  MendWebhook<
    'openshift',
    'kubectl get clusteroperator cloud-credential -o yaml',
    'shows why the operator that ships this webhook does not put it in order'
  >,
  MendWebhook<'helm', `helm upgrade {release} ${Chart} ${Helm}`, Why>,
];

/**
 * The command that has the webhook put in order, for each way in which it can be installed; `webhookWords` picks one.
 *
 * @param helm Further words for helm: `--reuse-values --set azureTenantID={tenant}`.
 */
export function mendWebhook<const Helm extends string, const Why extends string>(
  helm: Helm,
  why: Why,
): Mending<Helm, Why> {
  return [
    {
      id: 'aks',
      command: 'az aks update {aks} --enable-workload-identity',
      why,
      actor: 'Azure admin',
      restarts: false,
    },
    {
      id: 'arc',
      command: 'az connectedk8s update {arc} --enable-oidc-issuer --enable-workload-identity',
      why,
      actor: 'Azure admin',
      restarts: false,
    },
    {
      id: 'openshift',
      command: 'kubectl get clusteroperator cloud-credential -o yaml',
      why: 'shows why the operator that ships this webhook does not put it in order',
      actor: 'cluster admin',
      restarts: false,
    },
    {
      id: 'helm',
      command: `helm upgrade {release} workload-identity-webhook --repo https://azure.github.io/azure-workload-identity/charts -n {webhookNamespace} ${helm}`,
      why,
      actor: 'cluster admin',
      restarts: false,
    },
  ];
}

/** The words of commands about the webhook, and the id of the command that fits who installed it. */
export function webhookWords(
  webhook: Webhook,
  deployments: Fact<readonly Deployment[]>,
  aksCluster: Fact<AksCluster>,
): {
  readonly words: {
    readonly aks: CommandText;
    readonly arc: CommandText;
    readonly webhookNamespace: Word;
    readonly deployment: string;
    readonly release: string;
    /** The chart of the release that runs, so that an upgrade changes nothing else. */
    readonly chart: CommandText;
  };
  readonly fix: 'aks' | 'arc' | 'openshift' | 'helm';
} {
  const namespace = webhook.service?.namespace;
  const deployment = (deployments.state === 'present' ? deployments.value : []).find(
    ({ metadata }) => metadata?.namespace === namespace,
  )?.metadata;
  const version = webhook.version ?? blank('chart version').command;
  return {
    words: {
      aks: aksWords(aksCluster),
      arc: { command: `-g ${blank('resource group').command} -n ${blank('cluster name').command}` },
      webhookNamespace: namespace ?? blank('webhook namespace'),
      deployment: deployment?.name ?? 'azure-wi-webhook-controller-manager',
      release: deployment?.annotations?.['meta.helm.sh/release-name'] ?? 'workload-identity-webhook',
      chart: { command: `--version ${version}` },
    },
    fix: webhook.flavour === 'unknown' ? 'helm' : webhook.flavour,
  };
}
