import type {
  Container,
  PodSpec,
  ServiceAccountTokenProjection,
  Volume,
  VolumeMount,
} from '../kubernetes/types.ts';
import type { EnvView } from './environment.ts';

/** How a container gets at a projected service account token for Entra. */
export type Wiring =
  | {
      readonly state: 'wired';
      /** Absolute path of the token file inside the container. */
      readonly tokenFile: string;
      readonly volume: string;
      readonly mountPath: string;
      /** Null: the API server's own audience. */
      readonly audience: string | null;
      /** Seconds. */
      readonly expirationSeconds: number;
      /** Whose layout it is: the webhook's up to 1.5, from 1.6 on, or one of the manifest's own. */
      readonly layout: 'legacy' | 'v1.6' | 'own';
      /** True when mounted by subPath, which the kubelet never refreshes. */
      readonly subPath: boolean;
    }
  /** AZURE_FEDERATED_TOKEN_FILE names a path that no mount of a projected token provides. */
  | {
      readonly state: 'dangling';
      readonly tokenFile: string;
      readonly problem: 'empty' | 'no-mount' | 'not-projected' | 'no-such-path';
      readonly mount: string | null;
    }
  | { readonly state: 'unwired' }
  | { readonly state: 'unknown'; readonly reason: string };

/** Volume names the webhook uses: one fixed up to 1.5, a prefix with a hash from 1.6 on. */
const LEGACY_VOLUME = 'azure-identity-token';
const RESERVED_VOLUME_PREFIX = 'azure-workload-identity-reserved-';

/** Audiences that only a token for Entra has: all clouds' recommendations and the identity bindings'. */
const EXCHANGE_AUDIENCE = /^api:\/\/(AzureADTokenExchange\w*|AKSIdentityBinding)$/i;

/** The API server's default lifetime of a projected token, in seconds. */
const DEFAULT_EXPIRATION_SECONDS = 3600;

/** Whether a volume holds a token that only Entra, or the identity binding proxy, would take. */
export function projectsExchangeToken({ projected }: Volume): boolean {
  return (projected?.sources ?? []).some(({ serviceAccountToken }) =>
    EXCHANGE_AUDIENCE.test(serviceAccountToken?.audience ?? ''),
  );
}

interface MountedToken {
  readonly mount: VolumeMount;
  readonly volume: Volume;
  readonly projection: ServiceAccountTokenProjection;
  readonly file: string;
}

function join(directory: string, path: string): string {
  return `${directory.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

/** Whether a volume is the webhook's own by its name. */
export function isInjectedVolume(name: string): boolean {
  return name === LEGACY_VOLUME || name.startsWith(RESERVED_VOLUME_PREFIX);
}

function tokensOf(mount: VolumeMount, volumes: readonly Volume[]): MountedToken[] {
  const volume = volumes.find(({ name }) => name === mount.name);
  const projections = (volume?.projected?.sources ?? []).flatMap(
    ({ serviceAccountToken }) => serviceAccountToken ?? [],
  );
  if (!volume) return [];
  return projections.flatMap((projection) => {
    const subPath = mount.subPath ?? mount.subPathExpr;
    if (subPath === undefined || subPath === '')
      return [{ mount, volume, projection, file: join(mount.mountPath, projection.path) }];
    // A subPath may be the file itself or a directory above it.
    if (projection.path === subPath) return [{ mount, volume, projection, file: mount.mountPath }];
    if (!projection.path.startsWith(`${subPath}/`)) return [];
    return [
      { mount, volume, projection, file: join(mount.mountPath, projection.path.slice(subPath.length + 1)) },
    ];
  });
}

function wired({ mount, volume, projection, file }: MountedToken): Wiring {
  return {
    state: 'wired',
    tokenFile: file,
    volume: volume.name,
    mountPath: mount.mountPath,
    audience: projection.audience === undefined || projection.audience === '' ? null : projection.audience,
    expirationSeconds: projection.expirationSeconds ?? DEFAULT_EXPIRATION_SECONDS,
    layout: volume.name.startsWith(RESERVED_VOLUME_PREFIX)
      ? 'v1.6'
      : volume.name === LEGACY_VOLUME
        ? 'legacy'
        : 'own',
    subPath: Boolean(mount.subPath ?? mount.subPathExpr),
  };
}

function normalise(path: string): string {
  return path.replaceAll(/\/+/g, '/').replaceAll('/./', '/');
}

/**
 * How one container is wired, by what it would really read.
 *
 * @param tokenFile The container's AZURE_FEDERATED_TOKEN_FILE.
 */
export function wiringOf(container: Container, spec: PodSpec, tokenFile: EnvView): Wiring {
  if (tokenFile.state === 'hidden')
    return { state: 'unknown', reason: `AZURE_FEDERATED_TOKEN_FILE cannot be seen: ${tokenFile.reason}` };
  const mounts = container.volumeMounts ?? [];
  const tokens = mounts.flatMap((mount) => tokensOf(mount, spec.volumes ?? []));
  if (tokenFile.state === 'unset') {
    const token = tokens.find(({ projection }) => EXCHANGE_AUDIENCE.test(projection.audience ?? ''));
    return token ? wired(token) : { state: 'unwired' };
  }
  const path = normalise(tokenFile.value);
  if (path === '') return { state: 'dangling', tokenFile: '', problem: 'empty', mount: null };
  const token = tokens.find(({ file }) => normalise(file) === path);
  if (token) return wired(token);
  const above = mounts
    .filter(
      ({ mountPath }) =>
        path === normalise(mountPath) || path.startsWith(`${normalise(mountPath).replace(/\/$/, '')}/`),
    )
    .toSorted((a, b) => b.mountPath.length - a.mountPath.length)[0];
  if (!above) return { state: 'dangling', tokenFile: tokenFile.value, problem: 'no-mount', mount: null };
  const projectsToken = tokens.some(({ mount }) => mount === above);
  return {
    state: 'dangling',
    tokenFile: tokenFile.value,
    problem: projectsToken ? 'no-such-path' : 'not-projected',
    mount: above.mountPath,
  };
}
