import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment, Kubeconfig } from './kubeconfig.ts';

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The kubeconfig that a pod has by being one: the API server from the environment, token and authority from
 * the mounted service account.
 *
 * @param root Prefix of the mount, empty but in tests.
 * @returns Undefined when this is no pod.
 */
export async function inClusterKubeconfig(env: Environment, root = ''): Promise<Kubeconfig | undefined> {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  const folder = join(root, FOLDER);
  const tokenFile = join(folder, 'token');
  if (host === undefined || host === '' || port === undefined || port === '') return undefined;
  try {
    await access(tokenFile);
  } catch {
    return undefined;
  }
  const namespace =
    env['POD_NAMESPACE'] ?? (await readFile(join(folder, 'namespace'), 'utf8').catch(() => '')).trim();
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    files: [],
    currentContext: 'in-cluster',
    clusters: new Map([['in-cluster', { server, 'certificate-authority': join(folder, 'ca.crt') }]]),
    users: new Map([['in-cluster', { tokenFile }]]),
    contexts: new Map([
      [
        'in-cluster',
        { cluster: 'in-cluster', user: 'in-cluster', ...(namespace === '' ? {} : { namespace }) },
      ],
    ]),
  };
}
