import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The programs of a real control plane, in the folder that controller-runtime's envtest looks in as well. */
export interface Assets {
  readonly etcd: string;
  readonly apiServer: string;
  /** `v1.33.2` */
  readonly version: string;
  /** The second number of the version: 33. */
  readonly minor: number;
}

function find(): Assets | null {
  const folder = process.env['KUBEBUILDER_ASSETS'] ?? '';
  if (folder === '') return null;
  const [etcd, apiServer] = [join(folder, 'etcd'), join(folder, 'kube-apiserver')];
  for (const file of [etcd, apiServer]) {
    if (!existsSync(file)) throw new Error(`KUBEBUILDER_ASSETS names a folder without ${file}`);
  }
  const said = execFileSync(apiServer, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  const [, version = '', minor = ''] = /\b(v1\.(\d+)\.\S+)/.exec(said) ?? [];
  if (version === '') throw new Error(`${apiServer} --version says no version: ${said}`);
  return { etcd, apiServer, version, minor: Number(minor) };
}

/** Null when KUBEBUILDER_ASSETS is not set: then the API server of test/support stands for a real one. */
export const ASSETS: Assets | null = find();

/** Kinds that are served as v1 since 1.21, and the version that a server before it knows. */
const BEFORE_1_21: Readonly<Record<string, string>> = {
  CronJob: 'batch/v1beta1',
  EndpointSlice: 'discovery.k8s.io/v1beta1',
};

/** From this version on a container that starts before the others may go on beside them. */
const SIDECARS_FROM = 28;

/** Whether the real server keeps what says so of a container. */
export function knowsSidecars(): boolean {
  return ASSETS === null || ASSETS.minor >= SIDECARS_FROM;
}

/** The version in which the real server can read what is stored of an object. */
export function storedVersion({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return ASSETS !== null && ASSETS.minor < 21 ? (BEFORE_1_21[kind] ?? apiVersion) : apiVersion;
}
