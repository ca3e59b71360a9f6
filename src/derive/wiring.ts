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
  /** `file`: the path whose being there would tell; null where the path itself is not known. */
  | { readonly state: 'unknown'; readonly reason: string; readonly file: string | null };

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

/** Drive of a path of Windows; mounts without one lie on C. */
const DRIVE = /^[a-z]:(?=[\\/])/i;

/** Paths that no program on Linux takes for absolute. */
const OF_WINDOWS = /^([a-z]:)?\\|^[a-z]:\//i;

/** What the pod says it runs on; null where it does not. */
function systemOf({ os, nodeSelector }: PodSpec): string | null {
  return os?.name ?? nodeSelector?.['kubernetes.io/os'] ?? null;
}

/** An absolute path without empty, `.` and `..` parts, as the system follows it; one of Windows in lower case. */
function normalise(path: string, windows: boolean): string {
  const drive = windows ? (DRIVE.exec(path)?.[0] ?? 'c:').toLowerCase() : '';
  const below = windows ? path.replace(DRIVE, '').replaceAll('\\', '/').toLowerCase() : path;
  const parts: string[] = [];
  for (const part of below.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${drive}/${parts.join('/')}`;
}

interface Found {
  /** Undefined where no mounted token lies at the path. */
  readonly token: MountedToken | undefined;
  /** The mount that the path lies in: of several the nearest, since it hides what the others have there. */
  readonly above: VolumeMount | undefined;
}

/** @param place The one spelling of a path that means the same file. */
function lookUp(
  file: string,
  mounts: readonly VolumeMount[],
  tokens: readonly MountedToken[],
  place: (path: string) => string,
): Found {
  const path = place(file);
  const above = mounts
    .map((mount) => ({ mount, at: place(mount.mountPath) }))
    .filter(({ at }) => path === at || path.startsWith(at.endsWith('/') ? at : `${at}/`))
    .toSorted((a, b) => b.at.length - a.at.length)[0]?.mount;
  return { above, token: tokens.find((token) => place(token.file) === path && token.mount === above) };
}

/** The absolute path of a token file; null where only the image tells. */
function absolute(file: string, { workingDir = '' }: Container, windows: boolean): string | null {
  const rooted = windows ? /^([a-z]:)?[\\/]/i.test(file) : file.startsWith('/');
  // No folder begins with a blank or a quotation mark, which are slips.
  if (rooted || /^[\s'"]/.test(file)) return file;
  return workingDir === '' ? null : join(workingDir, file);
}

/**
 * How one container is wired, by what it would really read.
 *
 * @param tokenFile The container's AZURE_FEDERATED_TOKEN_FILE.
 */
export function wiringOf(container: Container, spec: PodSpec, tokenFile: EnvView): Wiring {
  if (tokenFile.state === 'hidden')
    return {
      state: 'unknown',
      reason: `AZURE_FEDERATED_TOKEN_FILE cannot be seen: ${tokenFile.reason}`,
      file: null,
    };
  const mounts = container.volumeMounts ?? [];
  const tokens = mounts.flatMap((mount) => tokensOf(mount, spec.volumes ?? []));
  if (tokenFile.state === 'unset') {
    const token = tokens.find(({ projection }) => EXCHANGE_AUDIENCE.test(projection.audience ?? ''));
    return token ? wired(token) : { state: 'unwired' };
  }
  const { value } = tokenFile;
  if (value === '') return { state: 'dangling', tokenFile: '', problem: 'empty', mount: null };
  const named = `AZURE_FEDERATED_TOKEN_FILE (${value})`;
  const system = systemOf(spec);
  const windows = system === 'windows' || (system === null && OF_WINDOWS.test(value));
  const file = absolute(value, container, windows);
  if (file === null)
    return {
      state: 'unknown',
      reason: `${named} is relative to the working directory of the image`,
      file: value,
    };
  const place = (path: string): string => normalise(path, windows);
  const { token, above } = lookUp(file, mounts, tokens, place);
  if (token && windows && system === null)
    return {
      state: 'unknown',
      reason: `${named} is a path of Windows, and the pod does not tell that it runs there`,
      file: value,
    };
  if (token) return wired(token);
  const linked = lookUp(file, mounts, tokens, (path) => place(path).replace(/^\/var\/run\//, '/run/'));
  if (linked.token)
    return {
      state: 'unknown',
      reason: `${named} leads to the token, mounted at ${linked.token.mount.mountPath}, only if the image has /var/run as a link to /run`,
      file: value,
    };
  if (!above) return { state: 'dangling', tokenFile: value, problem: 'no-mount', mount: null };
  const projectsToken = tokens.some(({ mount }) => mount === above);
  return {
    state: 'dangling',
    tokenFile: value,
    problem: projectsToken ? 'no-such-path' : 'not-projected',
    mount: above.mountPath,
  };
}
