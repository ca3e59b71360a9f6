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

/** Kinds that wi-doctor reads and that came late, and the minor version from which they are served as v1. */
const SERVED_FROM: Readonly<Record<string, number>> = { CronJob: 21, EndpointSlice: 21 };

/** From this version on a container that starts before the others may go on beside them. */
const SIDECARS_FROM = 28;

/** Whether the real server keeps what says so of a container. */
export function knowsSidecars(): boolean {
  return ASSETS === null || ASSETS.minor >= SIDECARS_FROM;
}

/** Whether the real server serves a kind as wi-doctor asks for it; true as well when there is none. */
export function isServed(kind: string): boolean {
  return ASSETS === null || ASSETS.minor >= (SERVED_FROM[kind] ?? 0);
}
