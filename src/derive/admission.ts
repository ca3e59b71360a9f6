import type { Fact } from '../fact.ts';
import type {
  ConfigMap,
  Container,
  Deployment,
  EnvVar,
  Namespace,
  Pod,
  PodSpec,
  ServiceAccount,
  Volume,
} from '../kubernetes/types.ts';
import { selectorMatches } from './selector.ts';
import type { Webhook } from './webhook.ts';

/** What the webhook goes by when a pod is created. */
export interface AdmissionInputs {
  readonly serviceAccount: Fact<ServiceAccount>;
  readonly namespace: Fact<Namespace>;
  readonly webhook: Fact<Webhook>;
  readonly webhookConfig: Fact<ConfigMap>;
  readonly webhookDeployments: Fact<readonly Deployment[]>;
}

const PREFIX = 'azure.workload.identity/';
const DEFAULT_AUDIENCE = 'api://AzureADTokenExchange';
const DEFAULT_EXPIRATION_SECONDS = 3600;

/** Authority hosts by AZURE_ENVIRONMENT, as the webhook's own table has them. */
const AUTHORITY_HOSTS: Readonly<Record<string, string>> = {
  AZUREPUBLICCLOUD: 'https://login.microsoftonline.com/',
  AZUREUSGOVERNMENTCLOUD: 'https://login.microsoftonline.us/',
  AZUREUSGOVERNMENT: 'https://login.microsoftonline.us/',
  AZURECHINACLOUD: 'https://login.chinacloudapi.cn/',
};

interface Layout {
  readonly volume: string;
  readonly mountPath: string;
  readonly path: string;
}

const LEGACY: Layout = {
  volume: 'azure-identity-token',
  mountPath: '/var/run/secrets/azure/tokens',
  path: 'azure-identity-token',
};
// The real name ends in a hash of the pod's name, which does not exist yet.
const RESERVED: Layout = {
  volume: 'azure-workload-identity-reserved-predicted',
  mountPath: '/var/run/secrets/azure/wi',
  path: 'token/azure-identity-token',
};

function versionAtLeast(version: string | null, major: number, minor: number, patch: number): boolean {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version ?? '');
  if (!parts) return false;
  const [have = 0, haveMinor = 0, havePatch = 0] = parts.slice(1).map(Number);
  if (have !== major) return have > major;
  return haveMinor === minor ? havePatch >= patch : haveMinor > minor;
}

function flagOf(deployments: Fact<readonly Deployment[]>, flag: string): string | undefined {
  if (deployments.state !== 'present') return undefined;
  const args = deployments.value
    .flatMap(({ spec }) => spec?.template?.spec?.containers ?? [])
    .flatMap((container) => container.args ?? []);
  return args.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3);
}

/** A value that the webhook takes from where we cannot look. */
function hidden(name: string): EnvVar {
  return { name, valueFrom: { configMapKeyRef: { name: 'azure-wi-webhook-config', key: name } } };
}

function tenantOf(annotations: Readonly<Record<string, string>>, config: Fact<ConfigMap>): EnvVar {
  const name = 'AZURE_TENANT_ID';
  const own = annotations[`${PREFIX}tenant-id`];
  if (own !== undefined) return { name, value: own };
  return config.state === 'present' ? { name, value: config.value.data?.[name] ?? '' } : hidden(name);
}

function authorityOf(config: Fact<ConfigMap>): EnvVar {
  const name = 'AZURE_AUTHORITY_HOST';
  if (config.state !== 'present') return hidden(name);
  const environment = config.value.data?.['AZURE_ENVIRONMENT'] ?? 'AzurePublicCloud';
  return { name, value: AUTHORITY_HOSTS[environment.toUpperCase()] ?? '' };
}

function addedTo(container: Container, variables: readonly EnvVar[], layout: Layout): Container {
  const env = container.env ?? [];
  const missing = variables.filter(({ name }) => !env.some((entry) => entry.name === name));
  const mounts = (container.volumeMounts ?? []).filter(({ name }) => name !== layout.volume);
  return {
    ...container,
    env: [...env, ...missing],
    volumeMounts: [...mounts, { name: layout.volume, mountPath: layout.mountPath, readOnly: true }],
  };
}

function withVolume(spec: PodSpec, volume: Volume): readonly Volume[] {
  const others = (spec.volumes ?? []).filter(({ name }) => name !== volume.name);
  return [...others, volume];
}

/** Whether the webhook will be asked about a pod with these labels; null when that cannot be seen. */
export function isSelected(pod: Pod, { webhook, namespace }: AdmissionInputs): boolean | null {
  if (webhook.state !== 'present') return webhook.state === 'absent' ? false : null;
  const { objectSelector, namespaceSelector } = webhook.value;
  if (!selectorMatches(objectSelector, pod.metadata?.labels ?? {})) return false;
  if (namespace.state === 'present')
    return selectorMatches(namespaceSelector, namespace.value.metadata?.labels ?? {});
  const everyNamespace =
    selectorMatches(namespaceSelector, {}) && !namespaceSelector?.matchExpressions?.length;
  return everyNamespace ? true : null;
}

/**
 * A pod as it would leave admission: what the webhook adds to a template.
 *
 * @param pod A pod made from a template, not yet admitted.
 * @returns The pod unchanged when the webhook would leave it alone or when that cannot be told.
 * @see {@link https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/webhook.go}
 */
export function admittedPod(pod: Pod, inputs: AdmissionInputs): Pod {
  const { serviceAccount, webhook, webhookConfig, webhookDeployments } = inputs;
  if (isSelected(pod, inputs) !== true || webhook.state !== 'present' || serviceAccount.state !== 'present')
    return pod;
  const annotations = serviceAccount.value.metadata?.annotations ?? {};
  const own = pod.metadata?.annotations ?? {};
  const { version } = webhook.value;
  const layout = versionAtLeast(version, 1, 6, 0) ? RESERVED : LEGACY;
  const lifetime =
    own[`${PREFIX}service-account-token-expiration`] ||
    annotations[`${PREFIX}service-account-token-expiration`];
  const variables: EnvVar[] = [
    { name: 'AZURE_CLIENT_ID', value: annotations[`${PREFIX}client-id`] ?? '' },
    tenantOf(annotations, webhookConfig),
    { name: 'AZURE_FEDERATED_TOKEN_FILE', value: `${layout.mountPath}/${layout.path}` },
    authorityOf(webhookConfig),
  ];
  // Releases up to 1.5.0 inject empty values too.
  const keepsEmpty = version !== null && !versionAtLeast(version, 1, 5, 1);
  const injected = variables.filter(({ value }) => keepsEmpty || value !== '');
  const skipped = (own[`${PREFIX}skip-containers`] ?? '').split(';').map((name) => name.trim());
  const change = (container: Container): Container =>
    skipped.includes(container.name) ? container : addedTo(container, injected, layout);
  // Releases up to 1.2 know no native sidecars, and drop what makes them so.
  const changeInit = (container: Container): Container => {
    const { restartPolicy, ...rest } = change(container);
    return restartPolicy !== undefined && (version === null || versionAtLeast(version, 1, 3, 0))
      ? { ...rest, restartPolicy }
      : rest;
  };
  const spec = pod.spec ?? {};
  const volume: Volume = {
    name: layout.volume,
    projected: {
      sources: [
        {
          serviceAccountToken: {
            audience: flagOf(webhookDeployments, 'audience') ?? DEFAULT_AUDIENCE,
            expirationSeconds: Number(lifetime) || DEFAULT_EXPIRATION_SECONDS,
            path: layout.path,
          },
        },
      ],
    },
  };
  return {
    ...pod,
    spec: {
      ...spec,
      ...(spec.containers ? { containers: spec.containers.map(change) } : {}),
      ...(spec.initContainers ? { initContainers: spec.initContainers.map(changeInit) } : {}),
      volumes: withVolume(spec, volume),
    },
  };
}
