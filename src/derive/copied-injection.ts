import type { FactSet } from '../collected-facts.ts';
import type { Container, EnvVar, PodTemplateSpec } from '../kubernetes/types.ts';
import { annotationOf, CLIENT_ID_KEY, TENANT_ID_KEY } from './annotation-keys.ts';
import { mapOf } from './environment.ts';
import { isInjectedVolume, projectsExchangeToken } from './wiring.ts';

const USE_LABEL = 'azure.workload.identity/use';

/** What the webhook sets, by its AZURE_ENVIRONMENT; a path alone tells the rest. */
const AUTHORITY_HOSTS: ReadonlySet<string> = new Set([
  'https://login.microsoftonline.com/',
  'https://login.microsoftonline.us/',
  'https://login.chinacloudapi.cn/',
]);

/**
 * What the author of a pod wrote, when the pod was applied from the output of `kubectl get -o yaml`: such a
 * manifest holds what an earlier admission had added, and that would be added again without it.
 *
 * A variable counts as copied only where its value is the one the webhook would set; any other was chosen.
 *
 * @param manifest Of a pod without a controller.
 */
export function withoutCopiedInjection(manifest: PodTemplateSpec, { facts }: FactSet): PodTemplateSpec {
  const { metadata, spec } = manifest;
  if (!spec || mapOf(metadata?.labels)[USE_LABEL] !== 'true') return manifest;
  const volumes = spec.volumes ?? [];
  const copied = new Set(
    volumes
      .filter((volume) => isInjectedVolume(volume.name) && projectsExchangeToken(volume))
      .map(({ name }) => name),
  );
  if (copied.size === 0) return manifest;

  const account = facts.serviceAccount?.state === 'present' ? facts.serviceAccount.value : null;
  const config = facts.webhookConfig?.state === 'present' ? facts.webhookConfig.value.data : undefined;
  const own = account === null ? undefined : annotationOf(account, TENANT_ID_KEY);
  const tenant = own ?? config?.['AZURE_TENANT_ID'];
  const clientId = account === null ? undefined : annotationOf(account, CLIENT_ID_KEY);

  const isCopied = ({ name, value, valueFrom }: EnvVar, mountPath: string): boolean => {
    if (valueFrom || value === undefined) return false;
    // Releases up to 1.5.0 inject an empty one where the annotation is missing.
    if (name === 'AZURE_CLIENT_ID') return account !== null && value === (clientId ?? '');
    if (name === 'AZURE_TENANT_ID') return value === tenant;
    if (name === 'AZURE_AUTHORITY_HOST') return AUTHORITY_HOSTS.has(value);
    return name === 'AZURE_FEDERATED_TOKEN_FILE' && value.startsWith(`${mountPath}/`);
  };
  const clean = (container: Container): Container => {
    const mount = container.volumeMounts?.find(({ name }) => copied.has(name));
    if (!mount) return container;
    return {
      ...container,
      env: (container.env ?? []).filter((entry) => !isCopied(entry, mount.mountPath)),
      volumeMounts: (container.volumeMounts ?? []).filter(({ name }) => !copied.has(name)),
    };
  };
  return {
    ...manifest,
    spec: {
      ...spec,
      containers: (spec.containers ?? []).map(clean),
      ...(spec.initContainers ? { initContainers: spec.initContainers.map(clean) } : {}),
      volumes: volumes.filter(({ name }) => !copied.has(name)),
    },
  };
}
