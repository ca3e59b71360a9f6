import { readFile, stat } from 'node:fs/promises';
import { WiDoctorError } from '../errors.ts';
import type { FactSet } from '../collected-facts.ts';
import type { KubernetesClient } from '../kubernetes/answers.ts';
import type { DumpReader } from '../kubernetes/dumps.ts';

/** Where the evidence of a run comes from: a cluster, dumps that are asked like one, or a finished bundle. */
export type Evidence =
  | {
      readonly kind: 'cluster';
      readonly client: KubernetesClient;
      readonly context: string | null;
      readonly namespace: string;
    }
  | {
      readonly kind: 'dumps';
      readonly client: DumpReader;
      readonly namespace: string;
      /** False when they are one file. */
      readonly inFolder: boolean;
    }
  | { readonly kind: 'bundle'; readonly set: FactSet };

const MOST_BUNDLE_BYTES = 64 * 1024 * 1024;

/** A bundle of ours, if the file is one; undefined for anything else. */
async function bundleIn(path: string): Promise<FactSet | undefined> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new WiDoctorError('INPUT', `There is nothing to read at ${path}.`, {
      cause,
      hint: 'Give --bundle a bundle, or a file or folder of: kubectl get pods,serviceaccounts -n NAMESPACE -o yaml',
    });
  });
  if (!info.isFile() || !path.endsWith('.json') || info.size > MOST_BUNDLE_BYTES) return undefined;
  const text = await readFile(path, 'utf8');
  if (!text.includes('wi-doctor.bundle/')) return undefined;
  const { isBundle, readBundle } = await import('../bundle.ts');
  try {
    const document: unknown = JSON.parse(text);
    return isBundle(document) ? readBundle(document) : undefined;
  } catch (cause) {
    if (cause instanceof WiDoctorError) throw cause;
    throw new WiDoctorError('BUNDLE', `${path} is not whole: it is no JSON document.`, {
      cause,
      hint: 'Collect it again.',
    });
  }
}

/** Opens `--bundle PATH`: a bundle, or dumps of `kubectl get`. Nothing is asked of any network. */
export async function openBundle(path: string, namespace: string | undefined): Promise<Evidence> {
  const set = await bundleIn(path);
  if (set) return { kind: 'bundle', set };
  const { readDumps } = await import('../kubernetes/dumps.ts');
  const client = await readDumps(path);
  const inFolder = (await stat(path)).isDirectory();
  return { kind: 'dumps', client, namespace: namespace ?? 'default', inFolder };
}
